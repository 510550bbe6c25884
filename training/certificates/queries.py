"""Reading the register, and who could be entered in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, exists, select, tuple_
from sqlalchemy.orm import Session

from training.access import Actor
from training.certificates import rules
from training.certificates.models import Certificate, CertificateDocument
from training.people.models import Belonging, LocalAuthority, Person
from training.people.queries import people_administered_by
from training.progress.models import Milestone
from training.progress.rules import MilestoneKind

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Eligible:
    """Somebody who has completed a course and holds no valid certificate of it."""

    person_id: UUID
    name: str
    authority: LocalAuthority | None
    completed_at: datetime


def _eligible(actor: Actor, course: str) -> Select[UUID, str, LocalAuthority, datetime]:
    holds = exists().where(
        Certificate.person_id == Milestone.person_id,
        Certificate.course == course,
        Certificate.revoked_at.is_(None),
    )
    found = (
        select(Person.id, Person.name, LocalAuthority, Milestone.reached_at)
        .join(Milestone, Milestone.person_id == Person.id)
        .outerjoin(Belonging, and_(Belonging.person_id == Person.id, Belonging.until.is_(None)))
        .outerjoin(LocalAuthority, LocalAuthority.id == Belonging.authority_id)
        .where(Milestone.course == course, Milestone.kind == MilestoneKind.COURSE_COMPLETED.value, ~holds)
    )
    if not actor.administers_everywhere:
        found = found.where(Person.id.in_(people_administered_by(actor)))
    return found


def eligible_page(
    session: Session, actor: Actor, course: str, *, after: tuple[datetime, UUID] | None = None
) -> tuple[Sequence[Eligible], bool]:
    """Return a page of those to whom an administrator may issue, the longest waiting first; and whether more wait."""
    lines = _eligible(actor, course).order_by(Milestone.reached_at, Person.id).limit(PAGE + 1)
    if after:
        lines = lines.where(tuple_(Milestone.reached_at, Person.id) > after)
    rows = session.execute(lines).all()
    return [Eligible(person_id=row[0], name=row[1], authority=row[2], completed_at=row[3]) for row in rows[:PAGE]], len(
        rows
    ) > PAGE


def eligible(session: Session, actor: Actor, course: str, person_id: UUID) -> Eligible | None:
    """Return a person, if an administrator may issue to them."""
    row = session.execute(_eligible(actor, course).where(Person.id == person_id)).first()
    if row is None:
        return None
    return Eligible(person_id=row[0], name=row[1], authority=row[2], completed_at=row[3])


def register_page(session: Session, actor: Actor, *, before: int | None = None) -> tuple[Sequence[Certificate], bool]:
    """Return a page of the register within an administrator's scope, the newest first; and whether more follow."""
    lines = within(actor).order_by(Certificate.number.desc()).limit(PAGE + 1)
    if before is not None:
        lines = lines.where(Certificate.number < before)
    rows = session.scalars(lines).all()
    return rows[:PAGE], len(rows) > PAGE


def within(actor: Actor) -> Select[Certificate]:
    """Return the certificates within the scope of an administrator: those issued in the authority's name, or all."""
    found = select(Certificate)
    if actor.administers_everywhere:
        return found
    return found.where(Certificate.authority_id.in_(sorted(actor.administers - {None}, key=str)))


def by_code(session: Session, typed: str) -> Certificate | None:
    """Return the certificate that a code stands for, however the code was typed."""
    return session.scalar(select(Certificate).where(Certificate.code == rules.code_key(typed)))


def of_person(session: Session, person_id: UUID) -> Sequence[Certificate]:
    """Return the certificates of a person, the newest first."""
    return session.scalars(
        select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.number.desc())
    ).all()


def kept_pdf(session: Session, certificate_id: UUID, language: str) -> bytes | None:
    """Return the PDF of a certificate in a language, if it was made."""
    return session.scalar(
        select(CertificateDocument.pdf).where(
            CertificateDocument.certificate_id == certificate_id, CertificateDocument.language == language
        )
    )
