"""Erasing a person, and forgetting what has served. Both follow what the tables declare."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from markupsafe import escape
from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from training.audit.actions import record
from training.audit.models import AuditEntry
from training.audit.rules import Event
from training.certificates.actions import erase_person as cut_certificates
from training.cohorts.models import Invitation
from training.comparison.models import Comparison, ComparisonAnswer
from training.comparison.rules import Moment
from training.db import Base, Installation
from training.mail.models import Letter
from training.people import queries
from training.people.models import Account, AccountLink, Person, SignIn
from training.people.queries import current_authority
from training.privacy import rules
from training.privacy.queries import addresses_of, declared, unconfirmed
from training.quizzes.actions import withdraw_choices
from training.quizzes.models import Answer, Attempt
from training.terms import OnErasure, Privacy
from training.watching.models import Watched, WatchingDevice

ERASURES = "erasures.jsonl"
PERSON = re.compile(r'^\{"person": "([0-9a-f-]{36})", .*\}$', re.MULTILINE)


def erase(session: Session, person_id: UUID, *, now: datetime) -> Sequence[UUID]:
    """Erase a person: their own rows are deleted, what others rely on is cut off from them. Return their letters.

    The order is that of the tables, those that point to others first; where a table keeps a row, its links go.
    """
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())  # nothing is added meanwhile
    authority = current_authority(session, person_id)
    name, addresses = queries.person(session, person_id).name, addresses_of(session, person_id)
    session.execute(delete(Invitation).where(Invitation.email_key.in_(addresses)))
    to_them = or_(func.lower(Letter.address).in_(addresses), Letter.person_id == person_id)
    letters = session.scalars(select(Letter.id).where(to_them)).all()
    session.execute(delete(Letter).where(to_them))
    _take_out_of_letters(session, person_id, [name, *addresses])
    withdraw_choices(session, person_id)
    cut_certificates(session, person_id, now=now)
    for one in reversed(declared()):
        owner = one.owner
        if one.erasure.does is OnErasure.DELETE and owner is not None:
            session.execute(delete(one.table).where(owner == person_id))
        elif one.erasure.does is not OnErasure.KEEP:
            for trace in (column for column in one.columns(Privacy.TRACE) if column.type.python_type is UUID):
                session.execute(update(one.table).where(trace == person_id).values({trace: None}))
    record(
        session,
        Event.PERSON_ERASED,
        actor_id=person_id,
        subject=str(person_id),
        now=now,
        authority_id=authority.id if authority else None,
    )
    session.expire_all()
    return letters


def _take_out_of_letters(session: Session, person_id: UUID, words: Sequence[str]) -> None:
    """Put a dash for a person's name and addresses into what others will read: invitations by them, their barriers."""
    made = session.scalars(select(Invitation.id).where(Invitation.made_by == person_id, Invitation.used_at.is_(None)))
    invitations = {f"invitation:{one}" for one in made}
    spoken = "|".join(re.escape(form) for word in words for form in {word, str(escape(word))})
    pattern = re.compile(rf"(?<!\w)(?:{spoken})(?!\w)", re.IGNORECASE)
    for letter in session.scalars(select(Letter).where(Letter.kind.in_(["barrier", "invitation"]), Letter.text != "")):
        if letter.kind == "barrier" or letter.occurrence in invitations:
            letter.text, letter.html = pattern.sub("–", letter.text), pattern.sub("–", letter.html)
    session.flush()


def remember_erasure(data_dir: Path, person_id: UUID, *, now: datetime) -> None:
    """Note an erasure outside the database, so that restoring an older backup erases the person again."""
    line = json.dumps({"person": str(person_id), "at": now.isoformat()}) + "\n"
    with (data_dir / ERASURES).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}")  # a line that was cut off spoils no other
        file.flush()
        os.fsync(file.fileno())


def remembered_erasures(data_dir: Path) -> Sequence[UUID]:
    """Return the people who were ever erased from this installation."""
    file = data_dir / ERASURES
    if not file.exists():
        return []
    return [UUID(found) for found in PERSON.findall(file.read_text(encoding="utf-8"))]


def repeat_erasures(session: Session, data_dir: Path, *, now: datetime) -> int:
    """Erase again whoever an older state of the database has brought back; return how many."""
    remembered = remembered_erasures(data_dir)
    known = set(session.scalars(select(Person.id).where(Person.id.in_(remembered)))) if remembered else set()
    for person_id in sorted(known):
        erase(session, person_id, now=now)
    return len(known)


def remains_are_due(session: Session, *, now: datetime) -> bool:
    """Whether what deleting has left of the erased in the files of the database is to be cleared away now."""
    erased = select(func.max(AuditEntry.at)).where(AuditEntry.event == Event.PERSON_ERASED.value)
    rewritten = select(Installation.rewritten_at)
    return rules.are_remains_due(session.scalar(erased), session.scalar(rewritten), now)


def note_rewritten(session: Session, *, now: datetime) -> None:
    """Note that the tables of people were written anew."""
    session.execute(update(Installation).values(rewritten_at=now))


def forget(session: Session, *, now: datetime) -> Mapping[str, int]:
    """Delete the detail that has served (how people answered and watched, when they signed in); count it by table.

    Milestones stay, and with them everything that progress, groups and certificates say.
    """
    gone: dict[str, int] = {}
    for table, condition, columns in _what_is_blanked(now):
        blanked = session.execute(update(table).where(condition).values(dict.fromkeys(columns)))
        gone[_blanked(table, columns)] = int(blanked.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a count
    for table, condition in _what_has_served(now):
        found = session.execute(delete(table).where(condition))
        name = str(table.__tablename__)
        gone[name] = gone.get(name, 0) + int(found.rowcount)  # type: ignore[attr-defined]  # a DELETE has a count
    return gone


def what_would_go(session: Session, *, now: datetime) -> Mapping[str, int]:
    """Return how many rows of each table `forget` would delete now, and in how many it would empty columns."""
    found: dict[str, int] = {}
    for table, condition, columns in _what_is_blanked(now):
        found[_blanked(table, columns)] = session.scalar(select(func.count()).select_from(table).where(condition)) or 0
    for table, condition in _what_has_served(now):
        counted = select(func.count()).select_from(table).where(condition)
        name = str(table.__tablename__)
        found[name] = found.get(name, 0) + (session.scalar(counted) or 0)
    return found


def _what_has_served(now: datetime) -> list[tuple[type[Base], ColumnElement[bool]]]:
    """Return what is deleted from which table, in an order that the foreign keys allow."""
    before = now - rules.DETAIL_KEPT
    lately = aliased(Answer)
    answered = exists().where(
        lately.person_id == Attempt.person_id, lately.attempt_id == Attempt.id, lately.received_at >= before
    )
    left = and_(Attempt.submitted_at.is_(None), Attempt.started_at < before, ~answered)
    served = select(Attempt.person_id, Attempt.id).where(or_(Attempt.submitted_at < before, left))
    return [
        (ComparisonAnswer, _compared_enough(now)),
        (Answer, tuple_(Answer.person_id, Answer.attempt_id).in_(served)),
        (Attempt, tuple_(Attempt.person_id, Attempt.id).in_(served)),
        (Watched, Watched.updated_at < before),
        (WatchingDevice, WatchingDevice.accounted_until < before),
        (SignIn, SignIn.ends_at < now - rules.SIGN_INS_KEPT),
        (AccountLink, AccountLink.ends_at < now - rules.SIGN_INS_KEPT),
        (Invitation, Invitation.ends_at < now - rules.INVITATIONS_KEPT),
    ]


def _compared_enough(now: datetime) -> ColumnElement[bool]:
    """Return which answers before and after the course have served: half a year after the second time, or when the
    second time has not come within a year, or when half a year ago somebody stopped in the middle."""
    before = now - rules.DETAIL_KEPT
    given = (ComparisonAnswer.person_id, ComparisonAnswer.course)
    done = select(Comparison.person_id, Comparison.course).where(
        Comparison.moment == Moment.AFTER.value, Comparison.handed_in_at < before
    )
    left = select(Comparison.person_id, Comparison.course, Comparison.moment).where(
        or_(
            Comparison.decided_at < now - rules.COMPARISON_KEPT,
            and_(Comparison.handed_in_at.is_(None), Comparison.decided_at < before),
        )
    )
    return or_(tuple_(*given).in_(done), tuple_(*given, ComparisonAnswer.moment).in_(left))


def _what_is_blanked(now: datetime) -> list[tuple[type[Base], ColumnElement[bool], Sequence[str]]]:
    """Return which columns are emptied in which rows that stay."""
    old = and_(ComparisonAnswer.given_at < now - rules.DETAIL_KEPT, not_(_compared_enough(now)))
    return [(ComparisonAnswer, old, ("confidence", "given_at"))]


def _blanked(table: type[Base], columns: Sequence[str]) -> str:
    return f"{table.__tablename__} ({', '.join(columns)})"


def drop_unconfirmed(session: Session, person_id: UUID, *, now: datetime) -> None:
    """Delete an account whose address nobody has confirmed in time; nothing happens if it was confirmed meanwhile."""
    if session.scalars(unconfirmed(now).where(Account.person_id == person_id).with_for_update()).first():
        erase(session, person_id, now=now)
