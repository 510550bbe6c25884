"""A form with one field of each kind, for the living page of components."""

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    PasswordField,
    RadioField,
    StringField,
    TextAreaField,
)

from training.languages import OWN_NAMES, Language
from training.web.forms import Choice, Form, Several, needed


class SpecimenForm(Form):
    """Shown, never sent. Its words are specimens, like all of that page."""

    name = StringField("First and last name", [needed()], description="Exactly as it should stand on your certificate.")
    email = EmailField("E-mail address", [needed()])
    password = PasswordField("Password", [needed()])
    city = Choice("City or region")
    starts_on = DateField("Starts on")
    languages = Several("Languages of the group")
    mode = RadioField("What you will see of each member")
    note = TextAreaField("Note")
    file = FileField("List of people")
    own_device = BooleanField("This is my own device")

    def offer(self) -> None:
        """Fill the lists."""
        self.city.choices = [("", "Please choose"), ("liege", "Liège"), ("augsburg", "Augsburg")]
        self.languages.choices = [(code.value, OWN_NAMES[code]) for code in Language]
        self.mode.choices = [("milestones", "Milestones only"), ("individual", "Results")]

    def spoil(self) -> None:
        """Give each field an error, to show how it looks."""
        for field in self:
            if field.name != "csrf_token":
                field.errors = ["Please look at this again."]
