"""Two people who do the same to an account at the same moment."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, assemble
from tests.people.test_actions import NEW
from tests.together import at_once, succeeded
from training.access import Actor, Role
from training.audit import rules as audit_rules
from training.audit.models import AuditChain, AuditEntry
from training.courses.library import Library
from training.db import Database
from training.people import actions, queries, sign_ins
from training.people.actions import EmailTaken, WouldLockOut
from training.people.models import Account, Belonging, RoleGrant, SignInFailure


def staged(database: Database, library: Library, play: Callable[[Cast], None]) -> None:
    with database.transaction() as session:
        play(assemble(session, library))


def test_one_address_registered_twice_at_once_is_one_account(database: Database, library: Library) -> None:
    staged(database, library, lambda cast: None)
    results = at_once(database, [lambda session: actions.make_account(session, NEW, now=NOW).id] * 4)
    assert len(succeeded(results)) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {EmailTaken}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_failures_at_once_are_all_counted(database: Database, library: Library) -> None:
    """Else a guesser who tries in parallel would be counted as one who tries once."""
    staged(database, library, lambda cast: None)

    def fail(session: Session) -> None:
        sign_ins.note_failure(session, ["account", "address"], now=NOW)

    assert at_once(database, [fail] * 8) == [None] * 8
    with database.reading() as session:
        assert session.scalars(select(SignInFailure.failures)).all() == [8, 8]


def withdraw(actor: Actor, person_id: UUID, grant_id: UUID) -> Callable[[Session], None]:
    return lambda session: actions.withdraw(session, actor, person_id, grant_id, now=NOW)


def test_two_administrators_who_withdraw_each_other_do_not_lock_everybody_out(
    database: Database, library: Library
) -> None:
    for _ in range(4):
        people: list[tuple[Actor, UUID, UUID]] = []

        def play(cast: Cast, people: list[tuple[Actor, UUID, UUID]] = people) -> None:
            for name in ("First", "Second"):
                person_id = cast.person(name, email=f"{name}{cast.count}{len(cast.places)}{id(people)}@example.org")
                cast.grant(person_id, Role.ADMINISTRATOR)
                people.append((cast.actor(person_id), person_id, queries.grants_of(cast.session, person_id)[0].id))

        with database.transaction() as session:
            for grant in session.scalars(select(RoleGrant).where(RoleGrant.withdrawn_at.is_(None))):
                grant.withdrawn_at = NOW
        staged(database, library, play)
        (first, first_id, first_grant), (second, second_id, second_grant) = people
        results = at_once(database, [withdraw(first, second_id, second_grant), withdraw(second, first_id, first_grant)])
        assert len([one for one in results if isinstance(one, WouldLockOut)]) == 1, results


@pytest.mark.parametrize("what", ["grants", "moves"])
def test_the_same_done_twice_at_once_is_done_once(database: Database, library: Library, what: str) -> None:
    found: dict[str, tuple[Actor, UUID, UUID]] = {}

    def play(cast: Cast) -> None:
        found["it"] = (cast.actor(cast.administrator()), cast.person("Ada"), cast.places["augsburg"])

    staged(database, library, play)
    alba, ada, augsburg = found["it"]

    def act(session: Session) -> None:
        if what == "grants":
            actions.grant(session, alba, ada, Role.TRAINER, authority_id=None, now=NOW)
        else:
            actions.move(session, ada, augsburg, by=alba.person_id, now=NOW)

    assert at_once(database, [act] * 4) == [None] * 4
    with database.reading() as session:
        if what == "grants":
            assert session.scalar(select(func.count()).where(RoleGrant.person_id == ada)) == 1
        else:
            current = select(func.count()).where(Belonging.person_id == ada, Belonging.until.is_(None))
            assert session.scalar(current) == 1


def test_people_who_swap_cities_at_once_do_not_wait_for_each_other(database: Database, library: Library) -> None:
    people: list[UUID] = []
    places: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        places.update(cast.places)
        people.extend(cast.person(f"P{number}", place=("liege", "augsburg")[number % 2]) for number in range(8))

    staged(database, library, play)

    def move(person_id: UUID, to: UUID) -> Callable[[Session], None]:
        return lambda session: actions.move(session, person_id, to, by=person_id, now=NOW)

    acts = [move(one, places[("augsburg", "liege")[number % 2]]) for number, one in enumerate(people)]
    assert at_once(database, acts) == [None] * 8


def test_many_entries_at_once_make_one_unbroken_chain(database: Database, library: Library) -> None:
    found: dict[str, tuple[Actor, list[UUID]]] = {}

    def play(cast: Cast) -> None:
        found["it"] = (cast.actor(cast.administrator()), [cast.person(f"P{number}") for number in range(8)])

    staged(database, library, play)
    alba, people = found["it"]

    def grant(person_id: UUID) -> Callable[[Session], None]:
        return lambda session: actions.grant(session, alba, person_id, Role.TRAINER, authority_id=None, now=NOW)

    assert at_once(database, [grant(one) for one in people]) == [None] * 8
    with database.reading() as session:
        for head in session.scalars(select(AuditChain)):
            entries = session.scalars(
                select(AuditEntry).where(AuditEntry.chain == head.chain).order_by(AuditEntry.number)
            ).all()
            assert [entry.number for entry in entries] == list(range(1, head.last_number + 1))
            before = audit_rules.BEGINNING
            for entry in entries:
                assert entry.previous == before
                before = entry.digest
            assert before == head.last_digest
