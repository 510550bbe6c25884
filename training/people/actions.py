"""What is done to people. Each action takes the actor and the moment, flushes, and raises a refusal with data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from training.access import Actor, Role
from training.audit.actions import record
from training.audit.rules import Event
from training.db import new_id
from training.languages import Language, sort_key
from training.people import links, queries, rules, sign_ins
from training.people.models import (
    LONGEST_KEY,
    Account,
    AccountLink,
    Belonging,
    LocalAuthority,
    Person,
    RoleGrant,
)


class EmailTaken(Exception):
    """An account with this e-mail address exists."""


class OutsideScope(Exception):
    """The actor may not do this to that person or authority: it is outside what they administer."""


class WouldLockOut(Exception):
    """The last administrator of the installation would lose the role."""


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """What is known of somebody who gets an account. Without a password they choose it by a welcome link."""

    name: str
    email: str
    password_hash: str | None
    language: Language
    time_zone: str
    field_of_work: str
    employer: str
    authority_id: UUID | None
    confirmed: bool = False
    """Whether the e-mail address is known to be theirs."""


def make_account(session: Session, new: NewPerson, *, now: datetime) -> Person:
    """Make a person with an account and return the person. Raises `EmailTaken`."""
    if queries.account_by_email(session, new.email) is not None:
        raise EmailTaken
    person = Person(
        id=new_id(),
        name=new.name,
        name_key=sort_key(new.name)[:LONGEST_KEY],
        language=new.language.value,
        time_zone=new.time_zone,
        field_of_work=new.field_of_work,
        employer=new.employer,
        made_at=now,
    )
    session.add(person)
    session.flush()
    account = Account(
        person_id=person.id,
        email=new.email.strip(),
        email_key=rules.email_key(new.email),
        password_hash=new.password_hash,
        made_at=now,
        confirmed_at=now if new.confirmed else None,
    )
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:  # somebody registered the same address in the same moment
        raise EmailTaken from error
    if new.authority_id is not None:
        session.add(Belonging(person_id=person.id, authority_id=new.authority_id, since=now.date()))
        session.flush()
    return person


def drop_unconfirmed(session: Session, person_id: UUID) -> None:
    """Delete an account whose address nobody has confirmed: whoever registers it again starts afresh."""
    for owner in (AccountLink.person_id, Belonging.person_id, Account.person_id, Person.id):
        session.execute(delete(owner.class_).where(owner == person_id))
    session.flush()


def record_new_account(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> None:
    """Record that an administrator made an account for somebody. Raises `OutsideScope` for a person out of reach."""
    demand_person(session, actor, person_id)
    _record_about(session, Event.ACCOUNT_MADE, actor, person_id, now)


def change_profile(
    session: Session,
    person_id: UUID,
    *,
    name: str,
    language: Language,
    time_zone: str,
    field_of_work: str,
    employer: str,
) -> None:
    """Change what a person says of themselves."""
    person = queries.person(session, person_id)
    person.name, person.name_key = name, sort_key(name)[:LONGEST_KEY]
    person.language, person.time_zone = language.value, time_zone
    person.field_of_work, person.employer = field_of_work, employer
    session.flush()


def move(session: Session, person_id: UUID, authority_id: UUID | None, *, by: UUID, now: datetime) -> None:
    """Let a person belong to another authority from today, or to none. What its administrators saw ends."""
    today = now.date()
    _hold(session, person_id)
    current = session.scalar(select(Belonging).where(Belonging.person_id == person_id, Belonging.until.is_(None)))
    if (current.authority_id if current else None) == authority_id:
        return
    if current is not None and current.since == today:
        session.delete(current)
    elif current is not None:
        current.until = today
    session.flush()
    if authority_id is not None:
        again = session.get(Belonging, (person_id, authority_id, today))
        if again is not None:
            again.until = None
        else:
            session.add(Belonging(person_id=person_id, authority_id=authority_id, since=today))
        session.flush()
    for chain in sorted({authority_id, current.authority_id if current else None}, key=str):  # alike for everybody
        record(
            session,
            Event.PERSON_MOVED,
            actor_id=by,
            subject=str(person_id),
            now=now,
            authority_id=chain,
            to=str(authority_id) if authority_id else None,
        )


def make_welcome_link(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> str:
    """Return the secret of a link by which a person chooses their password. Raises `OutsideScope`."""
    demand_rank(session, actor, person_id)
    _record_about(session, Event.WELCOME_LINK_MADE, actor, person_id, now)
    return links.make_link(session, person_id, rules.LinkPurpose.WELCOME, now=now)


def close_account(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> None:
    """Close an account: nobody signs in with it until it is opened again; the record stays.

    Raises `OutsideScope`, and `WouldLockOut` for the last administrator of the installation.
    """
    demand_rank(session, actor, person_id)
    account = queries.account(session, person_id)
    held = {held.authority_id for held in queries.grants_of(session, person_id) if held.role == Role.ADMINISTRATOR}
    if None in held and _administrators_of_all(session) < 2:
        raise WouldLockOut
    if account.closed_at is None:
        account.closed_at = now
        sign_ins.end_all_sign_ins(session, person_id, now=now)
        _record_about(session, Event.ACCOUNT_CLOSED, actor, person_id, now)


def open_account(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> None:
    """Open a closed account again."""
    demand_rank(session, actor, person_id)
    account = queries.account(session, person_id)
    if account.closed_at is not None:
        account.closed_at = None
        _record_about(session, Event.ACCOUNT_OPENED, actor, person_id, now)


def grant(
    session: Session, actor: Actor | None, person_id: UUID, role: Role, *, authority_id: UUID | None, now: datetime
) -> None:
    """Give a person a role. An authority's administrator grants within it and never above their own rank.

    Without an actor the command line grants. Raises `OutsideScope`.
    """
    if actor is not None:
        demand_person(session, actor, person_id)
        if role is Role.ADMINISTRATOR and not _administers(actor, authority_id):
            raise OutsideScope
    _hold(session, person_id)
    held = select(RoleGrant).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role.value,
        RoleGrant.withdrawn_at.is_(None),
        RoleGrant.authority_id == authority_id if authority_id else RoleGrant.authority_id.is_(None),
    )
    if session.scalar(held) is not None:
        return
    session.add(
        RoleGrant(
            person_id=person_id,
            id=new_id(),
            role=role.value,
            authority_id=authority_id,
            granted_at=now,
            granted_by=actor.person_id if actor else None,
        )
    )
    _record_about(session, Event.ROLE_GRANTED, actor, person_id, now, role=role.value)


def withdraw(session: Session, actor: Actor, person_id: UUID, grant_id: UUID, *, now: datetime) -> None:
    """Take a role back. Raises `OutsideScope` above one's own rank, `WouldLockOut` for the last administrator."""
    demand_person(session, actor, person_id)
    held = session.get(RoleGrant, (person_id, grant_id))
    if held is None or held.withdrawn_at is not None:
        raise OutsideScope
    if held.role == Role.ADMINISTRATOR:
        if not _administers(actor, held.authority_id):
            raise OutsideScope
        if held.authority_id is None and _administrators_of_all(session) < 2:
            raise WouldLockOut
    held.withdrawn_at = now
    _record_about(session, Event.ROLE_WITHDRAWN, actor, person_id, now, role=held.role)


def seed_authority(session: Session, authority: LocalAuthority) -> bool:
    """Add a local authority unless one has its short name; say whether it was added."""
    if queries.authority_by_slug(session, authority.slug) is not None:
        return False
    session.add(authority)
    session.flush()
    return True


def save_authority(session: Session, actor: Actor, authority: LocalAuthority, *, now: datetime) -> None:
    """Add or change a local authority. Raises `OutsideScope` unless the actor administers it, or everything."""
    if not _administers(actor, authority.id):
        raise OutsideScope
    session.add(authority)
    session.flush()
    record(
        session,
        Event.AUTHORITY_CHANGED,
        actor_id=actor.person_id,
        subject=str(authority.id),
        now=now,
        authority_id=authority.id,
    )


def demand_person(session: Session, actor: Actor, person_id: UUID) -> None:
    """Raise `OutsideScope` unless the person is within what the actor administers."""
    if session.scalar(queries.people_administered_by(actor).where(Person.id == person_id)) is None:
        raise OutsideScope


def demand_rank(session: Session, actor: Actor, person_id: UUID) -> None:
    """Raise `OutsideScope` also for a person of a higher rank: an authority's administrator reaches none of all."""
    demand_person(session, actor, person_id)
    held = queries.grants_of(session, person_id)
    if not all(_administers(actor, grant.authority_id) for grant in held if grant.role == Role.ADMINISTRATOR):
        raise OutsideScope


def _hold(session: Session, person_id: UUID) -> None:
    """Let nobody else change a person's roles and belonging until this transaction ends."""
    session.get_one(Person, person_id, with_for_update={"key_share": True})


def _administers(actor: Actor, authority_id: UUID | None) -> bool:
    return actor.administers_everywhere or (authority_id is not None and authority_id in actor.administers)


def _administrators_of_all(session: Session) -> int:
    """Return how many people administer the whole installation, locked until this transaction ends."""
    return len(session.scalars(queries.grants_over_all().with_for_update(of=RoleGrant)).all())


def _record_about(
    session: Session, event: Event, actor: Actor | None, person_id: UUID, now: datetime, **facts: str
) -> None:
    authority = queries.current_authority(session, person_id)
    record(
        session,
        event,
        actor_id=actor.person_id if actor else None,
        subject=str(person_id),
        now=now,
        authority_id=authority.id if authority else None,
        **facts,
    )
