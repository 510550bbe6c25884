"""Adding to the audit: in the transaction of the act itself, so that neither exists without the other."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.audit import rules
from training.audit.models import INSTALLATION, AuditChain, AuditEntry
from training.db import insert_once


class Event(StrEnum):
    """What is recorded. The set is closed: the administrator's page words each one in five languages."""

    ACCOUNT_MADE = "account-made"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_OPENED = "account-opened"
    WELCOME_LINK_MADE = "welcome-link-made"
    ROLE_GRANTED = "role-granted"
    ROLE_WITHDRAWN = "role-withdrawn"
    AUTHORITY_CHANGED = "authority-changed"
    PERSON_MOVED = "person-moved"
    GROUP_MADE = "group-made"
    GROUP_CHANGED = "group-changed"
    GROUP_TABLE_EXPORTED = "group-table-exported"
    CERTIFICATE_ISSUED = "certificate-issued"
    CERTIFICATE_REVOKED = "certificate-revoked"


def record(
    session: Session,
    event: Event,
    *,
    actor_id: UUID | None,
    subject: str,
    now: datetime,
    authority_id: UUID | None = None,
    **facts: str | int | bool | None,
) -> AuditEntry:
    """Add one entry to the chain of `authority_id` (of the installation without one) and return it."""
    chain = authority_id or INSTALLATION
    insert_once(session, AuditChain, [{"chain": chain, "last_number": 0, "last_digest": rules.BEGINNING}])
    head = session.scalars(
        select(AuditChain).where(AuditChain.chain == chain).with_for_update().execution_options(populate_existing=True)
    ).one()
    sealed: dict[str, Any] = {
        "chain": chain,
        "number": head.last_number + 1,
        "at": now,
        "event": event.value,
        "actor_id": actor_id,
        "subject": subject,
        "facts": dict(facts),
        "previous": head.last_digest,
    }
    entry = AuditEntry(**sealed, digest=rules.digest(**sealed))
    head.last_number, head.last_digest = entry.number, entry.digest
    session.add(entry)
    session.flush()
    return entry
