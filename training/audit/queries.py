"""Reading the audit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, select, tuple_
from sqlalchemy.orm import Session, aliased

from training.audit import rules
from training.audit.models import AuditChain, AuditEntry
from training.audit.rules import Event

PAGE = 50

Place = tuple[datetime, UUID, int]
"""Where an entry stands in the order of time: several may be of one moment."""


def acted_since(
    session: Session,
    event: Event,
    actor_id: UUID | None,
    subjects: Sequence[str],
    *,
    since: datetime,
    facts: Mapping[str, str | int | bool | None] = MappingProxyType({}),
) -> frozenset[str]:
    """Return on which of these subjects an act of this kind by this actor, with these facts, was recorded since."""
    found = select(AuditEntry.subject).where(
        AuditEntry.subject.in_(subjects),
        AuditEntry.at >= since,
        AuditEntry.event == event.value,
        AuditEntry.actor_id == actor_id,
        *(cast(AuditEntry.facts[name].as_string(), String) == str(value) for name, value in facts.items()),
    )
    return frozenset(session.scalars(found))


def entries_page(
    session: Session, chains: Sequence[UUID] | None, *, before: Place | None = None
) -> tuple[Sequence[AuditEntry], bool]:
    """Return a page of the entries of some chains (of all without), the newest first, and whether more follow.

    What was recorded for each person of a page is one line: the first of them stands for all.
    """
    order = (AuditEntry.at, AuditEntry.chain, AuditEntry.number)
    lines = select(AuditEntry).where(~_goes_on()).order_by(*(column.desc() for column in order)).limit(PAGE + 1)
    if chains is not None:
        lines = lines.where(AuditEntry.chain.in_(chains))
    if before is not None:
        lines = lines.where(tuple_(*order) < before)
    rows = session.scalars(lines).all()
    return rows[:PAGE], len(rows) > PAGE


def _goes_on() -> ColumnElement[bool]:
    """Say of an entry that it was recorded in the same step as the one before it, for another person."""
    before = aliased(AuditEntry)
    return and_(
        AuditEntry.event.in_([event.value for event in rules.OF_EACH]),
        exists().where(
            before.chain == AuditEntry.chain,
            before.number == AuditEntry.number - 1,
            before.at == AuditEntry.at,
            before.event == AuditEntry.event,
            before.actor_id == AuditEntry.actor_id,
        ),
    )


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
