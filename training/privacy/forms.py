"""That it is really the person who erases their account."""

from wtforms import BooleanField, PasswordField

from training.web.forms import Form, needed
from training.web.words import lazy


class EraseForm(Form):
    """An erasure cannot be undone: it asks for the password and for a tick."""

    present = PasswordField(lazy("Present password"), [needed()], render_kw={"autocomplete": "current-password"})
    sure = BooleanField(
        lazy("I have read what is deleted and what stays"), [needed(lazy("Please tick this if you are sure."))]
    )
