"""Making, changing, joining and leaving groups, on both engines."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.cast import COURSE, NOW, Cast, identifier
from tests.tables import nothing_changes
from training.audit.models import AuditEntry
from training.cohorts import actions, queries
from training.cohorts.actions import GroupPlan, ModeOnlyGetsGentler, NotYourGroup, TermsChanged
from training.cohorts.models import Membership, TrainingGroup
from training.cohorts.rules import PrivacyMode, Terms
from training.languages import Language

AGGREGATE, MILESTONES, INDIVIDUAL = PrivacyMode.AGGREGATE, PrivacyMode.MILESTONES, PrivacyMode.INDIVIDUAL
PLAN = GroupPlan(
    name="Group South",
    course=COURSE,
    languages=[Language.FR, Language.DE],
    time_zone="Europe/Berlin",
    starts_on=date(2026, 12, 1),
    privacy_mode=MILESTONES,
    sessions_asked=0,
    due={"understanding": date(2026, 12, 24)},
)


def events(cast: Cast, subject: UUID) -> list[str]:
    rows = cast.session.scalars(
        select(AuditEntry.event).where(AuditEntry.subject == str(subject)).order_by(AuditEntry.number)
    )
    return list(rows)


def test_who_makes_a_group_leads_it_and_is_on_record(cast: Cast) -> None:
    tom = cast.trainer()
    group = actions.make_group(cast.session, cast.actor(tom), PLAN, now=NOW)
    found = queries.group_led_by(cast.session, tom, group.id)
    assert found is not None
    assert (found.name, found.languages, found.time_zone) == ("Group South", ["fr", "de"], "Europe/Berlin")
    assert queries.due_dates(cast.session, group.id) == PLAN.due
    assert events(cast, group.id) == ["group-made"]


def test_a_changed_group_keeps_its_code_and_its_members(cast: Cast) -> None:
    tom, ada = cast.trainer(), cast.person()
    group = cast.group(tom, ada)
    code = group.code
    actions.change_group(cast.session, cast.actor(tom), group.id, PLAN, now=NOW)
    cast.session.expire_all()
    kept = cast.session.get_one(TrainingGroup, group.id)
    assert (kept.name, kept.code) == ("Group South", code)
    assert queries.due_dates(cast.session, group.id) == PLAN.due
    assert queries.member_count(cast.session, group.id) == 1
    assert events(cast, group.id) == ["group-made", "group-changed"]


@pytest.mark.parametrize("who", ["another trainer", "a member", "an administrator"])
def test_nobody_but_its_trainers_changes_a_group(cast: Cast, who: str) -> None:
    ada = cast.person()
    group = cast.group(cast.trainer(), ada)
    other = {"another trainer": cast.trainer("Eve"), "a member": ada, "an administrator": cast.administrator()}[who]
    with nothing_changes(cast.session), pytest.raises(NotYourGroup):
        actions.change_group(cast.session, cast.actor(other), group.id, PLAN, now=NOW)


def test_a_group_that_is_not_there_is_nobodys(cast: Cast) -> None:
    tom = cast.actor(cast.trainer())
    with nothing_changes(cast.session), pytest.raises(NotYourGroup):
        actions.change_group(cast.session, tom, identifier(), PLAN, now=NOW)


@pytest.mark.parametrize(
    ("present", "wanted"), [(MILESTONES, INDIVIDUAL), (AGGREGATE, MILESTONES), (AGGREGATE, INDIVIDUAL)]
)
def test_a_group_with_members_never_becomes_more_open(cast: Cast, present: PrivacyMode, wanted: PrivacyMode) -> None:
    tom = cast.trainer()
    group = cast.group(tom, cast.person(), mode=present)
    with nothing_changes(cast.session), pytest.raises(ModeOnlyGetsGentler):
        actions.change_group(cast.session, cast.actor(tom), group.id, replace(PLAN, privacy_mode=wanted), now=NOW)


def test_a_group_without_members_may_become_more_open(cast: Cast) -> None:
    tom = cast.trainer()
    group = cast.group(tom, mode=AGGREGATE)
    actions.change_group(cast.session, cast.actor(tom), group.id, replace(PLAN, privacy_mode=INDIVIDUAL), now=NOW)
    assert group.privacy_mode == INDIVIDUAL


def test_a_group_whose_members_have_all_left_does_not_become_more_open(cast: Cast) -> None:
    """They may come back under what they were shown."""
    tom, ada = cast.trainer(), cast.person()
    group = cast.group(tom, ada, mode=MILESTONES)
    actions.leave(cast.session, ada, group.id, now=NOW)
    actions.change_group(cast.session, cast.actor(tom), group.id, replace(PLAN, privacy_mode=INDIVIDUAL), now=NOW)
    with pytest.raises(TermsChanged):
        actions.join(cast.session, ada, group, seen=Terms(MILESTONES), now=NOW)


def test_who_joins_has_a_reference_of_their_own_for_tables(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    group = cast.group(cast.trainer(), ada, eve)
    references = set(cast.session.scalars(select(Membership.reference).where(Membership.group_id == group.id)))
    assert len(references) == 2
    assert not references & {ada, eve}


def test_joining_twice_is_one_membership(cast: Cast) -> None:
    ada = cast.person()
    group = cast.group(cast.trainer(), ada)
    with nothing_changes(cast.session):
        actions.join(cast.session, ada, group, seen=Terms(MILESTONES), now=NOW + timedelta(days=1))


def test_nobody_joins_under_a_mode_more_open_than_the_one_they_were_shown(cast: Cast) -> None:
    """J5: what a person was shown is kept with their membership, and holds."""
    ada = cast.person()
    group = cast.group(cast.trainer(), mode=INDIVIDUAL)
    with nothing_changes(cast.session), pytest.raises(TermsChanged):
        actions.join(cast.session, ada, group, seen=Terms(MILESTONES), now=NOW)


def test_who_was_shown_a_more_open_mode_may_join_a_gentler_group(cast: Cast) -> None:
    ada = cast.person()
    group = cast.group(cast.trainer(), mode=AGGREGATE)
    actions.join(cast.session, ada, group, seen=Terms(INDIVIDUAL), now=NOW)
    assert queries.membership(cast.session, ada, group.id) is not None


def test_who_leaves_is_seen_no_more_and_keeps_their_work(cast: Cast) -> None:
    tom, ada = cast.trainer(), cast.person()
    group = cast.group(tom, ada)
    cast.reads(ada, "the-word")
    before = cast.session.scalar(select(TrainingGroup.name).where(TrainingGroup.id == group.id))
    actions.leave(cast.session, ada, group.id, now=NOW)
    assert queries.members_of(cast.session, group.id) == []
    assert queries.member_count(cast.session, group.id) == 0
    assert queries.memberships_of(cast.session, ada) == []
    assert before == "Group North"


def test_leaving_twice_keeps_the_first_day(cast: Cast) -> None:
    ada = cast.person()
    group = cast.group(cast.trainer(), ada)
    actions.leave(cast.session, ada, group.id, now=NOW)
    with nothing_changes(cast.session):
        actions.leave(cast.session, ada, group.id, now=NOW + timedelta(days=1))


def test_nobody_leaves_a_group_that_they_never_joined(cast: Cast) -> None:
    eve = cast.person("Eve")
    group = cast.group(cast.trainer(), cast.person())
    for group_id in (group.id, identifier()):
        with nothing_changes(cast.session), pytest.raises(actions.NotAMember):
            actions.leave(cast.session, eve, group_id, now=NOW)


def test_who_comes_back_joins_anew_under_the_same_reference(cast: Cast) -> None:
    ada = cast.person()
    group = cast.group(cast.trainer(), ada, mode=INDIVIDUAL)
    first = cast.session.get_one(Membership, (ada, group.id)).reference
    actions.leave(cast.session, ada, group.id, now=NOW)
    actions.join(cast.session, ada, group, seen=Terms(INDIVIDUAL), now=NOW + timedelta(days=1))
    kept = cast.session.get_one(Membership, (ada, group.id))
    assert (kept.left_at, kept.reference) == (None, first)
    assert kept.joined_at == NOW + timedelta(days=1)
