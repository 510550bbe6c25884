"""Letters to holders, in their language: to confirm their name; a certificate was issued, replaced, revoked."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from training.certificates.models import Certificate
from training.certificates.office import Office
from training.certificates.rules import Claims
from training.languages import Language
from training.mail.actions import Draft, post
from training.mail.wording import Body, compose, whom_to_reach
from training.people import queries
from training.people.models import Person
from training.web.words import Speech

Reason = Callable[[Speech], str]

KINDS = frozenset({"certificate-name", "certificate-issued", "certificate-replaced", "certificate-revoked"})
"""Letters that only those get who have completed the course: whoever sees that one was sent knows it."""


def tell_issued(session: Session, certificate: Certificate, office: Office, *, now: datetime) -> None:
    """Put the letter into the outbox that tells a holder of their certificate."""
    _tell(session, certificate, office, issued, now=now)


def tell_replaced(session: Session, certificate: Certificate, office: Office, *, now: datetime) -> None:
    """Put the letter into the outbox that tells a holder that `certificate` has taken the place of an older one."""
    _tell(session, certificate, office, replaced, now=now)


def tell_revoked(
    session: Session, certificate: Certificate, office: Office, *, reason: Reason, contact: str, now: datetime
) -> None:
    """Put the letter into the outbox that tells a holder that their certificate does not hold any more, and why."""

    def worded(speech: Speech, *, name: str, number: str, address: str) -> Draft:
        return revoked(speech, name=name, number=number, reason=reason(speech), contact=contact, address=address)

    _tell(session, certificate, office, worded, now=now)


def ask_for_name(session: Session, person_id: UUID, office: Office, *, now: datetime) -> bool:
    """Put the letter into the outbox that asks somebody to confirm their name, once a week; say whether it is new."""
    person = queries.person(session, person_id)
    speech = _speech(person)
    draft = confirm_name(
        speech, name=person.name, address=_address(office, speech.language, "/account/certificates/name")
    )
    week = "{}-{}".format(*now.isocalendar()[:2])
    return _post(session, person_id, draft, f"certificate-name:{person_id}:{week}", now)


def confirm_name(speech: Speech, *, name: str, address: str) -> Draft:
    """Return the letter that asks how a name is to stand on the certificate."""
    return compose(
        "certificate-name",
        name,
        Body(
            subject=speech.gettext("How should your name appear on your certificate?"),
            paragraphs=[
                speech.gettext(
                    "You have completed the course. Before your certificate is issued, please confirm your name."
                ),
                speech.gettext("It will appear there exactly as you write it, with all its accents."),
            ],
            label=speech.gettext("Confirm my name"),
            address=address,
        ),
        speech,
    )


def issued(speech: Speech, *, name: str, number: str, address: str) -> Draft:
    """Return the letter that a certificate was issued."""
    return compose(
        "certificate-issued",
        name,
        Body(
            subject=speech.gettext("Your certificate is ready"),
            paragraphs=[
                speech.gettext(
                    "Your certificate %(number)s has been issued. You will find it, in five languages, on the page of "
                    "your certificates.",
                    number=number,
                )
            ],
            label=speech.gettext("My certificates"),
            address=address,
            after=[speech.gettext("Keep the PDF: it can be checked even when this platform no longer exists.")],
        ),
        speech,
    )


def replaced(speech: Speech, *, name: str, number: str, address: str) -> Draft:
    """Return the letter that a certificate has taken the place of an older one."""
    return compose(
        "certificate-replaced",
        name,
        Body(
            subject=speech.gettext("Your certificate has been replaced"),
            paragraphs=[
                speech.gettext("Your new certificate has the number %(number)s.", number=number),
                speech.gettext(
                    "Anyone who checks the former one sees that it was replaced. Please use the new one from now on."
                ),
            ],
            label=speech.gettext("My certificates"),
            address=address,
        ),
        speech,
    )


def revoked(speech: Speech, *, name: str, number: str, reason: str, contact: str, address: str) -> Draft:
    """Return the letter that a certificate does not hold any more."""
    return compose(
        "certificate-revoked",
        name,
        Body(
            subject=speech.gettext("Your certificate has been revoked"),
            paragraphs=[
                speech.gettext("Your certificate %(number)s is no longer valid.", number=number),
                speech.gettext("Reason: %(reason)s.", reason=reason),
                speech.gettext("If you think that this is a mistake, tell the administrator of your city or region."),
                *whom_to_reach(contact, speech),
            ],
            label=speech.gettext("My certificates"),
            address=address,
        ),
        speech,
    )


class _Letter(Protocol):
    def __call__(self, speech: Speech, *, name: str, number: str, address: str) -> Draft: ...


def _tell(session: Session, certificate: Certificate, office: Office, letter: _Letter, *, now: datetime) -> None:
    if certificate.person_id is None:
        return
    person = queries.person(session, certificate.person_id)
    speech = _speech(person)
    address = _address(office, speech.language, "/account/certificates")
    number = Claims.model_validate(certificate.claims).number
    draft = letter(speech, name=person.name, number=number, address=address)
    _post(session, certificate.person_id, draft, f"{draft.kind}:{certificate.id}", now)


def _post(session: Session, person_id: UUID, draft: Draft, occurrence: str, now: datetime) -> bool:
    address = queries.account(session, person_id).email
    return post(session, draft, address=address, person_id=person_id, occurrence=occurrence, now=now)


def _speech(person: Person) -> Speech:
    return Speech(Language(person.language), ZoneInfo(person.time_zone))


def _address(office: Office, language: Language, path: str) -> str:
    return f"{office.public_url}/{language.value}{path}"
