"""Reading the register: certificates, their documents, in whose name they are issued."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from training.access import Actor
from training.certificates import rules
from training.certificates.models import (
    INSTALLATION,
    Certificate,
    CertificateBadge,
    CertificateDocument,
    CertificateEvidence,
    Issuer,
    IssuerLogo,
)
from training.certificates.rules import Claims
from training.cohorts.models import Membership, TrainingGroup
from training.languages import Language
from training.progress.models import Milestone
from training.progress.rules import MilestoneKind

PAGE = 50


def has_completed(session: Session, person_id: UUID, course: str) -> bool:
    """Whether a person has completed a course."""
    kind = MilestoneKind.COURSE_COMPLETED.value
    return session.get(Milestone, (person_id, course, kind, course)) is not None


def milestones_of(session: Session, person_id: UUID, course: str) -> Sequence[Milestone]:
    """Return what a person has reached in a course, in the order of time."""
    return session.scalars(
        select(Milestone)
        .where(Milestone.person_id == person_id, Milestone.course == course)
        .order_by(Milestone.done_at, Milestone.kind, Milestone.subject)
    ).all()


def group_of(session: Session, person_id: UUID, course: str, *, until: datetime) -> TrainingGroup | None:
    """Return the group in which a person took a course: the latest that they had joined when they completed it."""
    return session.scalars(
        select(TrainingGroup)
        .join(Membership, Membership.group_id == TrainingGroup.id)
        .where(Membership.person_id == person_id, Membership.left_at.is_(None), TrainingGroup.course == course)
        .where(Membership.joined_at <= until)
        .order_by(Membership.joined_at.desc(), TrainingGroup.id.desc())
        .limit(1)
    ).first()


def issuer_for(session: Session, authority_id: UUID | None) -> Issuer | None:
    """Return in whose name certificates are issued to the people of an authority: its own, or the installation's."""
    own = session.get(Issuer, authority_id) if authority_id else None
    return own or session.get(Issuer, INSTALLATION)


def logo(session: Session, sha256: str | None) -> IssuerLogo | None:
    """Return a picture by its sum."""
    return session.get(IssuerLogo, sha256) if sha256 else None


def within(actor: Actor) -> Select[Certificate]:
    """Return the certificates within the scope of an administrator: those issued in the authority's name, or all."""
    found = select(Certificate)
    if actor.administers_everywhere:
        return found
    return found.where(Certificate.authority_id.in_(sorted(actor.administers - {None}, key=str)))


def register_page(session: Session, actor: Actor, *, before: int | None = None) -> tuple[Sequence[Certificate], bool]:
    """Return a page of the register within an administrator's scope, the newest first; and whether more follow."""
    lines = within(actor).order_by(Certificate.number.desc()).limit(PAGE + 1)
    if before is not None:
        lines = lines.where(Certificate.number < before)
    rows = session.scalars(lines).all()
    return rows[:PAGE], len(rows) > PAGE


def by_code(session: Session, typed: str) -> Certificate | None:
    """Return the certificate that a code stands for, however the code was typed."""
    return session.scalar(select(Certificate).where(Certificate.code == rules.code_key(typed)))


def by_document(session: Session, sha256: str) -> Certificate | None:
    """Return the certificate of which a document with this sum was sealed and kept."""
    return session.scalar(
        select(Certificate)
        .join(CertificateDocument, CertificateDocument.certificate_id == Certificate.id)
        .where(CertificateDocument.sha256 == sha256)
    )


def of_person(session: Session, person_id: UUID) -> Sequence[Certificate]:
    """Return the certificates of a person, the newest first."""
    return session.scalars(
        select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.number.desc())
    ).all()


def kept_document(session: Session, certificate_id: UUID, language: Language) -> CertificateDocument | None:
    """Return the document of a certificate in a language, its bytes on asking, if it was made."""
    return session.get(CertificateDocument, (certificate_id, language.value))


def kept_pdf(session: Session, certificate_id: UUID, language: Language) -> bytes | None:
    """Return the PDF of a certificate in a language, if it was made."""
    return session.scalar(
        select(CertificateDocument.pdf).where(
            CertificateDocument.certificate_id == certificate_id, CertificateDocument.language == language.value
        )
    )


def documents_of(session: Session, certificate_id: UUID) -> Sequence[CertificateDocument]:
    """Return the documents of a certificate that were made, without their bytes."""
    return session.scalars(
        select(CertificateDocument)
        .where(CertificateDocument.certificate_id == certificate_id)
        .order_by(CertificateDocument.language)
    ).all()


def kept_badge(session: Session, certificate_id: UUID) -> bytes | None:
    """Return the credential of a certificate, if it was made."""
    return session.scalar(select(CertificateBadge.badge).where(CertificateBadge.certificate_id == certificate_id))


def evidence_of(session: Session, certificate_id: UUID) -> CertificateEvidence | None:
    """Return on what a certificate rests."""
    return session.get(CertificateEvidence, certificate_id)


def replaced_by(session: Session, certificate: Certificate) -> str:
    """Return the register number of the certificate that has replaced one; nothing where none has."""
    newer = session.get(Certificate, certificate.replaced_by_id) if certificate.replaced_by_id else None
    return Claims.model_validate(newer.claims).number if newer else ""


def withdrawn(session: Session) -> Sequence[Certificate]:
    """Return every certificate that was revoked or replaced."""
    return session.scalars(
        select(Certificate).where(or_(Certificate.revoked_at.is_not(None), Certificate.replaced_at.is_not(None)))
    ).all()
