"""A person's own data, found by walking the tables: what is declared is what is exported and erased."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Select, Table, false, func, or_, select
from sqlalchemy.orm import Mapper, Session

from training.cohorts.models import Invitation
from training.db import Base
from training.mail.models import Letter
from training.people.models import Account, Person
from training.people.rules import email_key
from training.privacy import rules
from training.terms import Erasure, OnErasure, Privacy, Purpose

OWNER = "person_id"
"""What a column is called that says whose a row is; in `person` itself it is `id`."""


@dataclass(frozen=True)
class Declared:
    """A table and what it declares about people."""

    table: Table
    model: type[Base]

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def erasure(self) -> Erasure:
        return self.model.erasure

    @property
    def serves(self) -> Purpose:
        return self.model.serves

    @property
    def owner(self) -> Column[Any] | None:
        """The column that says whose a row is; none where the table is not about a person."""
        if self.model is Person:
            return self.table.c["id"]
        found: Column[Any] | None = self.table.c.get(OWNER)
        return found

    def columns(self, *classes: Privacy) -> Sequence[Column[Any]]:
        """Return the columns of these privacy classes; all without one."""
        wanted = {privacy.value for privacy in classes}
        return [column for column in self.table.c if not wanted or column.info["privacy"] in wanted]


def declared() -> Sequence[Declared]:
    """Return every table of the program, those that others point to first."""
    mappers: Iterator[Mapper[Any]] = iter(Base.registry.mappers)
    models = {str(mapper.class_.__tablename__): mapper.class_ for mapper in mappers}
    return [Declared(table, models[table.name]) for table in Base.metadata.sorted_tables]


def erasable() -> Sequence[str]:
    """Return the names of the tables from which erasing somebody takes something."""
    return [one.name for one in declared() if one.erasure.does in {OnErasure.DELETE, OnErasure.CUT}]


EMAIL_CHANGED = "email-changed"
"""The letter to a former address, which therefore was proved."""
Record = Mapping[str, Any]
"""A row for its person: column and value."""


def addresses_of(session: Session, person_id: UUID) -> Sequence[str]:
    """Return the e-mail addresses that a person has proved to be theirs: the present one, then former ones, casefolded.

    An address that somebody merely typed, or to which an invitation went that they accepted, may be another's.
    """
    own = [account.email_key for account in session.scalars(select(Account).where(Account.person_id == person_id))]
    told = select(Letter.address).where(Letter.person_id == person_id, Letter.kind == EMAIL_CHANGED)
    former = {email_key(address) for address in session.scalars(told)}
    taken = session.scalars(select(Account.email_key).where(Account.email_key.in_(former))).all()
    return [*own, *sorted(former - set(taken))]


def own_data(session: Session, person_id: UUID) -> Mapping[str, Sequence[Record]]:
    """Return every row about a person, by table; credentials are left out, identifiers of others too.

    Letters and invitations belong to whoever has their address, also before there is an account. One statement for
    each table, and three for the addresses.
    """
    addresses = addresses_of(session, person_id)[:1]
    by_address = {
        Letter.__tablename__: func.lower(Letter.address).in_(addresses),
        Invitation.__tablename__: Invitation.email_key.in_(addresses),
    }
    found: dict[str, Sequence[Record]] = {}
    for one in declared():
        if one.owner is None:
            continue
        columns = [column for column in one.table.c if is_told(column)]
        theirs = or_(one.owner == person_id, by_address.get(one.name, false()))
        rows = session.execute(select(*columns).where(theirs)).mappings().all()
        if rows:
            found[one.name] = [dict(row) for row in rows]
    return found


def is_told(column: Column[Any]) -> bool:
    """Whether a person is told what stands in a column: all but what proves who they are, or is others' to know."""
    return column.info["privacy"] not in {Privacy.CREDENTIAL.value, Privacy.TRACE.value}


def plain(value: object) -> str:
    """Return as JSON takes it what JSON does not know: a moment or a day in ISO 8601, an identifier."""
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def unconfirmed(now: datetime) -> Select[UUID]:
    """Return who made an account whose address was not confirmed in time."""
    return select(Account.person_id).where(
        Account.confirmed_at.is_(None),
        Account.password_hash.is_not(None),
        Account.made_at < now - rules.UNCONFIRMED_KEPT,
    )
