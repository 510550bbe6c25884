"""Reading who runs the installation, who acted, and what that concerned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.access import Actor, Role
from training.audit.models import AuditEntry
from training.audit.rules import Event
from training.certificates.models import Certificate, RegisterToken
from training.certificates.queries import within
from training.cohorts.models import TrainingGroup
from training.mail.models import Letter
from training.operation.rules import CONCERNED, Concerned
from training.people.models import Account, LocalAuthority, Person, RoleGrant
from training.people.queries import people_administered_by


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


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the subjects of entries are called today, by identifier: people and certificates within the reader's scope.

    Whoever is outside it is `elsewhere`; what is gone is nowhere. Authorities have a name in each language.
    """

    names: Mapping[Concerned, Mapping[str, str]]
    authorities: Mapping[str, dict[str, Any]]
    elsewhere: frozenset[str]


def known_to(session: Session, actor: Actor, entries: Sequence[AuditEntry]) -> Known:
    """Return what an administrator may know of the subjects of entries. Seven statements, whatever is in them."""
    subjects: dict[Concerned, list[UUID]] = {kind: [] for kind in Concerned}
    for entry in entries:
        kind = CONCERNED[Event(entry.event)]
        if kind not in {Concerned.PEOPLE, Concerned.CERTIFICATES}:
            subjects[kind].append(UUID(entry.subject))
    people = names_of(session, subjects[Concerned.PERSON])
    theirs = set(session.scalars(people_administered_by(actor).where(Person.id.in_(people))))
    certificates = session.scalars(within(actor).where(Certificate.id.in_(subjects[Concerned.CERTIFICATE])))
    places = select(LocalAuthority.id, LocalAuthority.names).where(LocalAuthority.id.in_(subjects[Concerned.AUTHORITY]))
    named: Mapping[Concerned, tuple[Any, Any]] = {
        Concerned.GROUP: (TrainingGroup.id, TrainingGroup.name),
        Concerned.TOKEN: (RegisterToken.id, RegisterToken.label),
        Concerned.LETTER: (Letter.id, Letter.address),
    }
    names = {
        kind: {str(row[0]): row[1] for row in session.execute(select(key, name).where(key.in_(subjects[kind])))}
        for kind, (key, name) in named.items()
    }
    names[Concerned.PERSON] = {str(identity): name for identity, name in people.items() if identity in theirs}
    names[Concerned.CERTIFICATE] = {str(one.id): one.claims["number"] for one in certificates}
    return Known(
        names=names,
        authorities={str(row[0]): row[1] for row in session.execute(places)},
        elsewhere=frozenset(str(identity) for identity in people.keys() - theirs),
    )
