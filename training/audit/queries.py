"""Reading the audit."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.audit import rules
from training.audit.models import AuditChain, AuditEntry
from training.audit.rules import Event

PAGE = 50


def looked_since(session: Session, event: Event, actor_id: UUID, subject: str, *, since: datetime) -> bool:
    """Whether an act of this kind by this person on this subject was recorded since a moment."""
    found = session.scalar(
        select(AuditEntry.number)
        .where(
            AuditEntry.subject == subject,
            AuditEntry.at >= since,
            AuditEntry.event == event.value,
            AuditEntry.actor_id == actor_id,
        )
        .limit(1)
    )
    return found is not None


def entries_page(
    session: Session, chains: Sequence[UUID] | None, *, before: datetime | None = None
) -> tuple[Sequence[AuditEntry], bool]:
    """Return a page of the entries of some chains (of all without), the newest first, and whether more follow."""
    lines = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.number.desc()).limit(PAGE + 1)
    if chains is not None:
        lines = lines.where(AuditEntry.chain.in_(chains))
    if before is not None:
        lines = lines.where(AuditEntry.at < before)
    rows = session.scalars(lines).all()
    return rows[:PAGE], len(rows) > PAGE


def broken_links(session: Session) -> Iterator[str]:
    """Say, in one sentence each, where a chain of the audit does not hold: an entry altered, missing or added."""
    for head in session.scalars(select(AuditChain).order_by(AuditChain.chain)):
        expected, previous = 1, rules.BEGINNING
        entries = select(AuditEntry).where(AuditEntry.chain == head.chain).order_by(AuditEntry.number)
        for entry in session.scalars(entries.execution_options(yield_per=1000)):
            if entry.number != expected:
                yield f"chain {head.chain}: entry {expected} is missing"
            elif entry.previous != previous:
                yield f"chain {head.chain}: entry {entry.number} does not follow the one before"
            if entry.digest != _digest(entry):
                yield f"chain {head.chain}: entry {entry.number} was altered"
            expected, previous = entry.number + 1, entry.digest
        if (head.last_number, head.last_digest) != (expected - 1, previous):
            yield f"chain {head.chain}: its end is missing or altered"
    headless = select(AuditEntry.chain).where(AuditEntry.chain.not_in(select(AuditChain.chain))).distinct()
    for chain in session.scalars(headless):
        yield f"chain {chain}: its head is missing"


def _digest(entry: AuditEntry) -> str:
    return rules.digest(
        chain=entry.chain,
        number=entry.number,
        at=entry.at,
        event=entry.event,
        actor_id=entry.actor_id,
        subject=entry.subject,
        facts=entry.facts,
        previous=entry.previous,
    )
