"""Reading groups. `groups_led_by` and `memberships_of` are the scopes: what is not within them does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from training.cohorts import rules
from training.cohorts.models import DueDate, GroupSession, GroupTrainer, Invitation, Membership, TrainingGroup
from training.people.models import Account, Belonging, LocalAuthority, Person


def groups_led_by(person_id: UUID) -> Select[TrainingGroup]:
    """Return the groups that a person leads: the scope of a trainer."""
    return (
        select(TrainingGroup)
        .join(GroupTrainer, GroupTrainer.group_id == TrainingGroup.id)
        .where(GroupTrainer.person_id == person_id)
    )


def group_led_by(session: Session, person_id: UUID, group_id: UUID) -> TrainingGroup | None:
    """Return a group, if this person leads it."""
    return session.scalar(groups_led_by(person_id).where(TrainingGroup.id == group_id))


def group_by_code(session: Session, typed: str) -> TrainingGroup | None:
    """Return the group that a code invites to, however the code was typed."""
    return session.scalar(select(TrainingGroup).where(TrainingGroup.code == rules.code_key(typed)))


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """A group in a trainer's list."""

    group: TrainingGroup
    members: int


def group_lines(session: Session, person_id: UUID) -> Sequence[GroupLine]:
    """Return the groups that a person leads with the number of their members, the latest first. One statement."""
    members = (
        select(Membership.group_id, func.count().label("people"))
        .where(Membership.left_at.is_(None))
        .where(Membership.group_id.in_(select(GroupTrainer.group_id).where(GroupTrainer.person_id == person_id)))
        .group_by(Membership.group_id)
        .subquery()
    )
    rows = session.execute(
        groups_led_by(person_id)
        .add_columns(members.c.people)
        .outerjoin(members, members.c.group_id == TrainingGroup.id)
        .order_by(TrainingGroup.starts_on.desc(), TrainingGroup.id.desc())
    )
    return [GroupLine(group=group, members=people or 0) for group, people in rows]


def session_shown_to(
    session: Session, person_id: UUID, group_id: UUID, session_id: UUID
) -> tuple[str, GroupSession] | None:
    """Return a session and the name of its group, to its members and to those who lead it. One statement."""
    takes_part = exists().where(
        Membership.group_id == GroupSession.group_id, Membership.person_id == person_id, Membership.left_at.is_(None)
    )
    led = groups_led_by(person_id).with_only_columns(TrainingGroup.id)
    row = session.execute(
        select(TrainingGroup.name, GroupSession)
        .join(GroupSession, GroupSession.group_id == TrainingGroup.id)
        .where(GroupSession.group_id == group_id, GroupSession.id == session_id)
        .where(or_(takes_part, GroupSession.group_id.in_(led)))
    ).first()
    return (row[0], row[1]) if row else None


def due_dates(session: Session, group_id: UUID) -> dict[str, date]:
    """Return the due date of each chapter that has one."""
    rows = session.execute(select(DueDate.chapter, DueDate.due_on).where(DueDate.group_id == group_id))
    return {row.chapter: row.due_on for row in rows}


def trainers_of(session: Session, group_id: UUID) -> Sequence[Person]:
    """Return who leads a group."""
    return session.scalars(
        select(Person)
        .join(GroupTrainer, GroupTrainer.person_id == Person.id)
        .where(GroupTrainer.group_id == group_id)
        .order_by(Person.name_key)
    ).all()


@dataclass(frozen=True, kw_only=True)
class OwnMembership:
    """A group from the side of a member."""

    group: TrainingGroup
    membership: Membership
    trainers: Sequence[str]
    due: dict[str, date]


def memberships_of(session: Session, person_id: UUID) -> Sequence[OwnMembership]:
    """Return the groups in which a person takes part, with their trainers and dates. Three statements."""
    rows = session.execute(
        select(TrainingGroup, Membership)
        .join(Membership, Membership.group_id == TrainingGroup.id)
        .where(Membership.person_id == person_id, Membership.left_at.is_(None))
        .order_by(Membership.joined_at)
    ).all()
    groups = [group.id for group, _membership in rows]
    trainers: dict[UUID, list[str]] = {}
    for group_id, name in session.execute(
        select(GroupTrainer.group_id, Person.name)
        .join(Person, Person.id == GroupTrainer.person_id)
        .where(GroupTrainer.group_id.in_(groups))
        .order_by(Person.name_key)
    ):
        trainers.setdefault(group_id, []).append(name)
    due: dict[UUID, dict[str, date]] = {}
    for group_id, chapter, due_on in session.execute(
        select(DueDate.group_id, DueDate.chapter, DueDate.due_on).where(DueDate.group_id.in_(groups))
    ):
        due.setdefault(group_id, {})[chapter] = due_on
    return [
        OwnMembership(
            group=group,
            membership=membership,
            trainers=trainers.get(group.id, []),
            due=due.get(group.id, {}),
        )
        for group, membership in rows
    ]


def membership(session: Session, person_id: UUID, group_id: UUID) -> Membership | None:
    """Return that a person takes part in a group, if they do."""
    found = session.get(Membership, (person_id, group_id))
    return found if found is not None and found.left_at is None else None


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who takes part in a group, as its trainers see them."""

    person_id: UUID
    reference: UUID
    name: str
    name_key: str
    authority: LocalAuthority | None
    joined_at: datetime


def last_joined_at(members: Sequence[Member]) -> datetime | None:
    """Return when the latest of a group's members joined it."""
    return max((member.joined_at for member in members), default=None)


def members_of(session: Session, group_id: UUID, *, only: UUID | None = None) -> Sequence[Member]:
    """Return the members of a group by name, or the one who is asked for. One statement."""
    found = (
        select(Person.id, Membership.reference, Membership.joined_at, Person.name, Person.name_key, LocalAuthority)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Belonging, and_(Belonging.person_id == Person.id, Belonging.until.is_(None)))
        .outerjoin(LocalAuthority, LocalAuthority.id == Belonging.authority_id)
        .where(Membership.group_id == group_id, Membership.left_at.is_(None))
        .order_by(Person.name_key, Person.id)
    )
    rows = session.execute(found.where(Person.id == only) if only else found)
    return [
        Member(
            person_id=row.id,
            reference=row.reference,
            name=row.name,
            name_key=row.name_key,
            authority=row.LocalAuthority,
            joined_at=row.joined_at,
        )
        for row in rows
    ]


def addresses_of(session: Session, group_id: UUID) -> tuple[frozenset[str], frozenset[str]]:
    """Return the casefolded addresses of a group's members, and of those who are invited and have not come."""
    members = session.scalars(
        select(Account.email_key)
        .join(Membership, Membership.person_id == Account.person_id)
        .where(Membership.group_id == group_id, Membership.left_at.is_(None))
    )
    invited = session.scalars(
        select(Invitation.email_key).where(Invitation.group_id == group_id, Invitation.used_at.is_(None))
    )
    return frozenset(members), frozenset(invited)


def open_invitation(session: Session, key: str, now: datetime) -> Invitation | None:
    """Return the invitation under the hash of a secret, if it may still be used."""
    return session.scalar(
        select(Invitation).where(Invitation.key == key, Invitation.used_at.is_(None), Invitation.ends_at > now)
    )


def invitations_waiting(session: Session, group_id: UUID, now: datetime) -> Sequence[Invitation]:
    """Return who is invited to a group and has not come, the latest first."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.group_id == group_id, Invitation.used_at.is_(None), Invitation.ends_at > now)
        .order_by(Invitation.made_at.desc())
    ).all()


def member_count(session: Session, group_id: UUID) -> int:
    """Return how many people take part in a group."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.group_id == group_id, Membership.left_at.is_(None))
        )
        or 0
    )
