"""Reading who runs the installation, and who acted."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.access import Role
from training.people.models import Account, Person, RoleGrant


def operators(session: Session) -> Sequence[tuple[Person, str]]:
    """Return the administrators of the whole installation, with the addresses at which they are reached."""
    rows = session.execute(
        select(Person, Account.email)
        .join(Account, Account.person_id == Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR.value,
            RoleGrant.authority_id.is_(None),
            RoleGrant.withdrawn_at.is_(None),
            Account.closed_at.is_(None),
        )
    )
    return [(row.Person, row.email) for row in rows]


def names_of(session: Session, people: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of those who acted, as far as they are still known."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {row.id: row.name for row in rows}
