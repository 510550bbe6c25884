"""Reading people. Whoever is looked for is looked for within a scope: what lies outside does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from training.access import Actor, Role
from training.db import Transaction, rows_of
from training.languages import Language, plain
from training.people import rules
from training.people.models import (
    Account,
    AccountLink,
    Belonging,
    LocalAuthority,
    Person,
    RoleGrant,
    SignIn,
    SignInFailure,
)

PAGE = 50

_RECOGNISE = (
    select(
        SignIn.seen_at,
        SignIn.ends_at,
        SignIn.own_device,
        SignIn.strong,
        Person.name,
        Person.language,
        Person.time_zone,
        Person.field_of_work,
        RoleGrant.role,
        RoleGrant.authority_id,
    )
    .join(Person, Person.id == SignIn.person_id)
    .join(Account, and_(Account.person_id == SignIn.person_id, Account.closed_at.is_(None)))
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == SignIn.person_id, RoleGrant.withdrawn_at.is_(None)))
    .where(SignIn.person_id == bindparam("person"), SignIn.key == bindparam("key"), SignIn.ended_at.is_(None))
)


def recognise(transaction: Transaction, person_id: UUID, secret: str, now: datetime) -> Actor | None:
    """Return who acts by this sign-in, if it still holds. One statement, for every signed-in page."""
    key = rules.secret_key_of(secret)
    rows = rows_of(transaction).execute(_RECOGNISE, {"person": person_id, "key": key}).all()
    if not rows:
        return None
    first = rows[0]
    if not rules.sign_in_holds(now=now, seen_at=first.seen_at, ends_at=first.ends_at, own_device=first.own_device):
        return None
    return Actor(
        person_id=person_id,
        name=first.name,
        language=Language(first.language),
        zone=ZoneInfo(first.time_zone),
        field_of_work=first.field_of_work,
        session_key=secret,
        strong=first.strong,
        own_device=first.own_device,
        seen_lately=first.seen_at >= now - rules.SEEN_PRECISION,
        trains=any(row.role == Role.TRAINER for row in rows),
        administers=frozenset(row.authority_id for row in rows if row.role == Role.ADMINISTRATOR),
    )


def is_own_beginning(session: Session, account: Account) -> bool:
    """Whether somebody has begun to register, and no administrator has made the account or given it a role."""
    return account.password_hash is not None and not grants_of(session, account.person_id)


def account_by_email(session: Session, email: str) -> Account | None:
    """Return the account of an e-mail address."""
    return session.scalar(select(Account).where(Account.email_key == rules.email_key(email)))


def person(session: Session, person_id: UUID) -> Person:
    """Return a person who is known to exist: the signed-in one."""
    return session.get_one(Person, person_id)


def account(session: Session, person_id: UUID) -> Account:
    """Return the account of a person who is known to have one."""
    return session.get_one(Account, person_id)


def current_authority(session: Session, person_id: UUID) -> LocalAuthority | None:
    """Return the local authority that a person belongs to today."""
    return session.scalar(
        select(LocalAuthority)
        .join(Belonging, Belonging.authority_id == LocalAuthority.id)
        .where(Belonging.person_id == person_id, Belonging.until.is_(None))
    )


def authorities(session: Session) -> Sequence[LocalAuthority]:
    """Return every local authority, in no order: pages sort by the reader's language."""
    return session.scalars(select(LocalAuthority)).all()


def authority_by_slug(session: Session, slug: str) -> LocalAuthority | None:
    """Return the local authority with this short name."""
    return session.scalar(select(LocalAuthority).where(LocalAuthority.slug == slug))


def authorities_administered_by(actor: Actor) -> Select[LocalAuthority]:
    """Return the authorities within the scope of an administrator."""
    found = select(LocalAuthority)
    if actor.administers_everywhere:
        return found
    return found.where(LocalAuthority.id.in_(sorted(actor.administers - {None}, key=str)))


def people_administered_by(actor: Actor) -> Select[UUID]:
    """Return the identifiers of the people within the scope of an administrator: of the authority, or all."""
    people = select(Person.id)
    if actor.administers_everywhere:
        return people
    return people.join(Belonging, Belonging.person_id == Person.id).where(
        Belonging.until.is_(None), Belonging.authority_id.in_(sorted(actor.administers - {None}, key=str))
    )


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """A person in an administrator's list."""

    id: UUID
    name: str
    name_key: str
    email: str
    language: Language
    closed: bool
    authority: LocalAuthority | None
    roles: frozenset[Role]


def people_page(
    session: Session, actor: Actor, *, search: str = "", after: tuple[str, UUID] | None = None
) -> tuple[Sequence[PersonLine], bool]:
    """Return a page of the people within an administrator's scope, by name, and whether more follow. Two statements."""
    lines = (
        select(
            Person.id, Person.name, Person.name_key, Person.language, Account.email, Account.closed_at, LocalAuthority
        )
        .join(Account, Account.person_id == Person.id)
        .outerjoin(Belonging, and_(Belonging.person_id == Person.id, Belonging.until.is_(None)))
        .outerjoin(LocalAuthority, LocalAuthority.id == Belonging.authority_id)
        .order_by(Person.name_key, Person.id)
        .limit(PAGE + 1)
    )
    if not actor.administers_everywhere:
        lines = lines.where(Person.id.in_(people_administered_by(actor)))
    if search:
        lines = lines.where(
            or_(
                Person.name_key.contains(plain(search), autoescape=True),
                Account.email_key.startswith(rules.email_key(search), autoescape=True),
            )
        )
    if after:
        lines = lines.where(tuple_(Person.name_key, Person.id) > after)
    rows = session.execute(lines).all()
    roles = roles_of(session, [row.id for row in rows[:PAGE]])
    return [
        PersonLine(
            id=row.id,
            name=row.name,
            name_key=row.name_key,
            email=row.email,
            language=Language(row.language),
            closed=row.closed_at is not None,
            authority=row.LocalAuthority,
            roles=roles.get(row.id, frozenset()),
        )
        for row in rows[:PAGE]
    ], len(rows) > PAGE


def roles_of(session: Session, people: Sequence[UUID]) -> dict[UUID, frozenset[Role]]:
    """Return the roles that each of these people was granted."""
    rows = session.execute(
        select(RoleGrant.person_id, RoleGrant.role).where(
            RoleGrant.person_id.in_(people), RoleGrant.withdrawn_at.is_(None)
        )
    )
    found: dict[UUID, set[Role]] = {}
    for person_id, role in rows:
        found.setdefault(person_id, set()).add(Role(role))
    return {person_id: frozenset(roles) for person_id, roles in found.items()}


def grants_of(session: Session, person_id: UUID) -> Sequence[RoleGrant]:
    """Return the roles that a person holds, the newest first."""
    return session.scalars(
        select(RoleGrant)
        .where(RoleGrant.person_id == person_id, RoleGrant.withdrawn_at.is_(None))
        .order_by(RoleGrant.granted_at.desc())
    ).all()


def grants_over_all() -> Select[UUID]:
    """Return the grants by which people administer the whole installation, those of closed accounts left out."""
    return (
        select(RoleGrant.id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR.value,
            RoleGrant.authority_id.is_(None),
            RoleGrant.withdrawn_at.is_(None),
            Account.closed_at.is_(None),
        )
    )


def sign_ins_of(session: Session, person_id: UUID, now: datetime) -> Sequence[SignIn]:
    """Return the sign-ins of a person that still hold, the latest first."""
    rows = session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.ends_at > now)
        .order_by(SignIn.seen_at.desc())
    )
    return [
        row
        for row in rows
        if rules.sign_in_holds(now=now, seen_at=row.seen_at, ends_at=row.ends_at, own_device=row.own_device)
    ]


def open_link(session: Session, secret: str, now: datetime) -> AccountLink | None:
    """Return the link that a secret opens, if it may still be used."""
    return session.scalar(
        select(AccountLink)
        .join(Account, Account.person_id == AccountLink.person_id)
        .where(
            AccountLink.key == rules.secret_key_of(secret),
            AccountLink.used_at.is_(None),
            AccountLink.ends_at > now,
            Account.closed_at.is_(None),
        )
    )


def failures(session: Session, keys: Sequence[str], now: datetime) -> dict[str, SignInFailure]:
    """Return the recent failures under these keys."""
    rows = session.scalars(
        select(SignInFailure).where(SignInFailure.key.in_(keys), SignInFailure.last_at > now - rules.FAILURES_FORGOTTEN)
    )
    return {row.key: row for row in rows}
