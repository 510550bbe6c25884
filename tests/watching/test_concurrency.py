"""Reports that arrive at the same moment."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, assemble
from tests.content import film
from tests.together import at_once, succeeded
from training.courses.library import Library
from training.db import Database
from training.progress.actions import enrol
from training.watching import actions
from training.watching.actions import Coverage, ImpossibleReport
from training.watching.models import Watched
from training.watching.rules import Report

FILM = film()


@pytest.fixture
def ada(database: Database, library: Library) -> UUID:
    with database.transaction() as session:
        person_id = assemble(session, library).person()
        enrol(session, library, person_id, "local-prevention", now=NOW)
        return person_id


def watch(person_id: UUID, begin: int, end: int, *, device: str = "one", at: int = 0) -> Callable[[Session], Coverage]:
    report = Report(begin=begin * 1000, end=end * 1000, rate=1.0)
    now = NOW + timedelta(seconds=at)
    return lambda session: actions.watch(session, person_id, FILM, device=device, reports=[report], enrol=list, now=now)


def test_reports_of_eight_devices_at_once_are_all_in_the_union(database: Database, ada: UUID) -> None:
    for number in range(8):
        with database.transaction() as session:
            watch(ada, 0, 1, device=str(number), at=60 * number)(session)
    acts = [watch(ada, number * 10, number * 10 + 10, device=str(number), at=600) for number in range(8)]
    assert len(succeeded(at_once(database, acts))) == 8
    with database.reading() as session:
        assert session.scalars(select(Watched.parts)).all() == [[[0, 800]]]


@pytest.mark.parametrize("first", [True, False], ids=["first reports", "later reports"])
def test_one_device_cannot_spend_the_same_time_twice_at_once(database: Database, ada: UUID, first: bool) -> None:
    at = 0
    if not first:
        at = 30
        at_once(database, [watch(ada, 0, 1)])
    results = at_once(database, [watch(ada, number * 30, number * 30 + 30, at=at) for number in range(3)])
    assert len(succeeded(results)) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {ImpossibleReport}


def test_the_same_report_twice_at_once_is_acknowledged_twice(database: Database, ada: UUID) -> None:
    results = at_once(database, [watch(ada, 0, 30)] * 4)
    assert len(succeeded(results)) == 4
    with database.reading() as session:
        assert session.scalars(select(Watched.parts)).all() == [[[0, 300]]]
