"""Adding to the audit: in the transaction of the act itself, so that neither exists without the other."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.audit import rules
from training.audit.models import INSTALLATION, AuditChain, AuditEntry
from training.audit.rules import Event
from training.db import insert_once


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
