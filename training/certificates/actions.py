"""What is done to the register: issue, revoke, replace, keep a document. A snapshot is never written again."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training.access import Actor
from training.audit.actions import record
from training.audit.rules import Event
from training.certificates import keyring, queries, rules, snapshots, waiting
from training.certificates.keys import SealKey
from training.certificates.models import (
    Certificate,
    CertificateBadge,
    CertificateDocument,
    CertificateEvidence,
    IssueItem,
    NameConfirmation,
    Register,
)
from training.certificates.rules import Claims, ReplacementReason, RevocationReason
from training.cohorts.sessions import sessions_held
from training.courses.library import LoadedCourse
from training.db import insert_once, new_id
from training.languages import Language
from training.progress.models import Enrolment


class NotEligible(Exception):
    """The person has not completed the course, holds a standing certificate, or is outside the actor's scope."""


class NameNotConfirmed(Exception):
    """The person has not yet said how their name is to stand on the certificate."""


class NoIssuer(Exception):
    """Nobody has said in whose name certificates are issued and who signs them."""


class NoSuchCertificate(Exception):
    """There is no such certificate within the actor's scope, or it does not stand any more."""


class NothingToReplace(Exception):
    """The certificate says already what it would say anew."""


def confirm_name(session: Session, person_id: UUID, name: str, *, now: datetime) -> None:
    """Keep how a person wants their name on their certificates."""
    known = session.get(NameConfirmation, person_id)
    if known is None:
        session.add(NameConfirmation(person_id=person_id, name=name, confirmed_at=now))
    elif known.name != name:
        known.name, known.confirmed_at = name, now
    session.flush()


def issue(
    session: Session, actor: Actor, person_id: UUID, course: LoadedCourse, *, seal: SealKey, now: datetime
) -> Certificate:
    """Enter a person in the register and return the entry. Raises `NotEligible`, `NameNotConfirmed`, `NoIssuer`.

    The register's row is locked first: two administrators who press at once issue one certificate, and numbers have
    no gap.
    """
    register = _locked_register(session)
    holder = waiting.eligible(session, actor, course.slug, person_id)
    if holder is None:
        raise NotEligible
    if holder.confirmed is None:
        raise NameNotConfirmed
    authority_id = holder.authority.id if holder.authority else None
    issuer = queries.issuer_for(session, authority_id)
    if issuer is None:
        raise NoIssuer
    rule = course.rule(session.get_one(Enrolment, (person_id, course.slug)).rule_version)
    milestones = queries.milestones_of(session, person_id, course.slug)
    group = queries.group_of(session, person_id, course.slug, until=holder.completed_at)
    held = sessions_held(session, person_id, group.id) if group else []
    claims = snapshots.claims_of(holder, holder.confirmed, course, rule, issuer, now).model_copy(
        update={**snapshots.cohort_of(group, held), "demonstration": seal.demonstration}
    )
    entry = _Entry(id=new_id(), claims=claims, person_id=person_id, authority_id=authority_id)
    certificate = _enter(session, register, actor, entry, seal, now)
    facts = snapshots.evidence_of(course, rule, milestones, group, held)
    session.add(CertificateEvidence(certificate_id=certificate.id, facts=facts))
    _record(session, Event.CERTIFICATE_ISSUED, actor, certificate, now)
    return certificate


def replace(
    session: Session,
    actor: Actor,
    certificate_id: UUID,
    *,
    refreshed_on: date | None = None,
    seal: SealKey,
    now: datetime,
) -> Certificate:
    """Replace a standing certificate and return the new one: after a refresher, or with the name as confirmed since.

    What the new one says is what the old one said, but for the name, the dates and who issues and signs today: it
    needs neither the course nor its files. Raises `NoSuchCertificate`, `NothingToReplace`.
    """
    register = _locked_register(session)
    former = _standing(session, actor, certificate_id)
    if former.person_id is None:
        raise NoSuchCertificate
    said = Claims.model_validate(former.claims)
    confirmed = waiting.confirmation(session, former.person_id)
    holder = confirmed.name if confirmed else said.holder
    if refreshed_on is None and holder == said.holder:
        raise NothingToReplace
    reason = ReplacementReason.CORRECTED_NAME if refreshed_on is None else ReplacementReason.REFRESHER
    changes: dict[str, Any] = {
        "holder": holder,
        "issued_on": snapshots.issuer_day(now),
        "demonstration": seal.demonstration,
    }
    issuer = queries.issuer_for(session, former.authority_id)
    if issuer is not None:
        changes |= snapshots.issued_by(issuer)
    if refreshed_on is not None:
        again = rules.after_months(refreshed_on, said.refresher_months) if said.refresher_months else None
        changes |= {"refreshed_on": refreshed_on, "refresher_on": again}
    former.replaced_at, former.replaced_reason, former.replaced_by_id = now, reason.value, new_id()
    entry = _Entry(
        id=former.replaced_by_id,
        claims=said.model_copy(update=changes),
        person_id=former.person_id,
        authority_id=former.authority_id,
    )
    certificate = _enter(session, register, actor, entry, seal, now)
    facts = queries.evidence_of(session, former.id)
    if facts is not None:
        session.add(CertificateEvidence(certificate_id=certificate.id, facts=facts.facts))
    _record(session, Event.CERTIFICATE_REPLACED, actor, former, now, by=certificate.number, reason=reason.value)
    return certificate


def revoke(
    session: Session, actor: Actor, certificate_id: UUID, reason: RevocationReason, *, now: datetime
) -> Certificate:
    """Revoke a certificate; one that was revoked keeps its first date. Raises `NoSuchCertificate`.

    One that was replaced does not stand any more: there is nothing to revoke.
    """
    certificate = session.scalar(queries.within(actor).where(Certificate.id == certificate_id).with_for_update())
    if certificate is None or certificate.replaced_at is not None:
        raise NoSuchCertificate
    if certificate.revoked_at is None:
        certificate.revoked_at, certificate.revoked_reason = now, reason.value
        certificate.revoked_by = actor.person_id
        session.flush()
        _record(session, Event.CERTIFICATE_REVOKED, actor, certificate, now, reason=reason.value)
    return certificate


def keep_pdf(
    session: Session, certificate_id: UUID, language: Language, pdf: bytes, token: str, *, seal: SealKey, now: datetime
) -> bytes:
    """Keep a sealed document as it was made first, and return what is kept: a second making changes nothing.

    Raises `NoSuchCertificate` when the holder was erased while it was made: of the erased nothing is kept.
    """
    _demand_holder(session, certificate_id)
    keyring.use_key(session, seal, now=now)
    row = {
        "certificate_id": certificate_id,
        "language": language.value,
        "pdf": pdf,
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "token": token,
        "key_id": seal.kid,
        "made_at": now,
    }
    if insert_once(session, CertificateDocument, [row])[0]:
        return pdf
    return session.get_one(CertificateDocument, (certificate_id, language.value)).pdf


def keep_badge(session: Session, certificate_id: UUID, badge: bytes, *, seal: SealKey, now: datetime) -> bytes:
    """Keep a credential as it was made first, and return what is kept. Raises `NoSuchCertificate` as `keep_pdf`."""
    _demand_holder(session, certificate_id)
    keyring.use_key(session, seal, now=now)
    row = {"certificate_id": certificate_id, "badge": badge, "key_id": seal.kid, "made_at": now}
    if insert_once(session, CertificateBadge, [row])[0]:
        return badge
    return session.get_one(CertificateBadge, certificate_id).badge


def erase_person(session: Session, person_id: UUID, *, now: datetime) -> int:
    """Take a person out of the register, and return from how many certificates.

    Code, number, dates, state and key identifier stay, with what was taught; name, place, group, documents, badge and
    evidence go (GDPR art. 17(1), 17(3)(e)). The holder's own token still proves the name.
    """
    held = session.scalars(select(Certificate).where(Certificate.person_id == person_id).with_for_update()).all()
    for certificate in held:
        claims = Claims.model_validate(certificate.claims).without_holder()
        certificate.claims = claims.model_dump(mode="json")
        certificate.person_id, certificate.authority_id, certificate.erased_at = None, None, now
    session.flush()
    identifiers = [certificate.id for certificate in held]
    for table in (CertificateDocument, CertificateBadge, CertificateEvidence):
        session.execute(delete(table).where(table.certificate_id.in_(identifiers)))
    session.execute(delete(IssueItem).where(IssueItem.person_id == person_id))
    session.execute(delete(NameConfirmation).where(NameConfirmation.person_id == person_id))
    return len(held)


def _demand_holder(session: Session, certificate_id: UUID) -> None:
    certificate = session.get_one(Certificate, certificate_id, with_for_update=True)
    if certificate.erased_at is not None:
        raise NoSuchCertificate


def _locked_register(session: Session) -> Register:
    insert_once(session, Register, [{"id": 1, "last_number": 0}])
    return session.scalars(select(Register).with_for_update().execution_options(populate_existing=True)).one()


def _standing(session: Session, actor: Actor, certificate_id: UUID) -> Certificate:
    certificate = session.scalar(queries.within(actor).where(Certificate.id == certificate_id).with_for_update())
    if certificate is None or certificate.revoked_at is not None or certificate.replaced_at is not None:
        raise NoSuchCertificate
    return certificate


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """What is entered in the register: for whom, within which authority, under which identifier."""

    id: UUID
    claims: Claims
    person_id: UUID
    authority_id: UUID | None


def _enter(
    session: Session, register: Register, actor: Actor, entry: _Entry, seal: SealKey, now: datetime
) -> Certificate:
    """Add an entry under the next number and return it."""
    keyring.use_key(session, seal, now=now)
    number = register.last_number + 1
    numbered = entry.claims.model_copy(update={"number": rules.shown_number(number, snapshots.issuer_day(now))})
    certificate = Certificate(
        id=entry.id,
        number=number,
        code=rules.new_code(),
        person_id=entry.person_id,
        authority_id=entry.authority_id,
        course=numbered.course,
        claims=numbered.model_dump(mode="json"),
        key_id=seal.kid,
        issued_at=now,
        issued_by=actor.person_id,
        refresher_on=numbered.refresher_on,
    )
    register.last_number = number
    session.add(certificate)
    session.flush()
    return certificate


def _record(
    session: Session, event: Event, actor: Actor, certificate: Certificate, now: datetime, **facts: str | int
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
