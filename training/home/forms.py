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

from training.web.forms import Choice, Form, Several, needed

CITIES = [("", "Please choose"), ("liege", "Liège"), ("augsburg", "Augsburg")]


class SpecimenForm(Form):
    """Shown, never sent. Its words are specimens, like all of that page."""

    name = StringField("First and last name", [needed()], description="Exactly as it should stand on your certificate.")
    email = EmailField("E-mail address", [needed()])
    password = PasswordField("Password", [needed()])
    city = Choice("City or region", choices=CITIES)
    starts_on = DateField("Starts on")
    languages = Several("Languages of the group", choices=[("en", "English"), ("fr", "Français"), ("de", "Deutsch")])
    mode = RadioField(
        "What you will see of each member", choices=[("milestones", "Milestones only"), ("individual", "Results")]
    )
    note = TextAreaField("Note")
    file = FileField("List of people")
    own_device = BooleanField("This is my own device")

    def spoil(self) -> None:
        """Give each field an error, to show how it looks."""
        for field in self:
            if field.name != "csrf_token":
                field.errors = ["Please look at this again."]
