"""Forms about training groups."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from email_validator import EmailNotValidError, validate_email
from wtforms import BooleanField, EmailField, FileField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import AnyOf, NumberRange, Optional, Regexp, ValidationError

from training.cohorts.accessors import mode_explained, mode_label, session_kind
from training.cohorts.rules import LONGEST_SESSION, MOST_SESSIONS_ASKED, PrivacyMode, SessionKind, Terms, moment_of
from training.languages import OWN_NAMES, Language
from training.people.forms import complete_name, field_of_work_choices, good_password, strip
from training.web.forms import Choice, Clock, Day, Form, Several, WholeNumber, at_most, needed
from training.web.words import _, lazy, speech

OFFERED_ZONES = sorted(zone for zone in available_timezones() if zone.startswith(("Europe/", "Atlantic/", "UTC")))
FIELD_OF_CHAPTER = "due_"


def one_line(text: str | None) -> str | None:
    """Return a text in one line: it becomes the subject of a letter, or a greeting."""
    return " ".join(line.strip() for line in text.splitlines()).strip() if text else text


def zone_choices() -> list[tuple[str, str]]:
    """Return the time zones that a group or a session may have."""
    return [(zone, zone.replace("_", " ")) for zone in OFFERED_ZONES]


class _Mode(RadioField):  # type: ignore[misc]  # wtforms is untyped
    """One of the privacy modes, each with what it means."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in {mode.value for mode in PrivacyMode}:
            raise ValidationError(_("Please choose one of the list."))


class GroupForm(Form):
    """What a trainer says of a group. A field `due_<chapter>` is added for each chapter by `group_form`."""

    name = StringField(lazy("Name of the group"), [needed(), at_most(120)], filters=[one_line])
    languages = Several(lazy("Languages of the group"))
    time_zone = Choice(lazy("Time zone"), [needed()], default="Europe/Brussels")
    starts_on = Day(lazy("Starts on"), [needed()])
    move_dates = BooleanField(lazy("Move the chapters’ dates by as many days as the start"))
    sessions_asked = WholeNumber(
        lazy("Number of sessions that a member has to attend to complete the course"),
        [needed(), NumberRange(0, MOST_SESSIONS_ASKED, lazy("Please write a number from %(min)s to %(max)s."))],
        default=0,
    )
    privacy_mode = _Mode(lazy("What you will see of each member"), default=PrivacyMode.MILESTONES.value)

    def offer(self) -> None:
        """Fill the lists in the reader's language."""
        self.languages.choices = [(code.value, OWN_NAMES[code]) for code in Language]
        self.time_zone.choices = zone_choices()
        self.privacy_mode.choices = [
            (mode.value, f"{mode_label(mode)} – {mode_explained(mode)}")
            for mode in (PrivacyMode.MILESTONES, PrivacyMode.AGGREGATE, PrivacyMode.INDIVIDUAL)
        ]

    def validate_languages(self, field: Several) -> None:
        if not field.data:
            raise ValidationError(_("Please choose at least one language."))

    def due_dates(self) -> dict[str, date]:
        """Return the due dates by chapter."""
        return {
            field.name.removeprefix(FIELD_OF_CHAPTER): field.data
            for field in self
            if field.name.startswith(FIELD_OF_CHAPTER) and field.data
        }

    def due_fields(self) -> list[Day]:
        """Return the fields of the due dates, in the order of the chapters."""
        return [field for field in self if field.name.startswith(FIELD_OF_CHAPTER)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that no chapter is due before the group starts."""
        valid = bool(super().validate(extra_validators))
        for field in self.due_fields() if not self.move_dates.data else ():  # else they follow the start
            if field.data and self.starts_on.data and field.data < self.starts_on.data:
                self.blame(field.name, _("This day is before the group starts."))
                valid = False
        return valid


def group_form(chapters: dict[str, str], **values: Any) -> GroupForm:
    """Return the form of a group with a due date for each chapter (slug and title)."""
    fields = {
        FIELD_OF_CHAPTER + slug: Day(_("“%(title)s” is due on", title=title), [Optional()])
        for slug, title in chapters.items()
    }
    form: GroupForm = type("GroupFormOfCourse", (GroupForm,), fields)(**values)
    form.offer()
    return form


class SessionForm(Form):
    """What a trainer says of a session: its day and time are those of its place."""

    title = StringField(lazy("Title of the session"), [needed(), at_most(120)], filters=[one_line])
    kind = Choice(lazy("How you meet"), [needed()], default=SessionKind.FACE_TO_FACE.value)
    place = StringField(
        lazy("Place, or link to the online room"),
        [at_most(300)],
        filters=[one_line],
        default="",
        description=lazy("Members of the group see it, nobody else."),
    )
    day = Day(lazy("Day"), [needed()])
    begins_at = Clock(lazy("Begins at"), [needed()])
    minutes = WholeNumber(
        lazy("Length in minutes"),
        [
            needed(),
            NumberRange(1, LONGEST_SESSION, lazy("Please write a number from %(min)s to %(max)s.")),
        ],
        default=120,
    )
    time_zone = Choice(lazy("Time zone of the place"), [needed()])

    def offer(self) -> None:
        """Fill the lists in the reader's language."""
        self.kind.choices = [(kind.value, session_kind(kind, speech())) for kind in SessionKind]
        self.time_zone.choices = zone_choices()

    def starts_at(self) -> datetime | None:
        """Return the moment (UTC) at which the session begins, once the form is valid."""
        return moment_of(self.day.data, self.begins_at.data, ZoneInfo(self.time_zone.data))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that the clocks do not skip the time on that day."""
        if not super().validate(extra_validators):
            return False
        if self.starts_at() is None:
            self.blame("begins_at", _("The clocks skip this time on that day. Please write another."))
            return False
        return True


class AttendanceForm(Form):
    """Who attended a session. `seen` is when it was last noted, as the page showed it."""

    attended = Several(lazy("Who attended"))
    seen = HiddenField()


class JoinForm(Form):
    """That a person joins a group, having read its terms."""

    mode = HiddenField(validators=[AnyOf([mode.value for mode in PrivacyMode])])
    sessions = HiddenField(validators=[Regexp(r"[0-9]{1,3}\Z")])

    @classmethod
    def of(cls, terms: Terms) -> "JoinForm":
        """Return the form that says what was shown."""
        return cls(None, mode=terms.mode.value, sessions=str(terms.sessions_asked))

    def terms(self) -> Terms:
        """Return what the person was shown, once the form is valid."""
        return Terms(PrivacyMode(self.mode.data), int(self.sessions.data))


def complete_address(typed: str) -> str:
    """Return an e-mail address in its usual form, or nothing if it is not complete."""
    try:
        return str(validate_email(typed, check_deliverability=False).normalized)
    except EmailNotValidError:
        return ""


class InviteForm(Form):
    """Somebody to invite by letter."""

    email = EmailField(lazy("E-mail address"), [needed(), at_most(254)])
    name = StringField(lazy("First and last name"), [at_most(200)], filters=[one_line], default="")
    language = Choice(lazy("Language of the letter"), [needed()])

    def offer(self) -> None:
        self.language.choices = [(code.value, OWN_NAMES[code]) for code in Language]

    def validate_email(self, field: EmailField) -> None:
        field.data = complete_address(field.data or "")
        if not field.data:
            raise ValidationError(_("Please write a complete e-mail address, such as name@example.org."))


class ListForm(Form):
    """A list of people as a file."""

    file = FileField(
        lazy("List as CSV or XLSX"),
        description=lazy(
            "A row for each person, with a heading: e-mail, and if you like name and language. Columns in any order."
        ),
    )

    def validate_file(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Please choose a file."))


class NewMemberForm(Form):
    """What an invited newcomer writes: the letter has proved the address."""

    name = StringField(
        lazy("First and last name"),
        [needed(), at_most(200), complete_name],
        filters=[strip],
        render_kw={"autocomplete": "name"},
        description=lazy("Exactly as it should stand on your certificate."),
    )
    field_of_work = Choice(lazy("Field of work"), [needed()])
    password = PasswordField(
        lazy("Password"),
        [needed(), good_password],
        render_kw={"autocomplete": "new-password"},
        description=lazy("At least 8 characters. A few words in a row are easy to remember and hard to guess."),
    )
    known: list[str] = []  # noqa: RUF012  set per form by the page

    def offer(self) -> None:
        self.field_of_work.choices = field_of_work_choices()


class CodeForm(Form):
    """A group's code, as it was read from a board."""

    class Meta:
        csrf = False

    code = StringField(
        lazy("Code of the group"),
        [needed(), at_most(20)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
