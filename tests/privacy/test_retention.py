"""Retention: what has served is forgotten, by itself; what was reached stays."""

import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, assemble
from tests.conftest import settings_for
from tests.privacy.test_canary import live
from training import work
from training.cohorts import actions as cohort_actions
from training.cohorts.models import Invitation
from training.cohorts.rules import Candidate
from training.comparison.models import Comparison, ComparisonAnswer
from training.comparison.rules import Moment
from training.courses.library import Library
from training.db import Database
from training.languages import Language
from training.people.models import Account, Person
from training.privacy import actions, queries
from training.quizzes.actions import begin
from training.quizzes.models import Attempt


def test_retention_deletes_how_people_answered_and_keeps_what_they_reached(cast: Cast) -> None:
    """J3: what would go is said before, and goes as it was said."""
    person = live(cast)
    before = queries.own_data(cast.session, person)
    later = NOW + timedelta(days=181)
    told = actions.what_would_go(cast.session, now=later)
    assert (told["answer"], told["attempt"]) == (8, 1)
    assert actions.forget(cast.session, now=later) == told
    after = queries.own_data(cast.session, person)
    assert after["milestone"] == before["milestone"]
    assert "answer" not in after
    assert "attempt" not in after


def test_an_attempt_that_was_left_open_is_forgotten_and_the_quiz_can_be_taken_again(cast: Cast) -> None:
    """Half a year after the last answer; the number of the next attempt is one that no kept attempt has."""
    person, chapter = cast.person(), cast.chapter()
    cast.hands_in(person, right=0, at=NOW - timedelta(days=190))
    kept = cast.hands_in(person, right=0, at=NOW - timedelta(days=100))
    assert actions.forget(cast.session, now=NOW)["attempt"] == 1
    anew = partial(begin, cast.session, person, chapter, count=8, field_of_work="social", language=Language.EN)
    third = anew(now=NOW)
    assert (kept.number, third.number) == (2, 3)
    later = NOW + timedelta(days=181)
    assert actions.forget(cast.session, now=later - timedelta(days=2))["attempt"] == 1
    assert actions.forget(cast.session, now=later)["attempt"] == 1
    assert cast.session.scalars(select(Attempt.id).where(Attempt.person_id == person)).all() == []
    assert anew(now=later).number == 1


@pytest.mark.parametrize(
    ("before", "after", "answers", "sure"),
    [
        pytest.param(10, 5, 32, 32, id="lately"),
        pytest.param(200, 10, 32, 16, id="a long way from before to after"),
        pytest.param(200, 185, 0, 0, id="both half a year ago"),
        pytest.param(300, None, 16, 0, id="not yet at the end"),
        pytest.param(370, None, 0, 0, id="not at the end within a year"),
    ],
)
def test_what_was_answered_before_and_after_goes_once_it_has_served_and_confidence_first(
    cast: Cast, before: int, after: int | None, answers: int, sure: int
) -> None:
    ada, bea = cast.person("Ada"), cast.person("Bea")
    cast.compares(bea, *Moment)
    cast.compares(ada, Moment.BEFORE, at=NOW - timedelta(days=before))
    if after is not None:
        cast.compares(ada, Moment.AFTER, at=NOW - timedelta(days=after))
    told = actions.what_would_go(cast.session, now=NOW)
    assert actions.forget(cast.session, now=NOW) == told
    assert actions.forget(cast.session, now=NOW)["comparison_answer"] == 0
    rows = cast.session.scalars(select(ComparisonAnswer).execution_options(populate_existing=True)).all()
    own = [row for row in rows if row.person_id == ada]
    assert len(rows) - len(own) == 32
    assert len(own) == answers
    assert sum(row.confidence is not None for row in own) == sum(row.given_at is not None for row in own) == sure
    assert len(queries.own_data(cast.session, ada)["comparison"]) == (1 if after is None else 2), "that stays"


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_an_invitation_and_its_address_go_a_month_after_it_has_ended(cast: Cast, days: int, left: int) -> None:
    """Whoever never answered has no account to erase."""
    trainer = cast.trainer()
    group = cast.group(trainer)
    guest = Candidate(row=1, email="guest@example.org", name="Guest", language="fr")
    (made,) = cohort_actions.invite(cast.session, cast.actor(trainer), group, [guest], now=NOW)
    later = made.invitation.ends_at + timedelta(days=days)
    assert actions.forget(cast.session, now=later)["invitation"] == 1 - left
    assert len(cast.session.scalars(select(Invitation)).all()) == left


def test_what_was_begun_and_left_goes_after_half_a_year(cast: Cast) -> None:
    ada = cast.person()
    cast.compares(ada, Moment.BEFORE, at=NOW - timedelta(days=181))
    cast.session.execute(update(Comparison).values(handed_in_at=None))
    assert actions.forget(cast.session, now=NOW)["comparison_answer"] == 16


def test_retention_runs_by_itself(
    app_database: Database, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J3: the work process that `training serve` starts forgets what has served, and nobody has to ask it."""
    with app_database.transaction() as session:
        person = live(assemble(session, library, now=NOW - timedelta(days=400)))
        session.execute(update(Attempt).values(submitted_at=NOW - timedelta(days=400)))
    with app_database.reading() as session:
        before = queries.own_data(session, person)
    monkeypatch.setattr(time, "sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        work.run(settings_for(tmp_path, TRAINING_DATABASE_URL=str(app_database.url)))
    with app_database.reading() as session:
        after = queries.own_data(session, person)
    assert len(before["answer"]) == 8
    assert ("answer" in after, "attempt" in after) == (False, False)
    assert after["milestone"] == before["milestone"]


def test_an_account_that_nobody_confirmed_goes_after_a_week_and_each_in_an_act_of_its_own(
    database: Database, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever signs in meanwhile waits for one erasure at the most, however many there are."""
    with database.transaction() as session:
        cast = assemble(session, library)
        young, first, second, kept = (cast.person(name) for name in ("Young", "First", "Second", "Kept"))
        unconfirmed = update(Account).values(confirmed_at=None)
        session.execute(unconfirmed.where(Account.person_id.in_([young, first, second])))
        session.execute(update(Account).values(made_at=NOW - timedelta(days=6)).where(Account.person_id == young))
    transactions = []

    def erased(session: Session, person_id: UUID, *, now: datetime) -> None:
        transactions.append(session)
        assert now == NOW
        erase(session, person_id, now=now)

    erase = actions.erase
    monkeypatch.setattr(actions, "erase", erased)
    work.keep_house(database, settings_for(tmp_path), NOW)
    with database.reading() as session:
        assert set(session.scalars(select(Person.id))) == {young, kept}
    assert len(transactions) == len({id(one) for one in transactions}) == 2


def interrupted(_seconds: float) -> None:
    """The end of a working day, in place of the pause between two rounds."""
    raise KeyboardInterrupt
