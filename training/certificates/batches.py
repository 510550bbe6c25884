"""Issuing to many in one step. What is done is in the database after each person: whoever works may stop at any moment.

Each person goes through two transactions: entered in the register, then sealed. A worker that ends in between, or two
that work on the same batch, leave neither a gap nor a double: the register's row is locked, a person has one standing
certificate, a document is kept once.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from training.access import Actor, Role
from training.certificates import actions, letters, shelf
from training.certificates.documents import UnsupportedScript
from training.certificates.models import Certificate, IssueBatch, IssueItem
from training.certificates.office import Office
from training.certificates.rules import Claims
from training.courses.library import Library
from training.db import Database, new_id
from training.languages import Language
from training.people.queries import grants_of

WAITING, REGISTERED, SEALED, PASSED_OVER = "waiting", "registered", "sealed", "passed-over"
OPEN = (WAITING, REGISTERED)


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """All that issuing needs, wherever it is done: in a request, or in the process beside the server."""

    database: Database
    library: Library
    office: Office


def begin(session: Session, actor: Actor, course: str, people: Sequence[UUID], *, now: datetime) -> UUID:
    """Note that certificates are to be issued to these people, each once, and return the batch's identifier."""
    batch = IssueBatch(id=new_id(), course=course, made_at=now, made_by=actor.person_id)
    session.add(batch)
    session.flush()
    chosen = list(dict.fromkeys(people))
    session.add_all(
        IssueItem(batch_id=batch.id, position=position, person_id=person_id, state=WAITING, why="")
        for position, person_id in enumerate(chosen)
    )
    session.flush()
    return batch.id


def work(workshop: Workshop, batch_id: UUID, *, seconds: float | None = None) -> bool:
    """Work on a batch until it is done, or for so long; return whether it is done. Raises `SealingFailed`."""
    until = time.monotonic() + seconds if seconds is not None else None
    position = -1
    while True:
        with workshop.database.reading() as session:
            item = session.scalars(_open_items(batch_id).where(IssueItem.position > position).limit(1)).first()
        if item is None:
            break
        if until is not None and time.monotonic() > until:
            return False
        position = item.position
        _work_on(workshop, item)
    return _finish(workshop.database, batch_id)


def work_on_all(workshop: Workshop) -> int:
    """Work on every batch that is not done, whoever stopped working on it; return how many there were."""
    with workshop.database.reading() as session:
        unfinished = session.scalars(unfinished_batches()).all()
    for batch_id in unfinished:
        work(workshop, batch_id)
    return len(unfinished)


def unfinished_batches() -> Select[UUID]:
    """Return the batches that are not done, the oldest first."""
    return select(IssueBatch.id).where(IssueBatch.finished_at.is_(None)).order_by(IssueBatch.id)


@dataclass(frozen=True, kw_only=True)
class PassedOver:
    """Somebody to whom no certificate was issued, and why."""

    person_id: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a batch is."""

    total: int
    registered: int
    sealed: int
    passed_over: Sequence[PassedOver]
    finished: bool


def progress(session: Session, actor: Actor, batch_id: UUID) -> Progress | None:
    """Return how far a batch is; only who began it, or an administrator of the installation, sees it."""
    batch = session.get(IssueBatch, batch_id)
    if batch is None or (batch.made_by != actor.person_id and not actor.administers_everywhere):
        return None
    rows = session.execute(
        select(IssueItem.state, func.count()).where(IssueItem.batch_id == batch_id).group_by(IssueItem.state)
    )
    counts = {row[0]: row[1] for row in rows}
    lines = select(IssueItem.person_id, IssueItem.why).where(IssueItem.batch_id == batch_id, IssueItem.why != "")
    return Progress(
        total=sum(counts.values()),
        registered=counts.get(REGISTERED, 0) + counts.get(SEALED, 0),
        sealed=counts.get(SEALED, 0),
        passed_over=[PassedOver(person_id=row[0], why=row[1]) for row in session.execute(lines)],
        finished=batch.finished_at is not None,
    )


def certificates_of(batch_id: UUID) -> Select[UUID]:
    """Return the identifiers of the certificates that a batch has issued, in its order."""
    return (
        select(Certificate.id)
        .join(IssueItem, IssueItem.certificate_id == Certificate.id)
        .where(IssueItem.batch_id == batch_id)
        .order_by(IssueItem.position)
    )


def _open_items(batch_id: UUID) -> Select[IssueItem]:
    return (
        select(IssueItem).where(IssueItem.batch_id == batch_id, IssueItem.state.in_(OPEN)).order_by(IssueItem.position)
    )


def _work_on(workshop: Workshop, item: IssueItem) -> None:
    certificate_id = item.certificate_id if item.state == REGISTERED else _register(workshop, item)
    if certificate_id is not None:
        _seal(workshop, item, certificate_id)


def _register(workshop: Workshop, item: IssueItem) -> UUID | None:
    """Enter a person in the register, with the letter to them; return the certificate, or nothing if there is none."""
    now = datetime.now(UTC)
    with workshop.database.transaction() as session:
        mine = session.get_one(IssueItem, (item.batch_id, item.position), with_for_update=True)
        if mine.state != WAITING:
            return mine.certificate_id
        batch = session.get_one(IssueBatch, item.batch_id)
        course = workshop.library.courses[batch.course]
        actor = _acting(session, batch.made_by)
        try:
            certificate = actions.issue(session, actor, mine.person_id, course, seal=workshop.office.seal, now=now)
        except (actions.NotEligible, actions.NameNotConfirmed, actions.NoIssuer) as refusal:
            mine.state, mine.why = PASSED_OVER, WHY[type(refusal)]
            return None
        mine.state, mine.certificate_id = REGISTERED, certificate.id
        letters.tell_issued(session, certificate, workshop.office, now=now)
        return certificate.id


WHY = {
    actions.NotEligible: "not-eligible",
    actions.NameNotConfirmed: "name-not-confirmed",
    actions.NoIssuer: "no-issuer",
}
UNPRINTABLE = "unprintable"


def _seal(workshop: Workshop, item: IssueItem, certificate_id: UUID) -> None:
    """Make, seal and keep the document in the holder's language. In the others it is made when it is asked for."""
    with workshop.database.reading() as session:
        claims = Claims.model_validate(session.get_one(Certificate, certificate_id).claims)
    why = ""
    try:
        shelf.pdf(workshop.database, workshop.office, certificate_id, claims.language)
    except UnsupportedScript:
        why = UNPRINTABLE
    except actions.NoSuchCertificate:
        return  # the holder was erased meanwhile, and the item with them
    with workshop.database.transaction() as session:
        mine = session.get(IssueItem, (item.batch_id, item.position), with_for_update=True)
        if mine is not None:
            mine.state, mine.why = SEALED, why


def _finish(database: Database, batch_id: UUID) -> bool:
    """Note that a batch is done, if nothing in it is open; say whether it is."""
    with database.transaction() as session:
        batch = session.get_one(IssueBatch, batch_id, with_for_update=True)
        still_open = session.scalars(_open_items(batch_id).limit(1)).first()
        if still_open is None and batch.finished_at is None:
            batch.finished_at = datetime.now(UTC)
        return still_open is None


def _acting(session: Session, person_id: UUID) -> Actor:
    """Return who began a batch, with what they administer now: a role that was withdrawn since issues nothing."""
    held = [grant.authority_id for grant in grants_of(session, person_id) if grant.role == Role.ADMINISTRATOR]
    return Actor(
        person_id=person_id,
        name="",
        language=Language.EN,
        zone=ZoneInfo("UTC"),
        field_of_work="",
        session_key="",
        administers=frozenset(held),
    )
