"""What somebody says of a barrier."""

from email_validator import EmailNotValidError, validate_email
from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from training.web.forms import Form, at_most, needed
from training.web.words import _, lazy


class BarrierForm(Form):
    """Which page, what happens, and where to answer."""

    page = StringField(lazy("Address or name of the page"), [at_most(300)])
    barrier = TextAreaField(
        lazy("What is in your way?"),
        [needed(), at_most(4000)],
        description=lazy(
            "Please say also which device and which aids you use. "
            "No names, no cases: this is not a channel for reporting people."
        ),
    )
    email = EmailField(lazy("E-mail address for our answer"), [Optional(), at_most(254)])

    def validate_email(self, field: EmailField) -> None:
        try:
            field.data = validate_email(field.data, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValidationError(_("Please write a complete e-mail address, such as name@example.org.")) from error
