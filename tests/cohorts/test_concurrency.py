"""Joining and changing at the same moment."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, assemble
from tests.cohorts.test_actions import PLAN
from tests.together import at_once
from training.cohorts import actions
from training.cohorts.actions import ModeOnlyGetsGentler, SessionsOnlyGetFewer, TermsChanged
from training.cohorts.models import Membership, TrainingGroup
from training.cohorts.rules import PrivacyMode, Terms
from training.courses.library import Library
from training.db import Database


def test_two_tabs_that_join_at_once_make_one_membership(database: Database, library: Library) -> None:
    with database.transaction() as session:
        cast = assemble(session, library)
        ada, group_id = cast.person(), cast.group(cast.trainer()).id

    def join(session: Session) -> None:
        group = session.get_one(TrainingGroup, group_id)
        actions.join(session, ada, group, seen=Terms(PrivacyMode.MILESTONES), now=NOW)

    assert at_once(database, [join] * 4) == [None] * 4
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Membership)) == 1


@pytest.mark.parametrize("more", [{"privacy_mode": PrivacyMode.INDIVIDUAL}, {"sessions_asked": 2}])
@pytest.mark.parametrize("turn", range(4))
def test_nobody_who_joins_while_a_group_is_changed_is_shown_or_asked_for_more_than_they_were_told(
    database: Database, library: Library, turn: int, more: dict[str, object]
) -> None:
    with database.transaction() as session:
        cast = assemble(session, library)
        tom = cast.trainer()
        actor, ada, group_id = cast.actor(tom), cast.person(), cast.group(tom).id

    def join(session: Session) -> None:
        group = session.get_one(TrainingGroup, group_id)
        actions.join(session, ada, group, seen=Terms(PrivacyMode.MILESTONES), now=NOW)

    def open_up(session: Session) -> None:
        plan = replace(PLAN, **more)  # type: ignore[arg-type]
        actions.change_group(session, actor, group_id, plan, now=NOW)

    acts = [join, open_up] if turn % 2 else [open_up, join]
    refusals = [one for one in at_once(database, acts) if one is not None]
    assert [type(one) for one in refusals] in ([TermsChanged], [ModeOnlyGetsGentler], [SessionsOnlyGetFewer])
