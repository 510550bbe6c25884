"""Forms about certificates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, FileField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from training.certificates import documents, rules
from training.certificates.accessors import name_fault_words, reason_word, unprintable_words
from training.certificates.models import Issuer
from training.certificates.rules import RevocationReason
from training.languages import OWN_NAMES, Language
from training.web.forms import Choice, Day, Form, at_most, needed
from training.web.words import _, lazy, speech

LARGEST_LOGO = 300_000  # bytes
KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


class NameForm(Form):
    """How a holder wants their name on their certificates."""

    name = StringField(lazy("My name, exactly as it is to stand on my certificate"), [needed()])
    exact = BooleanField(lazy("I have read it letter by letter: it is right"))

    def validate_name(self, field: StringField) -> None:
        field.data = (field.data or "").strip()
        fault = rules.name_fault(field.data)
        if fault is not None:
            raise ValidationError(name_fault_words(fault, speech()))
        if not documents.is_printable(field.data):
            raise ValidationError(unprintable_words(speech()))

    def validate_exact(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_("Please confirm that the name is right."))


class RevokeForm(Form):
    """Why a certificate is revoked."""

    reason = Choice(lazy("Reason that the public is told"))

    def offer(self) -> None:
        self.reason.choices = [(reason.value, reason_word(reason, speech())) for reason in RevocationReason]


class RefresherForm(Form):
    """When somebody went through the course again."""

    refreshed_on = Day(lazy("Gone through again on"), [needed()])
    latest: date

    def validate_refreshed_on(self, field: Day) -> None:
        if field.data and field.data > self.latest:
            raise ValidationError(_("Please write a day that is not in the future."))


class DocumentForm(Form):
    """A document to be checked."""

    document = FileField(lazy("The certificate as a PDF"))

    def validate_document(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Please choose a file."))


class ProofForm(Form):
    """The link of a QR code, pasted."""

    proof = TextAreaField(
        lazy("The whole link that the QR code shows"),
        [needed(), at_most(8000)],
        render_kw={"rows": 4, "spellcheck": "false", "autocomplete": "off"},
    )


class TokenForm(Form):
    """A token for another system."""

    label = StringField(lazy("What the token is for"), [needed(), at_most(80)])
    authority = Choice(lazy("City or region whose register it reads"))


class IssuerForm(Form):
    """In whose name certificates are issued, and who signs them."""

    name = StringField(lazy("Issuer, as it stands on the certificate"), [needed(), at_most(120)])
    name1 = StringField(lazy("First signatory: name"), [needed(), at_most(100)])
    name2 = StringField(lazy("Second signatory: name"), [at_most(100)])
    logo = FileField(
        lazy("Logo"),
        [Optional()],
        description=lazy("SVG, PNG or JPEG of 300 kB at most. It is put on new certificates only."),
    )
    no_logo = BooleanField(lazy("Use no logo"))
    picture: tuple[str, bytes] | None = None

    def validate_logo(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            return
        data = field.data.read(LARGEST_LOGO + 1)
        kind = next((kind for beginning, kind in KINDS.items() if data.startswith(beginning)), "svg")
        if len(data) > LARGEST_LOGO or not documents.is_usable(documents.Picture(kind=kind, data=data)):
            raise ValidationError(_("This picture cannot be used. Please take an SVG, PNG or JPEG of 300 kB at most."))
        self.picture = (kind, data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the form is complete: each signatory has a function in one language at least."""
        valid = bool(super().validate(extra_validators))
        for number, name in ((1, self.name1.data), (2, self.name2.data)):
            if name and not self.texts(f"function{number}"):
                self.blame(f"function{number}_en", _("Please say as what this person signs, in one language at least."))
                valid = False
        return valid

    def texts(self, what: str) -> Mapping[str, str]:
        """Return what was written for `what`, by language."""
        fields = ((language, self[f"{what}_{language.value}"].data or "") for language in Language)
        return {language.value: text.strip() for language, text in fields if text.strip()}

    def signatories(self) -> Sequence[Mapping[str, object]]:
        """Return one or two of name and function."""
        named = ((1, self.name1.data), (2, self.name2.data))
        return [{"name": name, "function": dict(self.texts(f"function{number}"))} for number, name in named if name]


def _in_each_language() -> None:
    """Give the form a field for each language of a function and of the funding statement."""
    for language in Language:
        own = OWN_NAMES[language]
        for number, label in ((1, lazy("First signatory: function")), (2, lazy("Second signatory: function"))):
            field = StringField(label, [at_most(120)], description=own, render_kw={"lang": language.value})
            setattr(IssuerForm, f"function{number}_{language.value}", field)
        funding = TextAreaField(
            lazy("Funding statement"), [at_most(600)], description=own, render_kw={"rows": 2, "lang": language.value}
        )
        setattr(IssuerForm, f"funding_{language.value}", funding)


_in_each_language()


def filled_from(issuer: Issuer | None, default_name: str) -> Mapping[str, str]:
    """Return the values of an issuer for its form."""
    if issuer is None:
        return {"name": default_name}
    values = {"name": issuer.name}
    for number, one in enumerate(issuer.signatories, 1):
        values[f"name{number}"] = one["name"]
        values |= {f"function{number}_{language}": text for language, text in one["function"].items()}
    return values | {f"funding_{language}": text for language, text in issuer.funding.items()}
