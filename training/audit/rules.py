"""How the entries of a chain hang together. Values in, values out."""

import hashlib
import json
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

BEGINNING = "0" * 64
"""What the first entry of a chain names as the one before it."""


REGISTER = "register"
"""The subject of what was done with a whole register of certificates: that of the chain."""


class Event(StrEnum):
    """What is recorded. The set is closed: the administrator's page words each one in five languages."""

    ACCOUNT_MADE = "account-made"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_OPENED = "account-opened"
    WELCOME_LINK_MADE = "welcome-link-made"
    ROLE_GRANTED = "role-granted"
    ROLE_WITHDRAWN = "role-withdrawn"
    AUTHORITY_CHANGED = "authority-changed"
    CONTACT_CARD_CHANGED = "contact-card-changed"
    CONTACT_CARD_REMOVED = "contact-card-removed"
    PERSON_MOVED = "person-moved"
    PERSON_ERASED = "person-erased"
    LETTER_SENT_AGAIN = "letter-sent-again"
    GROUP_MADE = "group-made"
    GROUP_CHANGED = "group-changed"
    GROUP_LOOKED_AT = "group-looked-at"
    GROUP_TABLE_EXPORTED = "group-table-exported"
    PEOPLE_INVITED = "people-invited"
    SESSION_PLANNED = "session-planned"
    SESSION_CHANGED = "session-changed"
    SESSION_CANCELLED = "session-cancelled"
    ATTENDANCE_NOTED = "attendance-noted"
    CERTIFICATE_ISSUED = "certificate-issued"
    CERTIFICATE_REVOKED = "certificate-revoked"
    CERTIFICATE_REPLACED = "certificate-replaced"
    CERTIFICATES_TAKEN_AWAY = "certificates-taken-away"
    REGISTER_EXPORTED = "register-exported"
    ELIGIBLE_LOOKED_AT = "eligible-looked-at"
    REGISTER_LOOKED_AT = "register-looked-at"
    CERTIFICATE_LOOKED_AT = "certificate-looked-at"
    EVIDENCE_TAKEN_AWAY = "evidence-taken-away"
    LETTERS_LOOKED_AT = "letters-looked-at"
    REGISTER_READ = "register-read"
    ISSUER_CHANGED = "issuer-changed"
    REGISTER_TOKEN_MADE = "register-token-made"  # noqa: S105  the name of an event
    REGISTER_TOKEN_REVOKED = "register-token-revoked"  # noqa: S105  the name of an event


OF_EACH = frozenset(
    {
        Event.ELIGIBLE_LOOKED_AT,
        Event.REGISTER_LOOKED_AT,
        Event.CERTIFICATE_LOOKED_AT,
        Event.EVIDENCE_TAKEN_AWAY,
        Event.LETTERS_LOOKED_AT,
    }
)
"""What is recorded once for each person whom a page shows; their identifier is the subject."""


def digest(
    *,
    chain: UUID,
    number: int,
    at: datetime,
    event: str,
    actor_id: UUID | None,
    subject: str,
    facts: dict[str, Any],
    previous: str,
) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of an entry and of the one before it."""
    sealed = [
        str(chain),
        number,
        at.isoformat(timespec="microseconds"),
        event,
        str(actor_id),
        subject,
        facts,
        previous,
    ]
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
