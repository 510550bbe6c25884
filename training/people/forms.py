"""Forms about people: the shape of what is typed, and its errors in the reader's words."""

from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from wtforms import BooleanField, EmailField, Field, PasswordField, SearchField, StringField, URLField
from wtforms.validators import NumberRange, Optional, Regexp, ValidationError

from training.access import Role
from training.languages import OWN_NAMES, Language, sort_key
from training.people import passwords, rules
from training.people.labels import field_of_work_label, role_label
from training.people.models import LONGEST_NAME, LocalAuthority
from training.people.rules import FieldOfWork
from training.web.forms import Choice, Form, WholeNumber, at_most, needed
from training.web.words import _, country_name, language, lazy

OFFERED_ZONES = sorted(zone for zone in available_timezones() if zone.startswith(("Europe/", "Atlantic/", "UTC")))
COUNTRIES = (
    "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MD MK MT NL NO PL PT RO RS SE SI SK UA"
)
"""Where local authorities may lie (ISO 3166-1 alpha-2)."""


def complete_email(_form: Form, field: EmailField) -> None:
    """Refuse what is no complete e-mail address, and keep the normal form of what is."""
    try:
        field.data = validate_email(field.data or "", check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValidationError(_("Please write a complete e-mail address, such as name@example.org.")) from error


def complete_name(_form: Form, field: StringField) -> None:
    """Refuse what cannot stand on a certificate: nothing, or characters that are no letters at all."""
    if not (field.data or "").strip() or any(ord(character) < 32 for character in field.data):
        raise ValidationError(_("Please write your name as it should stand on a certificate."))


def good_password(form: Form, field: PasswordField) -> None:
    """Refuse a password that is too short, too long, or among those that are tried first."""
    password = field.data or ""
    if not passwords.is_long_enough(password):
        raise ValidationError(
            _(
                "Please choose a password of %(shortest)d to %(longest)d characters.",
                shortest=rules.SHORTEST_PASSWORD,
                longest=rules.LONGEST_PASSWORD,
            )
        )
    known = [str(form[name].data or "") for name in ("name", "email") if name in form]
    if passwords.is_easily_guessed(password, known=[*known, *getattr(form, "known", [])]):
        raise ValidationError(_("This password is among those that are tried first. Please choose a less common one."))


def strip(value: str | None) -> str | None:
    """Return a text without the blanks around it, which nobody typed on purpose."""
    return value.strip() if value else value


class SignInForm(Form):
    """Who somebody is, and whether the device is their own."""

    email = EmailField(lazy("E-mail address"), [needed()], filters=[strip], render_kw={"autocomplete": "username"})
    password = PasswordField(lazy("Password"), [needed()], render_kw={"autocomplete": "current-password"})
    own_device = BooleanField(lazy("This is my own device: keep me signed in for 30 days"))


class _ProfileFields:
    """What a person says of themselves."""

    name = StringField(
        lazy("First and last name"),
        [needed(), at_most(LONGEST_NAME), complete_name],
        filters=[strip],
        render_kw={"autocomplete": "name"},
        description=lazy("Exactly as it should stand on your certificate."),
    )
    field_of_work = Choice(
        lazy("Field of work"), [needed()], description=lazy("Situations from your field of work come first.")
    )
    employer = StringField(
        lazy("Employer"), [at_most(200)], filters=[strip], render_kw={"autocomplete": "organization"}, default=""
    )
    time_zone = Choice(lazy("Time zone"), [needed()], default="Europe/Brussels")

    def offer(self) -> None:
        """Fill the lists in the reader's language."""
        self.field_of_work.choices = field_of_work_choices()
        self.time_zone.choices = [(zone, zone.replace("_", " ")) for zone in OFFERED_ZONES]


REGISTER_ASKS = ("name", "email", "password", "field_of_work", "authority", "employer", "time_zone")


class RegisterForm(_ProfileFields, Form):
    """A new account."""

    email = EmailField(
        lazy("E-mail address"),
        [needed(), at_most(254), complete_email],
        filters=[strip],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        lazy("Password"),
        [needed(), good_password],
        render_kw={"autocomplete": "new-password"},
        description=lazy("At least 8 characters. A few words in a row are easy to remember and hard to guess."),
    )
    authority = Choice(lazy("City or region"))

    def faults(self) -> list[tuple[Field, str]]:
        """Return the faults as the page asks: who one is and how one enters, then what one does."""
        return sorted(super().faults(), key=lambda fault: REGISTER_ASKS.index(fault[0].name))

    def offer_authorities(self, authorities: list[LocalAuthority]) -> None:
        """Offer the local authorities, sorted as the reader's language sorts."""
        self.offer()
        self.authority.choices = authority_choices(authorities)


class ProfileForm(_ProfileFields, Form):
    """Changes to what a person says of themselves."""

    language = Choice(lazy("Language"), [needed()])

    def offer(self) -> None:
        super().offer()
        self.language.choices = [(code.value, OWN_NAMES[code]) for code in Language]


class NewPasswordForm(Form):
    """A first password, by a welcome link."""

    password = PasswordField(
        lazy("New password"),
        [needed(), good_password],
        render_kw={"autocomplete": "new-password"},
        description=lazy("At least 8 characters. A few words in a row are easy to remember and hard to guess."),
    )
    known: list[str] = []  # noqa: RUF012  set per form by the page


class PresentPasswordForm(Form):
    """That it is really the person who asks for something that cannot be undone."""

    present = PasswordField(lazy("Present password"), [needed()], render_kw={"autocomplete": "current-password"})


class ChangePasswordForm(PresentPasswordForm, NewPasswordForm):
    """Another password, by who knows the present one."""


class EmailForm(Form):
    """An e-mail address to write to."""

    email = EmailField(
        lazy("E-mail address"),
        [needed(), at_most(254), complete_email],
        filters=[strip],
        render_kw={"autocomplete": "username"},
    )


class ChangeEmailForm(PresentPasswordForm):
    """Another e-mail address, by who knows the present password."""

    email = EmailField(
        lazy("New e-mail address"),
        [needed(), at_most(254), complete_email],
        filters=[strip],
        render_kw={"autocomplete": "email"},
    )


class CodeForm(Form):
    """A code of an authenticator, or a recovery code."""

    code = StringField(
        lazy("Code"),
        [needed(), at_most(20)],
        filters=[strip],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"},
    )


class PeopleSearchForm(Form):
    """Looking for a person."""

    class Meta:
        csrf = False

    q = SearchField(lazy("Name or e-mail address"), filters=[strip], default="")


class NewPersonForm(Form):
    """A person whom an administrator gives an account."""

    name = StringField(lazy("First and last name"), [needed(), at_most(LONGEST_NAME), complete_name], filters=[strip])
    email = EmailField(lazy("E-mail address"), [needed(), at_most(254), complete_email], filters=[strip])
    language = Choice(lazy("Language"), [needed()])
    field_of_work = Choice(lazy("Field of work"))
    authority = Choice(lazy("City or region"))

    def offer(self, authorities: list[LocalAuthority]) -> None:
        self.language.choices = [(code.value, OWN_NAMES[code]) for code in Language]
        self.field_of_work.choices = [(field.value, field_of_work_label(field)) for field in FieldOfWork]
        self.authority.choices = authority_choices(authorities)


class GrantForm(Form):
    """A role to give, and how far it reaches."""

    role = Choice(lazy("Role"))
    scope = Choice(lazy("Reaches"))

    def offer(self, scopes: list[tuple[str, str]]) -> None:
        self.role.choices = [(role.value, role_label(role)) for role in (Role.TRAINER, Role.ADMINISTRATOR)]
        self.scope.choices = scopes


class MoveForm(Form):
    """The local authority that a person belongs to."""

    authority = Choice(lazy("City or region"))


class AuthorityForm(Form):
    """A local authority, with its name in each language."""

    slug = StringField(
        lazy("Short name in addresses"),
        [
            needed(),
            at_most(80),
            Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=lazy("Small letters, digits and hyphens.")),
        ],
        filters=[strip],
    )
    name_en = StringField(lazy("Name in English"), [needed(), at_most(120)], filters=[strip])
    name_fr = StringField(lazy("Name in French"), [at_most(120)], filters=[strip])
    name_es = StringField(lazy("Name in Spanish"), [at_most(120)], filters=[strip])
    name_it = StringField(lazy("Name in Italian"), [at_most(120)], filters=[strip])
    name_de = StringField(lazy("Name in German"), [at_most(120)], filters=[strip])
    country = Choice(lazy("Country"), [needed()])
    population = WholeNumber(
        lazy("Population"), [Optional(), NumberRange(1, 100_000_000, lazy("Please write a whole number above 0."))]
    )
    population_year = WholeNumber(
        lazy("Year of that figure"), [Optional(), NumberRange(1900, 2100, lazy("Please write a year, such as 2026."))]
    )
    member_since = WholeNumber(
        lazy("Member of Efus since"), [Optional(), NumberRange(1987, 2100, lazy("Please write a year, such as 2026."))]
    )
    website = URLField(
        lazy("Website"),
        [
            Optional(),
            at_most(300),
            Regexp(r"^https?://", message=lazy("Please write an address that begins with https://.")),
        ],
        filters=[strip],
        default="",
    )

    def offer(self) -> None:
        names = {code: country_name(code) for code in COUNTRIES.split()}
        self.country.choices = sorted(names.items(), key=lambda pair: sort_key(pair[1], language()))


def field_of_work_choices() -> list[tuple[str, str]]:
    """Return the fields of work for a list, sorted as the reader's language sorts; "other" stands last."""
    fields = [(field.value, field_of_work_label(field)) for field in FieldOfWork if field is not FieldOfWork.OTHER]
    fields.sort(key=lambda pair: sort_key(pair[1], language()))
    other = (FieldOfWork.OTHER.value, field_of_work_label(FieldOfWork.OTHER))
    return [("", _("Please choose")), *fields, other]


def authority_choices(authorities: list[LocalAuthority]) -> list[tuple[str, str]]:
    """Return the authorities for a list, the empty choice first."""
    named = [(str(authority.id), authority_name(authority.names, language())) for authority in authorities]
    return [("", _("None of these")), *sorted(named, key=lambda pair: sort_key(pair[1], language()))]


def authority_name(names: dict[str, Any], reader: Language) -> str:
    """Return the name of an authority in a language, or its English name where it has none of its own."""
    return str(names.get(reader.value) or names[Language.EN.value])
