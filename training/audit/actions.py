"""Adding to the audit: in the transaction of the act itself, so that neither exists without the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.audit import rules
from training.audit.models import INSTALLATION, AuditChain, AuditEntry
from training.audit.queries import acted_since
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
    act = Act(event=event, actor_id=actor_id, now=now, authority_id=authority_id, facts=facts)
    (entry,) = _append(session, _locked_head(session, authority_id), act, [subject])
    return entry


@dataclass(frozen=True, kw_only=True)
class Act:
    """What was done, by whom and when, and in whose chain it stands, whatever it concerned."""

    event: Event
    actor_id: UUID | None
    now: datetime
    authority_id: UUID | None = None
    facts: Mapping[str, str | int | bool | None] = field(default_factory=dict)


def record_once(
    session: Session, act: Act, subjects: Sequence[str], *, since: datetime, alike: Sequence[str] = ()
) -> None:
    """Add an entry for each subject on which none of this act was added since a moment; facts that are `alike` count.

    Whoever acts twice at once is recorded once: the chain is held while it is looked at. Five statements at most.
    """
    head = _locked_head(session, act.authority_id)
    told = {name: act.facts[name] for name in alike}
    done = acted_since(session, act.event, act.actor_id, subjects, since=since, facts=told)
    _append(session, head, act, [subject for subject in subjects if subject not in done])


def _locked_head(session: Session, authority_id: UUID | None) -> AuditChain:
    chain = authority_id or INSTALLATION
    insert_once(session, AuditChain, [{"chain": chain, "last_number": 0, "last_digest": rules.BEGINNING}])
    return session.scalars(
        select(AuditChain).where(AuditChain.chain == chain).with_for_update().execution_options(populate_existing=True)
    ).one()


def _append(session: Session, head: AuditChain, act: Act, subjects: Sequence[str]) -> Sequence[AuditEntry]:
    entries = []
    for subject in subjects:
        sealed: dict[str, Any] = {
            "chain": head.chain,
            "number": head.last_number + 1,
            "at": act.now,
            "event": act.event.value,
            "actor_id": act.actor_id,
            "subject": subject,
            "facts": dict(act.facts),
            "previous": head.last_digest,
        }
        entry = AuditEntry(**sealed, digest=rules.digest(**sealed))
        head.last_number, head.last_digest = entry.number, entry.digest
        entries.append(entry)
    session.add_all(entries)
    session.flush()
    return entries
