"""What is done to the register: issue, revoke, keep a document. A snapshot is never written again."""

import hashlib
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training.access import Actor
from training.audit.actions import record
from training.audit.rules import Event
from training.certificates import queries, rules
from training.certificates.models import Certificate, CertificateDocument, Register
from training.certificates.rules import Claims, RevocationReason
from training.courses.load import LoadedCourse
from training.db import insert_once, new_id
from training.languages import Language
from training.progress.models import Enrolment


class NotEligible(Exception):
    """The person has not completed the course, holds a valid certificate, or is outside the actor's scope."""


class NoSuchCertificate(Exception):
    """There is no such certificate within the actor's scope."""


ISSUER_ZONE = ZoneInfo("Europe/Brussels")


def issue(
    session: Session, actor: Actor, person_id: UUID, course: LoadedCourse, *, issuer: str, now: datetime
) -> Certificate:
    """Enter a person in the register and return the entry. Raises `NotEligible`.

    The register's row is locked first: two administrators who press at once issue one certificate, and numbers have
    no gap.
    """
    insert_once(session, Register, [{"id": 1, "last_number": 0}])
    register = session.scalars(select(Register).with_for_update().execution_options(populate_existing=True)).one()
    holder = queries.eligible(session, actor, course.slug, person_id)
    if holder is None:
        raise NotEligible
    rule = course.rule(session.get_one(Enrolment, (person_id, course.slug)).rule_version)
    number = register.last_number + 1
    claims = Claims(
        holder=holder.name,
        course=course.slug,
        course_title=_titles(course.file.title),
        chapters=[
            rules.ClaimedChapter(number=chapter.file.number, title=_titles(chapter.file.title))
            for chapter in course.chapters
            if chapter.slug in rule.chapters
        ],
        minutes=rule.minutes,
        rule_version=rule.version,
        completed_on=holder.completed_at.astimezone(ISSUER_ZONE).date(),
        issued_on=now.astimezone(ISSUER_ZONE).date(),
        authority=holder.authority.names if holder.authority else None,
        issuer=issuer,
        number=rules.shown_number(number, now),
    )
    certificate = Certificate(
        id=new_id(),
        number=number,
        code=rules.new_code(),
        person_id=person_id,
        authority_id=holder.authority.id if holder.authority else None,
        course=course.slug,
        claims=claims.model_dump(mode="json"),
        issued_at=now,
        issued_by=actor.person_id,
    )
    register.last_number = number
    session.add(certificate)
    session.flush()
    _record(session, Event.CERTIFICATE_ISSUED, actor, certificate, now)
    return certificate


def revoke(
    session: Session, actor: Actor, certificate_id: UUID, reason: RevocationReason, *, now: datetime
) -> Certificate:
    """Revoke a certificate; one that was revoked keeps its first date. Raises `NoSuchCertificate`."""
    certificate = session.scalar(queries.within(actor).where(Certificate.id == certificate_id).with_for_update())
    if certificate is None:
        raise NoSuchCertificate
    if certificate.revoked_at is None:
        certificate.revoked_at, certificate.revoked_reason = now, reason.value
        certificate.revoked_by = actor.person_id
        session.flush()
        _record(session, Event.CERTIFICATE_REVOKED, actor, certificate, now, reason=reason.value)
    return certificate


def keep_pdf(session: Session, certificate_id: UUID, language: Language, pdf: bytes, *, now: datetime) -> None:
    """Keep a document as it was made first; a second making changes nothing."""
    insert_once(
        session,
        CertificateDocument,
        [
            {
                "certificate_id": certificate_id,
                "language": language.value,
                "pdf": pdf,
                "sha256": hashlib.sha256(pdf).hexdigest(),
                "made_at": now,
            }
        ],
    )


def _titles(text: object) -> dict[Language, str]:
    return {language: text[language] for language in Language}  # type: ignore[index]


def _record(
    session: Session, event: Event, actor: Actor, certificate: Certificate, now: datetime, **facts: str
) -> None:
    record(
        session,
        event,
        actor_id=actor.person_id,
        subject=str(certificate.id),
        now=now,
        authority_id=certificate.authority_id,
        number=certificate.number,
        **facts,
    )


def erase_person(session: Session, person_id: UUID, *, now: datetime) -> int:
    """Cut a person off their certificates: code, dates and state stay, name and documents go. Return how many."""
    found = session.scalars(select(Certificate).where(Certificate.person_id == person_id)).all()
    for one in found:
        session.execute(delete(CertificateDocument).where(CertificateDocument.certificate_id == one.id))
        one.person_id, one.claims = None, {**one.claims, "holder": ""}
    session.flush()
    return len(found)
