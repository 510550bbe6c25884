"""Reading groups: what lies outside a trainer's scope does not exist."""

from datetime import date

import pytest

from tests.cast import NOW, Cast, identifier
from training.cohorts import actions, queries
from training.cohorts.rules import shown_code
from training.languages import Language


def test_a_trainer_sees_only_the_groups_that_they_lead(cast: Cast) -> None:
    tom, tilda = cast.trainer("Tom"), cast.trainer("Tilda")
    north = cast.group(tom, cast.person(), cast.person(), name="North")
    south = cast.group(tilda, cast.person(), name="South")
    assert [(line.group.id, line.members) for line in queries.group_lines(cast.session, tom)] == [(north.id, 2)]
    assert queries.group_led_by(cast.session, tom, south.id) is None
    assert queries.group_led_by(cast.session, tom, identifier()) is None
    assert queries.group_lines(cast.session, cast.trainer("New")) == []


def test_a_member_leads_nothing(cast: Cast) -> None:
    ada = cast.person()
    group = cast.group(cast.trainer(), ada)
    assert queries.group_led_by(cast.session, ada, group.id) is None


def test_members_are_counted_without_those_who_left(cast: Cast) -> None:
    tom, ada, eve = cast.trainer(), cast.person("Ada"), cast.person("Eve")
    group = cast.group(tom, ada, eve)
    cast.group(tom, name="Empty")
    actions.leave(cast.session, eve, group.id, now=NOW)
    assert {line.group.name: line.members for line in queries.group_lines(cast.session, tom)} == {
        "Group North": 1,
        "Empty": 0,
    }
    assert [member.name for member in queries.members_of(cast.session, group.id)] == ["Ada"]


def test_members_come_by_name_with_their_city(cast: Cast) -> None:
    zoe, elodie = cast.person("Zoé Ábel", place="augsburg"), cast.person("Élodie Zorn", place=None)
    group = cast.group(cast.trainer(), zoe, elodie, cast.person("Emil Abt"))
    members = queries.members_of(cast.session, group.id)
    assert [member.name for member in members] == ["Élodie Zorn", "Emil Abt", "Zoé Ábel"]
    assert [member.authority.slug if member.authority else None for member in members] == [None, "liege", "augsburg"]


def test_one_member_can_be_asked_for(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    group = cast.group(cast.trainer(), ada)
    assert [member.person_id for member in queries.members_of(cast.session, group.id, only=ada)] == [ada]
    assert queries.members_of(cast.session, group.id, only=eve) == []


def test_a_member_who_moved_is_shown_with_their_present_city_only(cast: Cast) -> None:
    from training.people.actions import move

    ada = cast.person(place="liege")
    group = cast.group(cast.trainer(), ada)
    move(cast.session, ada, cast.places["augsburg"], by=ada, now=NOW)
    members = queries.members_of(cast.session, group.id)
    assert [member.authority.slug if member.authority else None for member in members] == ["augsburg"]


@pytest.mark.parametrize("typed", ["{shown}", "{small}", " {shown} "])
def test_a_code_leads_to_its_group_however_it_was_typed(cast: Cast, typed: str) -> None:
    group = cast.group(cast.trainer())
    shown = shown_code(group.code)
    found = queries.group_by_code(cast.session, typed.format(shown=shown, small=shown.lower()))
    assert found is not None
    assert found.id == group.id


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "%", "________", "x" * 500])
def test_a_code_of_no_group_leads_nowhere(cast: Cast, typed: str) -> None:
    cast.group(cast.trainer())
    assert queries.group_by_code(cast.session, typed) is None


def test_own_memberships_come_with_trainers_and_dates_of_each_group(cast: Cast) -> None:
    tom, tilda, ada = cast.trainer("Tom"), cast.trainer("Tilda"), cast.person("Ada")
    north = cast.group(tom, ada, name="North", due={"understanding": date(2026, 12, 1)})
    south = cast.group(tilda, ada, cast.person("Eve"), name="South")
    cast.group(tom, cast.person("Eva"), name="Elsewhere")
    own = {one.group.id: one for one in queries.memberships_of(cast.session, ada)}
    assert set(own) == {north.id, south.id}
    assert (own[north.id].trainers, own[north.id].due) == (["Tom"], {"understanding": date(2026, 12, 1)})
    assert (own[south.id].trainers, own[south.id].due) == (["Tilda"], {})
    assert {one.membership.person_id for one in own.values()} == {ada}


def test_who_takes_part_in_nothing_has_no_memberships(cast: Cast) -> None:
    eve = cast.person("Eve", language=Language.IT)
    group = cast.group(cast.trainer())
    assert queries.memberships_of(cast.session, eve) == []
    assert queries.membership(cast.session, eve, group.id) is None


def test_who_leads_a_group_is_told_by_name(cast: Cast) -> None:
    tom = cast.trainer("Tom")
    group = cast.group(tom)
    assert [person.name for person in queries.trainers_of(cast.session, group.id)] == ["Tom"]
