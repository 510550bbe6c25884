"""Looking at the outbox."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.mail.models import Letter
from training.mail.rules import State

PAGE = 50


def counts(session: Session) -> Mapping[State, int]:
    """Return how many letters are in each state."""
    rows = session.execute(select(Letter.state, func.count()).group_by(Letter.state))
    found = {State(row[0]): row[1] for row in rows}
    return {state: found.get(state, 0) for state in State}


def last_letter_to(session: Session, address: str) -> Letter | None:
    """Return the latest letter to an address: what a demonstration shows instead of a mailbox."""
    return session.scalars(select(Letter).where(Letter.address == address).order_by(Letter.id.desc()).limit(1)).first()


def letters_page(session: Session, *, before: UUID | None = None) -> tuple[Sequence[Letter], bool]:
    """Return a page of the outbox, the newest first, and whether more follow. Identifiers sort by time."""
    lines = select(Letter).order_by(Letter.id.desc()).limit(PAGE + 1)
    if before is not None:
        lines = lines.where(Letter.id < before)
    rows = session.scalars(lines).all()
    return rows[:PAGE], len(rows) > PAGE
