"""Who looked at what a person has reached: read from the audit, told in the person's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from training.audit.models import INSTALLATION, AuditEntry
from training.audit.rules import OF_EACH, REGISTER, Event
from training.certificates.models import Certificate, IssueItem, RegisterToken
from training.cohorts.models import Membership, TrainingGroup
from training.people.models import Person

MOST = 200


@dataclass(frozen=True, kw_only=True)
class Look:
    """That somebody, or another system, saw what a person has reached, or took it away. `group` names a group's."""

    at: datetime
    event: Event
    who: str
    group: str = ""
    system: str = ""


def looks_at(session: Session, person_id: UUID) -> Sequence[Look]:
    """Return who looked at the progress of a person, the latest first: by their group while they took part in it, by
    the register while they stood in it, or with their own line on the page. Five statements."""
    groups = {
        str(row.id): row
        for row in session.execute(
            select(TrainingGroup.id, TrainingGroup.name, Membership.joined_at, Membership.left_at)
            .join(Membership)
            .where(Membership.person_id == person_id)
        )
    }
    certificates = session.scalars(select(Certificate).where(Certificate.person_id == person_id)).all()
    theirs = [
        and_(AuditEntry.subject == str(person_id), _is(*OF_EACH)),
        *(_group_looked_at(subject, row.joined_at, row.left_at) for subject, row in groups.items()),
        *(_register_looked_at(one) for one in certificates),
        *_batches_taken(session, person_id, certificates),
    ]
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.event, AuditEntry.subject, AuditEntry.facts, Person.name)
        .select_from(AuditEntry)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .where(or_(*theirs))
        .order_by(AuditEntry.at.desc())
        .limit(MOST)
    ).all()
    systems = _systems(session, [row.facts for row in rows])
    return [
        Look(
            at=row.at,
            event=Event(row.event),
            who=row.name or "",
            group=groups[row.subject].name if row.subject in groups else "",
            system=systems.get(row.facts.get("token", ""), ""),
        )
        for row in rows
    ]


def _is(*events: Event) -> ColumnElement[bool]:
    return AuditEntry.event.in_([event.value for event in events])


def _group_looked_at(subject: str, joined_at: datetime, left_at: datetime | None) -> ColumnElement[bool]:
    looks = and_(
        AuditEntry.subject == subject,
        _is(Event.GROUP_LOOKED_AT, Event.GROUP_TABLE_EXPORTED),
        AuditEntry.at >= joined_at,
    )
    return looks if left_at is None else and_(looks, AuditEntry.at <= left_at)


def _register_looked_at(certificate: Certificate) -> ColumnElement[bool]:
    """Say which entries speak of the register in which a certificate stands: exported, its documents taken, read."""
    whole = and_(
        AuditEntry.subject == REGISTER,
        or_(_is(Event.REGISTER_EXPORTED), and_(_is(Event.CERTIFICATES_TAKEN_AWAY), _while_it_held(certificate))),
    )
    read = and_(
        AuditEntry.subject.in_([str(chain) for chain in _chains(certificate)]),
        _is(Event.REGISTER_READ),
        AuditEntry.facts["first"].as_integer() <= certificate.number,
        AuditEntry.facts["last"].as_integer() >= certificate.number,
    )
    return and_(AuditEntry.chain.in_(_chains(certificate)), AuditEntry.at >= certificate.issued_at, or_(whole, read))


def _batches_taken(
    session: Session, person_id: UUID, certificates: Sequence[Certificate]
) -> Sequence[ColumnElement[bool]]:
    """Say which entries speak of a batch whose documents were taken, with one of the person's certificates in it."""
    items = session.execute(
        select(IssueItem.batch_id, IssueItem.certificate_id).where(
            IssueItem.person_id == person_id, IssueItem.certificate_id.in_([one.id for one in certificates])
        )
    ).all()
    return [
        and_(
            AuditEntry.subject == str(item.batch_id),
            _is(Event.CERTIFICATES_TAKEN_AWAY),
            AuditEntry.chain.in_(_chains(certificate)),
            _while_it_held(certificate),
        )
        for certificate in certificates
        for item in items
        if item.certificate_id == certificate.id
    ]


def _while_it_held(certificate: Certificate) -> ColumnElement[bool]:
    ended_at = certificate.revoked_at or certificate.replaced_at
    since = AuditEntry.at >= certificate.issued_at
    return since if ended_at is None else and_(since, AuditEntry.at < ended_at)


def _chains(certificate: Certificate) -> Sequence[UUID]:
    """Return in whose chains it stands what was done with the register of a certificate."""
    return [INSTALLATION, *([certificate.authority_id] if certificate.authority_id else [])]


def _systems(session: Session, facts: Sequence[Mapping[str, object]]) -> Mapping[str, str]:
    """Return how administrators have called the tokens that entries name."""
    tokens = {UUID(str(one["token"])) for one in facts if "token" in one}
    rows = session.execute(select(RegisterToken.id, RegisterToken.label).where(RegisterToken.id.in_(tokens)))
    return {str(row.id): row.label for row in rows}
