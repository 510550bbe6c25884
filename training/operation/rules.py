"""What an entry of the audit speaks of. Values in, values out."""

from collections.abc import Mapping
from enum import StrEnum

from training.audit.rules import OF_EACH, Event


class Concerned(StrEnum):
    """Of what kind the subject of an entry is."""

    PERSON = "person"
    PEOPLE = "people"
    """Those whom a page showed: how many, never who. Their names would say who has completed the course."""
    GROUP = "group"
    AUTHORITY = "authority"
    CERTIFICATE = "certificate"
    CERTIFICATES = "certificates"
    TOKEN = "token"  # noqa: S105  the name of a kind
    LETTER = "letter"


CONCERNED: Mapping[Event, Concerned] = {
    Event.ACCOUNT_MADE: Concerned.PERSON,
    Event.ACCOUNT_CLOSED: Concerned.PERSON,
    Event.ACCOUNT_OPENED: Concerned.PERSON,
    Event.WELCOME_LINK_MADE: Concerned.PERSON,
    Event.ROLE_GRANTED: Concerned.PERSON,
    Event.ROLE_WITHDRAWN: Concerned.PERSON,
    Event.PERSON_MOVED: Concerned.PERSON,
    Event.PERSON_ERASED: Concerned.PERSON,
    Event.AUTHORITY_CHANGED: Concerned.AUTHORITY,
    Event.CONTACT_CARD_CHANGED: Concerned.AUTHORITY,
    Event.CONTACT_CARD_REMOVED: Concerned.AUTHORITY,
    Event.ISSUER_CHANGED: Concerned.AUTHORITY,
    Event.REGISTER_READ: Concerned.AUTHORITY,
    Event.GROUP_MADE: Concerned.GROUP,
    Event.GROUP_CHANGED: Concerned.GROUP,
    Event.GROUP_LOOKED_AT: Concerned.GROUP,
    Event.GROUP_TABLE_EXPORTED: Concerned.GROUP,
    Event.PEOPLE_INVITED: Concerned.GROUP,
    Event.SESSION_PLANNED: Concerned.GROUP,
    Event.SESSION_CHANGED: Concerned.GROUP,
    Event.SESSION_CANCELLED: Concerned.GROUP,
    Event.ATTENDANCE_NOTED: Concerned.GROUP,
    Event.CERTIFICATE_ISSUED: Concerned.CERTIFICATE,
    Event.CERTIFICATE_REVOKED: Concerned.CERTIFICATE,
    Event.CERTIFICATE_REPLACED: Concerned.CERTIFICATE,
    Event.CERTIFICATES_TAKEN_AWAY: Concerned.CERTIFICATES,
    Event.REGISTER_EXPORTED: Concerned.CERTIFICATES,
    Event.REGISTER_TOKEN_MADE: Concerned.TOKEN,
    Event.REGISTER_TOKEN_REVOKED: Concerned.TOKEN,
    Event.LETTER_SENT_AGAIN: Concerned.LETTER,
    **dict.fromkeys(OF_EACH, Concerned.PEOPLE),
}
