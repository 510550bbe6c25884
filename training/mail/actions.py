"""What happens to a letter: it is put into the outbox, claimed, sent once, or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from training.db import insert_once, new_id
from training.languages import Language
from training.mail import rules
from training.mail.models import Letter
from training.mail.rules import State


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter as it is worded: in its receiver's language, as text and as HTML."""

    kind: str
    language: Language
    subject: str
    text: str
    html: str


def post(
    session: Session, draft: Draft, *, address: str, person_id: UUID | None, occurrence: str, now: datetime
) -> bool:
    """Put a letter into the outbox, once for each `occurrence`; return whether it is new."""
    return insert_once(
        session,
        Letter,
        [
            {
                "id": new_id(),
                "person_id": person_id,
                "occurrence": occurrence,
                "kind": draft.kind,
                "language": draft.language.value,
                "address": address,
                "subject": draft.subject,
                "text": draft.text,
                "html": draft.html,
                "made_at": now,
                "state": State.WAITING.value,
                "tries": 0,
                "next_try_at": now,
                "sent_at": None,
                "fault": "",
            }
        ],
    )[0]


def claim(session: Session, *, now: datetime, most: int = 20) -> Sequence[Letter]:
    """Take the letters that are due, so that no other process takes them; the oldest first."""
    due = session.scalars(
        select(Letter)
        .where(Letter.state == State.WAITING.value, Letter.next_try_at <= now)
        .order_by(Letter.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for letter in due:
        letter.next_try_at = now + rules.CLAIM_LASTS
    session.flush()
    return due


def hand_over(session: Session, letter_id: UUID) -> bool:
    """Note that a letter goes to the mail server now. From here on it is never sent twice by itself."""
    changed = session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.state == State.WAITING.value)
        .values(state=State.SENDING.value, tries=Letter.tries + 1)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def mark_sent(session: Session, letter_id: UUID, *, now: datetime) -> None:
    """Note that the mail server has taken a letter, and delete its words."""
    session.execute(
        update(Letter)
        .where(Letter.id == letter_id)
        .values(state=State.SENT.value, sent_at=now, text="", html="", fault="")
    )


def mark_failed(session: Session, letter_id: UUID, fault: str, *, now: datetime) -> None:
    """Note that the mail server has refused a letter: it is tried later, or given up."""
    letter = session.get_one(Letter, letter_id, with_for_update=True)
    letter.fault = fault[:300]
    if rules.is_given_up(letter.tries):
        letter.state = State.FAILED.value
    else:
        letter.state, letter.next_try_at = State.WAITING.value, rules.next_try(letter.tries, now)
    session.flush()


def mark_doubtful(session: Session, letter_id: UUID, fault: str) -> None:
    """Note why nobody knows whether a letter was taken. It is not repeated unless a person decides so."""
    session.execute(update(Letter).where(Letter.id == letter_id).values(fault=fault[:300]))


def mark_unreached(session: Session, letter_id: UUID, fault: str, *, now: datetime) -> None:
    """Note that the mail server could not be reached: the letter waits, however often that happens."""
    session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.state == State.WAITING.value)
        .values(fault=fault[:300], next_try_at=rules.next_try(1, now))
    )


def send_again(session: Session, letter_id: UUID, *, now: datetime) -> bool:
    """Let a letter that was given up, or of which nobody knows, be tried once more: a person has decided so."""
    changed = session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.state.in_([State.FAILED.value, State.SENDING.value]), Letter.text != "")
        .values(state=State.WAITING.value, tries=0, next_try_at=now)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete letters that were sent or given up some time ago; return how many."""
    gone = session.execute(
        delete(Letter).where(
            Letter.state.in_([State.SENT.value, State.FAILED.value, State.SENDING.value]),
            Letter.made_at < now - rules.TEXT_KEPT,
        )
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE has a row count
