"""Who waits: those who could be entered in the register, and holders who want another name on their certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, select, tuple_
from sqlalchemy.orm import Session

from training.access import Actor
from training.certificates.models import Certificate, NameConfirmation
from training.certificates.queries import PAGE, within
from training.certificates.rules import Claims
from training.cohorts.models import Membership, TrainingGroup
from training.languages import Language
from training.people.models import Belonging, LocalAuthority, Person
from training.people.queries import people_administered_by
from training.progress.models import Milestone
from training.progress.rules import MilestoneKind

LARGEST_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class Eligible:
    """Somebody who has completed a course and holds no standing certificate of it.

    `confirmed` is the name that they want on it, if they have said so.
    """

    person_id: UUID
    name: str
    language: Language
    confirmed: str | None
    authority: LocalAuthority | None
    completed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Whom of the waiting an administrator wants to see: those of an authority, of a training group."""

    authority_id: UUID | None = None
    group_id: UUID | None = None


EVERYBODY = Filter()


def _eligible(
    actor: Actor, course: str, wanted: Filter
) -> Select[UUID, str, str, str | None, LocalAuthority, datetime]:
    holds = exists().where(
        Certificate.person_id == Milestone.person_id,
        Certificate.course == course,
        Certificate.revoked_at.is_(None),
        Certificate.replaced_at.is_(None),
    )
    found = (
        select(Person.id, Person.name, Person.language, NameConfirmation.name, LocalAuthority, Milestone.reached_at)
        .join(Milestone, Milestone.person_id == Person.id)
        .outerjoin(NameConfirmation, NameConfirmation.person_id == Person.id)
        .outerjoin(Belonging, and_(Belonging.person_id == Person.id, Belonging.until.is_(None)))
        .outerjoin(LocalAuthority, LocalAuthority.id == Belonging.authority_id)
        .where(Milestone.course == course, Milestone.kind == MilestoneKind.COURSE_COMPLETED.value, ~holds)
    )
    if not actor.administers_everywhere:
        found = found.where(Person.id.in_(people_administered_by(actor)))
    if wanted.authority_id:
        found = found.where(Belonging.authority_id == wanted.authority_id)
    if wanted.group_id:
        members = select(Membership.person_id).where(
            Membership.group_id == wanted.group_id, Membership.left_at.is_(None)
        )
        found = found.where(Person.id.in_(members))
    return found


def _as_eligible(row: tuple[UUID, str, str, str | None, LocalAuthority | None, datetime]) -> Eligible:
    return Eligible(
        person_id=row[0],
        name=row[1],
        language=Language(row[2]),
        confirmed=row[3],
        authority=row[4],
        completed_at=row[5],
    )


def eligible_page(
    session: Session,
    actor: Actor,
    course: str,
    *,
    wanted: Filter = EVERYBODY,
    after: tuple[datetime, UUID] | None = None,
) -> tuple[Sequence[Eligible], bool]:
    """Return a page of those to whom an administrator may issue, the longest waiting first; and whether more wait."""
    lines = _eligible(actor, course, wanted).order_by(Milestone.reached_at, Person.id).limit(PAGE + 1)
    if after:
        lines = lines.where(tuple_(Milestone.reached_at, Person.id) > after)
    rows = session.execute(lines).all()
    return [_as_eligible(row) for row in rows[:PAGE]], len(rows) > PAGE


def eligible(session: Session, actor: Actor, course: str, person_id: UUID) -> Eligible | None:
    """Return a person, if an administrator may issue to them."""
    row = session.execute(_eligible(actor, course, EVERYBODY).where(Person.id == person_id)).first()
    return None if row is None else _as_eligible(row)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many of those who wait have confirmed their name, and how many have not."""

    confirmed: int
    unconfirmed: int


def waiting(session: Session, actor: Actor, course: str, wanted: Filter) -> Waiting:
    """Return how many wait, by whether they have confirmed their name."""
    lines = _eligible(actor, course, wanted).with_only_columns(func.count(), func.count(NameConfirmation.person_id))
    everybody, confirmed = session.execute(lines).one()
    return Waiting(confirmed=confirmed, unconfirmed=everybody - confirmed)


def ready(session: Session, actor: Actor, course: str, wanted: Filter) -> Sequence[UUID]:
    """Return all to whom an administrator may issue now, the longest waiting first: a thousand at most."""
    lines = (
        _eligible(actor, course, wanted)
        .with_only_columns(Person.id)
        .where(NameConfirmation.person_id.is_not(None))
        .order_by(Milestone.reached_at, Person.id)
        .limit(LARGEST_BATCH)
    )
    return session.scalars(lines).all()


def unconfirmed(session: Session, actor: Actor, course: str, wanted: Filter) -> Sequence[Eligible]:
    """Return all who have completed the course and not yet confirmed their name: a thousand at most."""
    lines = _eligible(actor, course, wanted).where(NameConfirmation.person_id.is_(None)).limit(LARGEST_BATCH)
    return [_as_eligible(row) for row in session.execute(lines)]


def groups_with_waiting(session: Session, actor: Actor, course: str) -> Sequence[TrainingGroup]:
    """Return the training groups in which somebody waits to whom this administrator may issue."""
    people = _eligible(actor, course, EVERYBODY).with_only_columns(Person.id)
    members = select(Membership.group_id).where(Membership.person_id.in_(people), Membership.left_at.is_(None))
    return session.scalars(
        select(TrainingGroup).where(TrainingGroup.id.in_(members)).order_by(TrainingGroup.name, TrainingGroup.id)
    ).all()


def confirmation(session: Session, person_id: UUID) -> NameConfirmation | None:
    """Return the name that a person has confirmed for their certificates."""
    return session.get(NameConfirmation, person_id)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A standing certificate whose holder has since confirmed another name."""

    certificate: Certificate
    name: str


def corrections(session: Session, actor: Actor, course: str) -> Sequence[Correction]:
    """Return the certificates whose holders want another name on them, the longest waiting first."""
    rows = session.execute(
        within(actor)
        .add_columns(NameConfirmation.name)
        .join(NameConfirmation, NameConfirmation.person_id == Certificate.person_id)
        .where(
            Certificate.course == course,
            Certificate.revoked_at.is_(None),
            Certificate.replaced_at.is_(None),
            NameConfirmation.confirmed_at > Certificate.issued_at,
        )
        .order_by(NameConfirmation.confirmed_at)
        .limit(PAGE)
    )
    return [
        Correction(certificate=certificate, name=name)
        for certificate, name in rows
        if Claims.model_validate(certificate.claims).holder != name
    ]
