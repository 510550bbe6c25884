"""What is done to accounts, roles and belongings, on both engines: within the actor's scope, or not at all."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.cast import NOW, Cast, identifier
from tests.tables import nothing_changes
from training.access import Actor, Role
from training.audit.models import AuditEntry
from training.languages import Language
from training.people import actions, links, queries
from training.people.actions import EmailTaken, NewPerson, OutsideScope, WouldLockOut
from training.people.models import Account, AccountLink, Belonging, LocalAuthority, Person, RoleGrant, SignIn
from training.people.sign_ins import begin_sign_in

DAY = timedelta(days=1)
NEW = NewPerson(
    name="Élodie  Martin-Roux",
    email=" Elodie@Example.org ",
    password_hash=None,
    language=Language.FR,
    time_zone="Europe/Paris",
    field_of_work="youth",
    employer="",
    authority_id=None,
)


def grants(cast: Cast, person_id: UUID) -> list[tuple[str, UUID | None]]:
    return [(grant.role, grant.authority_id) for grant in queries.grants_of(cast.session, person_id)]


def events(cast: Cast, subject: UUID) -> list[tuple[str, UUID | None]]:
    rows = cast.session.execute(
        select(AuditEntry.event, AuditEntry.actor_id)
        .where(AuditEntry.subject == str(subject))
        .order_by(AuditEntry.at, AuditEntry.number)
    )
    return [(row.event, row.actor_id) for row in rows]


# Accounts


def test_a_name_is_kept_exactly_as_it_was_written_and_an_address_without_its_blanks(cast: Cast) -> None:
    person = actions.make_account(cast.session, NEW, now=NOW)
    assert person.name == "Élodie  Martin-Roux"
    assert cast.session.get_one(Account, person.id).email == "Elodie@Example.org"


@pytest.mark.parametrize("email", ["elodie@example.org", "ELODIE@EXAMPLE.ORG", " elodie@Example.org"])
def test_an_address_has_one_account_whatever_its_case(cast: Cast, email: str) -> None:
    actions.make_account(cast.session, NEW, now=NOW)
    again = NewPerson(**(NEW.__dict__ | {"email": email}))
    with nothing_changes(cast.session), pytest.raises(EmailTaken):
        actions.make_account(cast.session, again, now=NOW)


@pytest.mark.parametrize("name", ["ß" * 200, "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200, "𝕬" * 200])
def test_a_very_long_name_in_any_script_is_kept(cast: Cast, name: str) -> None:
    person = actions.make_account(cast.session, NewPerson(**(NEW.__dict__ | {"name": name})), now=NOW)
    cast.session.expire_all()
    assert cast.session.get_one(Person, person.id).name == name
    actions.change_profile(
        cast.session,
        person.id,
        name=name[::-1],
        language=Language.DE,
        time_zone="Europe/Berlin",
        field_of_work="other",
        employer="",
    )
    cast.session.expire_all()
    assert cast.session.get_one(Person, person.id).name == name[::-1]


def test_a_changed_name_is_sorted_anew(cast: Cast) -> None:
    ada = cast.person("Ada")
    before = cast.session.get_one(Person, ada).name_key
    actions.change_profile(
        cast.session,
        ada,
        name="Zoé",
        language=Language.DE,
        time_zone="Europe/Berlin",
        field_of_work="other",
        employer="City of Liège",
    )
    person = cast.session.get_one(Person, ada)
    assert (person.name, person.language, person.employer) == ("Zoé", "de", "City of Liège")
    assert person.name_key.startswith("zoe")
    assert person.name_key != before


def test_a_closed_account_is_signed_out_everywhere_and_can_be_opened_again(cast: Cast) -> None:
    ada, alba = cast.person("Ada"), cast.actor(cast.administrator())
    begin_sign_in(cast.session, ada, own_device=True, user_agent="", now=NOW)
    actions.close_account(cast.session, alba, ada, now=NOW)
    assert cast.session.get_one(Account, ada).closed_at == NOW
    assert queries.sign_ins_of(cast.session, ada, NOW) == []
    with nothing_changes(cast.session):
        actions.close_account(cast.session, alba, ada, now=NOW + DAY)
    actions.open_account(cast.session, alba, ada, now=NOW + DAY)
    assert cast.session.get_one(Account, ada).closed_at is None
    assert [event for event, _actor in events(cast, ada)] == ["account-closed", "account-opened"]


def test_the_last_administrator_of_all_can_neither_be_closed_nor_lose_the_role(cast: Cast) -> None:
    first = cast.administrator("First")
    second = cast.administrator("Second")
    actor = cast.actor(first)
    actions.close_account(cast.session, actor, second, now=NOW)
    grant_id = queries.grants_of(cast.session, first)[0].id
    with nothing_changes(cast.session), pytest.raises(WouldLockOut):
        actions.close_account(cast.session, actor, first, now=NOW)
    with nothing_changes(cast.session), pytest.raises(WouldLockOut):
        actions.withdraw(cast.session, actor, first, grant_id, now=NOW)


# Roles


def test_an_administrator_of_all_gives_every_role(cast: Cast) -> None:
    ada, alba = cast.person("Ada"), cast.administrator()
    liege = cast.places["liege"]
    actor = cast.actor(alba)
    actions.grant(cast.session, actor, ada, Role.TRAINER, authority_id=None, now=NOW)
    actions.grant(cast.session, actor, ada, Role.ADMINISTRATOR, authority_id=liege, now=NOW)
    assert set(grants(cast, ada)) == {("trainer", None), ("administrator", liege)}
    assert events(cast, ada) == [("role-granted", alba)] * 2


def test_a_role_that_is_held_is_not_given_twice(cast: Cast) -> None:
    tom, alba = cast.trainer(), cast.actor(cast.administrator())
    with nothing_changes(cast.session):
        actions.grant(cast.session, alba, tom, Role.TRAINER, authority_id=None, now=NOW + DAY)


def test_a_role_that_was_withdrawn_can_be_given_again(cast: Cast) -> None:
    tom, alba = cast.trainer(), cast.actor(cast.administrator())
    actions.withdraw(cast.session, alba, tom, queries.grants_of(cast.session, tom)[0].id, now=NOW)
    assert grants(cast, tom) == []
    actions.grant(cast.session, alba, tom, Role.TRAINER, authority_id=None, now=NOW + DAY)
    assert grants(cast, tom) == [("trainer", None)]
    assert len(cast.session.scalars(select(RoleGrant).where(RoleGrant.person_id == tom)).all()) == 2


def test_withdrawing_twice_is_refused(cast: Cast) -> None:
    tom, alba = cast.trainer(), cast.actor(cast.administrator())
    grant_id = queries.grants_of(cast.session, tom)[0].id
    actions.withdraw(cast.session, alba, tom, grant_id, now=NOW)
    with nothing_changes(cast.session), pytest.raises(OutsideScope):
        actions.withdraw(cast.session, alba, tom, grant_id, now=NOW + DAY)


def test_a_grant_of_somebody_else_is_not_withdrawn_through_a_person_in_scope(cast: Cast) -> None:
    local = cast.actor(cast.administrator("Local", place="liege"))
    ada, foreign = cast.person("Ada", place="liege"), cast.trainer("Foreign")
    grant_id = queries.grants_of(cast.session, foreign)[0].id
    with nothing_changes(cast.session), pytest.raises(OutsideScope):
        actions.withdraw(cast.session, local, ada, grant_id, now=NOW)


def test_an_administrator_of_one_authority_grants_within_it_and_never_above(cast: Cast) -> None:
    local = cast.actor(cast.administrator("Local", place="liege"))
    ada = cast.person("Ada", place="liege")
    liege, augsburg = cast.places["liege"], cast.places["augsburg"]
    actions.grant(cast.session, local, ada, Role.ADMINISTRATOR, authority_id=liege, now=NOW)
    assert grants(cast, ada) == [("administrator", liege)]
    for above in (augsburg, None):
        with nothing_changes(cast.session), pytest.raises(OutsideScope):
            actions.grant(cast.session, local, ada, Role.ADMINISTRATOR, authority_id=above, now=NOW)


Act = Callable[[Cast, Actor, UUID], object]

ACTS: dict[str, Act] = {
    "close": lambda cast, actor, who: actions.close_account(cast.session, actor, who, now=NOW),
    "open": lambda cast, actor, who: actions.open_account(cast.session, actor, who, now=NOW),
    "make a welcome link": lambda cast, actor, who: actions.make_welcome_link(cast.session, actor, who, now=NOW),
    "grant": lambda cast, actor, who: actions.grant(cast.session, actor, who, Role.TRAINER, authority_id=None, now=NOW),
    "record": lambda cast, actor, who: actions.record_new_account(cast.session, actor, who, now=NOW),
    "withdraw": lambda cast, actor, who: actions.withdraw(cast.session, actor, who, identifier(), now=NOW),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("whose", ["another authority's", "nobody's", "one who moved away", "one who is not there"])
def test_an_administrator_of_one_authority_reaches_nobody_else(cast: Cast, act: Act, whose: str) -> None:
    local = cast.actor(cast.administrator("Local", place="liege"))
    moved = cast.person("Moved", place="liege")
    actions.move(cast.session, moved, cast.places["augsburg"], by=local.person_id, now=NOW)
    who = {
        "another authority's": cast.person("Foreign", place="augsburg"),
        "nobody's": cast.person("Nobody's", place=None),
        "one who moved away": moved,
        "one who is not there": identifier(),
    }[whose]
    with nothing_changes(cast.session), pytest.raises(OutsideScope):
        act(cast, local, who)


@pytest.mark.parametrize("act", ["close", "open", "make a welcome link"])
def test_an_administrator_of_one_authority_does_not_reach_above_their_rank(cast: Cast, act: str) -> None:
    """The administrator of all may live in the city too: a welcome link would be a way into their account."""
    local = cast.actor(cast.administrator("Local", place="liege"))
    above = cast.person("Above", place="liege")
    cast.grant(above, Role.ADMINISTRATOR)
    with nothing_changes(cast.session), pytest.raises(OutsideScope):
        ACTS[act](cast, local, above)


def test_a_participant_and_a_trainer_reach_nobody(cast: Cast) -> None:
    ada = cast.person("Ada")
    for actor in (cast.actor(cast.person("Eve")), cast.actor(cast.trainer())):
        for act in ACTS.values():
            with nothing_changes(cast.session), pytest.raises(OutsideScope):
                act(cast, actor, ada)


# Belonging


def belongings(cast: Cast, person_id: UUID) -> list[tuple[str, bool]]:
    slugs = {place_id: slug for slug, place_id in cast.places.items()}
    rows = cast.session.scalars(
        select(Belonging).where(Belonging.person_id == person_id).order_by(Belonging.since, Belonging.until)
    )
    return [(slugs[row.authority_id], row.until is None) for row in rows]


def test_who_moves_belongs_to_one_authority_at_a_time(cast: Cast) -> None:
    ada = cast.person(place="liege")
    actions.move(cast.session, ada, cast.places["augsburg"], by=ada, now=NOW)
    assert sorted(belongings(cast, ada)) == [("augsburg", True), ("liege", False)]
    authority = queries.current_authority(cast.session, ada)
    assert authority is not None
    assert authority.slug == "augsburg"


def test_moving_there_and_back_on_one_day_leaves_where_one_was(cast: Cast) -> None:
    ada = cast.person(place="liege")
    for slug in ("augsburg", "liege", "augsburg", "bologna", "liege"):
        actions.move(cast.session, ada, cast.places[slug], by=ada, now=NOW)
        authority = queries.current_authority(cast.session, ada)
        assert authority is not None
        assert authority.slug == slug


def test_moving_nowhere_ends_the_belonging(cast: Cast) -> None:
    ada = cast.person(place="liege")
    actions.move(cast.session, ada, None, by=ada, now=NOW)
    assert queries.current_authority(cast.session, ada) is None
    actions.move(cast.session, ada, cast.places["liege"], by=ada, now=NOW + DAY)
    assert queries.current_authority(cast.session, ada) is not None


def test_moving_to_where_one_is_changes_nothing(cast: Cast) -> None:
    ada = cast.person(place="liege")
    with nothing_changes(cast.session):
        actions.move(cast.session, ada, cast.places["liege"], by=ada, now=NOW)


def test_a_move_is_on_record_with_both_authorities(cast: Cast) -> None:
    ada = cast.person(place="liege")
    actions.move(cast.session, ada, cast.places["augsburg"], by=ada, now=NOW)
    chains = set(cast.session.scalars(select(AuditEntry.chain).where(AuditEntry.event == "person-moved")))
    assert chains == {cast.places["liege"], cast.places["augsburg"]}


# Authorities


def authority(cast: Cast, slug: str = "liege") -> LocalAuthority:
    found = queries.authority_by_slug(cast.session, slug)
    assert found is not None
    return found


def test_an_authority_is_saved_by_its_administrator(cast: Cast) -> None:
    local = cast.actor(cast.administrator("Local", place="liege"))
    found = authority(cast)
    found.population = 200_000
    actions.save_authority(cast.session, local, found, now=NOW)
    assert events(cast, found.id) == [("authority-changed", local.person_id)]


def test_an_authority_is_not_saved_by_the_administrator_of_another(cast: Cast) -> None:
    local = cast.actor(cast.administrator("Local", place="augsburg"))
    with nothing_changes(cast.session), pytest.raises(OutsideScope):
        actions.save_authority(cast.session, local, authority(cast), now=NOW)


def test_seeding_an_authority_that_is_there_leaves_it_as_the_city_wrote_it(cast: Cast) -> None:
    found = authority(cast)
    again = LocalAuthority(
        id=identifier(), slug=found.slug, names={"en": "Another"}, country="BE", liaise=[], made_at=NOW
    )
    with nothing_changes(cast.session):
        assert actions.seed_authority(cast.session, again) is False


# Welcome links


def test_a_welcome_link_is_kept_as_a_hash_and_opens_once(cast: Cast) -> None:
    ada, alba = cast.person("Ada"), cast.actor(cast.administrator())
    secret = actions.make_welcome_link(cast.session, alba, ada, now=NOW)
    other = actions.make_welcome_link(cast.session, alba, ada, now=NOW)
    kept = cast.session.scalars(select(AccountLink.key).where(AccountLink.person_id == ada)).all()
    assert secret not in kept
    link = queries.open_link(cast.session, secret, NOW)
    assert link is not None
    links.set_password(cast.session, link, "a hash", now=NOW)
    assert cast.session.get_one(Account, ada).password_hash == "a hash"
    for used in (secret, other):
        assert queries.open_link(cast.session, used, NOW) is None


@pytest.mark.parametrize(("days", "opens"), [(0, True), (13, True), (14, False), (400, False)])
def test_a_welcome_link_opens_for_two_weeks(cast: Cast, days: int, opens: bool) -> None:
    ada, alba = cast.person("Ada"), cast.actor(cast.administrator())
    secret = actions.make_welcome_link(cast.session, alba, ada, now=NOW)
    assert (queries.open_link(cast.session, secret, NOW + days * DAY) is not None) is opens


def test_a_new_password_ends_every_other_sign_in(cast: Cast) -> None:
    from training.people.rules import secret_key_of

    ada, eve = cast.person("Ada"), cast.person("Eve")
    mine = begin_sign_in(cast.session, ada, own_device=False, user_agent="", now=NOW)
    for person_id in (ada, eve):
        begin_sign_in(cast.session, person_id, own_device=True, user_agent="", now=NOW)
    links.change_password(cast.session, ada, "another hash", now=NOW, but=secret_key_of(mine))
    assert [one.key for one in queries.sign_ins_of(cast.session, ada, NOW)] == [secret_key_of(mine)]
    assert len(queries.sign_ins_of(cast.session, eve, NOW)) == 1
    assert len(cast.session.scalars(select(SignIn)).all()) == 3
