"""Reading people, on both engines: whoever lies outside a scope does not exist."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.cast import NOW, Cast
from training.access import Role
from training.languages import sort_key
from training.people import actions, queries, sign_ins
from training.people.models import Account, LocalAuthority

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def names(cast: Cast, actor_id: UUID, search: str = "") -> list[str]:
    lines, _more = queries.people_page(cast.session, cast.actor(actor_id), search=search)
    return [line.name for line in lines]


def test_an_administrator_of_all_sees_everybody_by_name_with_roles_and_city(cast: Cast) -> None:
    alba = cast.administrator("Alba")
    cast.person("Žofie", place=None)
    cast.person("Élodie", place="augsburg")
    lines, more = queries.people_page(cast.session, cast.actor(alba))
    found = [line.name for line in lines]
    assert not more
    assert found == sorted(found, key=sort_key)
    assert {"Alba", "Élodie", "Žofie", "Noise 0", "Nora Noise"} <= set(found)
    by_name = {line.name: line for line in lines}
    assert by_name["Alba"].roles == {Role.ADMINISTRATOR}
    assert by_name["Nora Noise"].roles == {Role.TRAINER}
    assert by_name["Žofie"].authority is None


def test_an_administrator_of_one_authority_sees_its_people_alone(cast: Cast) -> None:
    local = cast.administrator("Local", place="liege")
    cast.person("Ada", place="liege")
    cast.person("Foreign", place="augsburg")
    cast.person("Nobody's", place=None)
    moved = cast.person("Moved", place="liege")
    actions.move(cast.session, moved, cast.places["augsburg"], by=moved, now=NOW)
    assert names(cast, local) == ["Ada", "Local", "Nora Noise"]  # the noise lives here too


def test_an_administrator_of_two_authorities_sees_the_people_of_both(cast: Cast) -> None:
    local = cast.administrator("Local", place="bologna")
    cast.grant(local, Role.ADMINISTRATOR, "malmo")
    cast.person("Ada", place="bologna")
    cast.person("Bea", place="malmo")
    assert names(cast, local) == ["Ada", "Bea", "Local"]


def test_a_participant_and_a_trainer_see_nobody(cast: Cast) -> None:
    assert names(cast, cast.person("Ada")) == []
    assert names(cast, cast.trainer()) == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("elodie", ["Élodie Ábel"]),
        ("ÁBEL", ["Élodie Ábel"]),
        ("lukic", ["Đorđe Lukić"]),
        ("dorde", ["Đorđe Lukić"]),
        ("elo@Example.org", ["Élodie Ábel"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("nobody", []),
    ],
)
def test_people_are_found_by_a_part_of_their_name_without_accents_and_by_their_address(
    cast: Cast, search: str, found: list[str]
) -> None:
    cast.person("Élodie Ábel", email="elo@example.org")
    cast.person("Đorđe Lukić", email="dl@example.org")
    assert names(cast, cast.administrator(), search) == found


def test_a_long_list_comes_in_pages_without_doubles_or_gaps(cast: Cast) -> None:
    alba = cast.administrator()
    for number in range(queries.PAGE + 20):
        cast.person(f"Twin {number % 7}")
    seen: list[UUID] = []
    after = None
    more = True
    while more:
        lines, more = queries.people_page(cast.session, cast.actor(alba), after=after)
        seen += [line.id for line in lines]
        after = (lines[-1].name_key, lines[-1].id)
    everybody = queries.people_administered_by(cast.actor(alba))
    assert len(seen) == len(set(seen)) == len(cast.session.scalars(everybody).all())


def test_authorities_are_those_that_one_administers(cast: Cast) -> None:
    local, alba = cast.administrator("Local", place="liege"), cast.administrator("Alba")

    def slugs(person_id: UUID) -> set[str]:
        found = queries.authorities_administered_by(cast.actor(person_id))
        return {authority.slug for authority in cast.session.scalars(found)}

    assert slugs(local) == {"liege"}
    assert slugs(alba) == set(cast.places)
    assert slugs(cast.person()) == set()
    assert {one.slug for one in queries.authorities(cast.session)} == set(cast.places)


def test_an_account_is_found_by_its_address_whatever_its_case(cast: Cast) -> None:
    ada = cast.person(email="Ada@Example.org")
    found = queries.account_by_email(cast.session, " aDA@example.ORG")
    assert found is not None
    assert found.person_id == ada
    assert queries.account_by_email(cast.session, "ada@example.or") is None


# Signing in


def test_a_sign_in_recognises_its_person_with_their_roles(cast: Cast) -> None:
    ada = cast.person("Ada")
    cast.grant(ada, Role.TRAINER)
    cast.grant(ada, Role.ADMINISTRATOR, "liege")
    secret = sign_ins.begin_sign_in(cast.session, ada, own_device=False, user_agent="", now=NOW)
    actor = queries.recognise(cast.session, ada, secret, NOW)
    assert actor is not None
    assert (actor.person_id, actor.name, actor.trains) == (ada, "Ada", True)
    assert actor.administers == {cast.places["liege"]}


@pytest.mark.parametrize(
    "why", ["another's secret", "a wrong secret", "signed out", "closed", "too old", "idle", "another person"]
)
def test_nobody_is_recognised_by_what_does_not_hold(cast: Cast, why: str) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    secret = sign_ins.begin_sign_in(cast.session, ada, own_device=False, user_agent="", now=NOW)
    hers = sign_ins.begin_sign_in(cast.session, eve, own_device=False, user_agent="", now=NOW)
    person_id, shown, now = ada, secret, NOW
    if why == "another's secret":
        shown = hers
    elif why == "a wrong secret":
        shown = secret[:-1]
    elif why == "signed out":
        sign_ins.end_all_sign_ins(cast.session, ada, now=NOW)
    elif why == "closed":
        cast.session.get_one(Account, ada).closed_at = NOW
        cast.session.flush()
    elif why == "too old":
        now = NOW + 13 * HOUR
    elif why == "idle":
        now = NOW + HOUR
    else:
        person_id = eve
    assert queries.recognise(cast.session, person_id, shown, now) is None


def test_a_withdrawn_role_is_gone_at_the_next_page(cast: Cast) -> None:
    tom, alba = cast.trainer(), cast.actor(cast.administrator())
    secret = sign_ins.begin_sign_in(cast.session, tom, own_device=False, user_agent="", now=NOW)
    actions.withdraw(cast.session, alba, tom, queries.grants_of(cast.session, tom)[0].id, now=NOW)
    actor = queries.recognise(cast.session, tom, secret, NOW)
    assert actor is not None
    assert not actor.trains


def test_a_sign_in_in_use_is_noted_every_five_minutes_at_most(cast: Cast) -> None:
    from dataclasses import replace

    from tests.tables import nothing_changes

    ada = cast.person()
    secret = sign_ins.begin_sign_in(cast.session, ada, own_device=False, user_agent="", now=NOW)
    actor = replace(cast.actor(ada), session_key=secret)
    with nothing_changes(cast.session):
        sign_ins.mark_seen(cast.session, actor, now=NOW + timedelta(minutes=5))
    sign_ins.mark_seen(cast.session, actor, now=NOW + timedelta(minutes=50))
    assert queries.recognise(cast.session, ada, secret, NOW + timedelta(minutes=100)) is not None


def test_own_devices_are_listed_latest_first_without_those_that_ended(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    agent = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    for minutes in (0, 10, 20):
        now = NOW + timedelta(minutes=minutes)
        last = sign_ins.begin_sign_in(cast.session, ada, own_device=False, user_agent=agent, now=now)
    sign_ins.begin_sign_in(cast.session, eve, own_device=False, user_agent="", now=NOW)
    from training.people.rules import secret_key_of

    sign_ins.end_sign_in(cast.session, ada, secret_key_of(last), now=NOW)
    held = queries.sign_ins_of(cast.session, ada, NOW + timedelta(minutes=30))
    assert [one.made_at for one in held] == [NOW + timedelta(minutes=10), NOW]
    assert {one.device for one in held} == {"Firefox · Windows"}


def test_failures_are_counted_by_key_and_forgotten_after_a_while(cast: Cast) -> None:
    for _ in range(3):
        sign_ins.note_failure(cast.session, ["account", "address"], now=NOW)
    sign_ins.note_failure(cast.session, ["other", "address"], now=NOW)
    found = queries.failures(cast.session, ["account", "address", "unknown"], NOW)
    assert {key: row.failures for key, row in found.items()} == {"account": 3, "address": 4}
    assert queries.failures(cast.session, ["account"], NOW + 2 * HOUR) == {}
    sign_ins.forget_failures(cast.session, "account")
    assert set(queries.failures(cast.session, ["account", "address"], NOW)) == {"address"}


def test_old_failures_do_not_add_up_with_new_ones(cast: Cast) -> None:
    sign_ins.note_failure(cast.session, ["account"], now=NOW)
    sign_ins.note_failure(cast.session, ["account"], now=NOW + 2 * HOUR)
    assert queries.failures(cast.session, ["account"], NOW + 2 * HOUR)["account"].failures == 1


def test_noise_is_there_to_be_filtered(cast: Cast) -> None:
    assert cast.session.query(LocalAuthority).count() == len(cast.places) > 5
