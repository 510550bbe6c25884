"""What a device reports of a film: kept as a union, refused where wall time forbids it, on both engines."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.cast import NOW, Cast
from tests.content import film
from tests.tables import nothing_changes
from training.courses.manifest import Film
from training.languages import Language
from training.progress.actions import enrol
from training.watching import actions, queries
from training.watching.actions import Coverage, ImpossibleReport, UnsoundReport
from training.watching.models import Watched
from training.watching.rules import Report

FILM = film()


def learner(cast: Cast, name: str = "Ada") -> UUID:
    person_id = cast.person(name)
    enrol(cast.session, cast.library, person_id, "local-prevention", now=NOW)
    return person_id


def watch(
    cast: Cast,
    person_id: UUID,
    *parts: tuple[int, int],
    at: int = 0,
    device: str = "one",
    shown: Film = FILM,
    rate: float = 1.0,
) -> Coverage:
    """Report parts in seconds, so many seconds after the first report."""
    reports = [Report(begin=begin * 1000, end=end * 1000, rate=rate) for begin, end in parts]
    now = NOW + timedelta(seconds=at)
    return actions.watch(cast.session, person_id, shown, device=device, reports=reports, enrol=list, now=now)


def test_what_was_watched_is_kept_as_one_union(cast: Cast) -> None:
    ada = learner(cast)
    watch(cast, ada, (0, 10))
    watch(cast, ada, (20, 30), (5, 12), at=30)
    assert watch(cast, ada, (12, 20), at=60).share == pytest.approx(0.3)
    kept = cast.session.scalars(select(Watched).where(Watched.person_id == ada)).one()
    assert kept.parts == [[0, 300]]
    assert kept.covered == 300


def test_watching_the_same_again_covers_no_more(cast: Cast) -> None:
    """D5: watching a part again earns nothing, and costs no room."""
    ada = learner(cast)
    first = watch(cast, ada, (0, 10))
    again = watch(cast, ada, (0, 10), at=20)
    assert again == first


def test_two_devices_of_a_person_add_to_one_union(cast: Cast) -> None:
    ada = learner(cast)
    watch(cast, ada, (0, 10), device="telephone")
    assert watch(cast, ada, (10, 20), device="office", at=60).share == pytest.approx(0.2)


def test_each_person_has_a_union_of_their_own(cast: Cast) -> None:
    ada, eve = learner(cast, "Ada"), learner(cast, "Eve")
    watch(cast, ada, (0, 30))
    assert watch(cast, eve, (30, 40)).share == pytest.approx(0.1)
    assert queries.parts_watched(cast.session, ada, "local-prevention", "understanding", FILM.revision) == [(0, 300)]
    assert queries.parts_watched(cast.session, eve, "local-prevention", "understanding", FILM.revision) == [(300, 400)]
    assert queries.parts_watched(cast.session, eve, "local-prevention", "understanding", "another") == []


@pytest.mark.parametrize("part", [(-1, 5), (5, 5), (6, 5), (95, 101)])
def test_a_report_outside_the_film_is_refused_and_changes_nothing(cast: Cast, part: tuple[int, int]) -> None:
    ada = learner(cast)
    watch(cast, ada, (0, 10))
    with nothing_changes(cast.session), pytest.raises(UnsoundReport):
        watch(cast, ada, (10, 20), part, at=60)


def test_more_film_than_time_has_passed_is_refused_and_changes_nothing(cast: Cast) -> None:
    """D1: the end is not earned by jumping there."""
    ada = learner(cast)
    with nothing_changes(cast.session), pytest.raises(ImpossibleReport), cast.session.begin_nested():
        watch(cast, ada, (0, 36))
    watch(cast, ada, (0, 10))
    with nothing_changes(cast.session), pytest.raises(ImpossibleReport) as refusal:
        watch(cast, ada, (10, 100), at=20)
    assert refusal.value.allowed == timedelta(seconds=25)
    watch(cast, ada, (10, 35), at=20)


def test_time_that_was_accounted_for_cannot_be_used_again(cast: Cast) -> None:
    ada = learner(cast)
    watch(cast, ada, (0, 10))
    watch(cast, ada, (10, 40), at=30)
    with nothing_changes(cast.session), pytest.raises(ImpossibleReport):
        watch(cast, ada, (40, 70), at=31)


def test_what_is_taken_beyond_the_time_is_not_given_anew_with_each_report(cast: Cast) -> None:
    """D1: a film cannot be earned by many small reports, each a little too long."""
    ada = learner(cast)
    watch(cast, ada, (0, 1))
    watch(cast, ada, (1, 10), at=4)
    with nothing_changes(cast.session), pytest.raises(ImpossibleReport):
        watch(cast, ada, (10, 14), at=4)
    watch(cast, ada, (10, 14), at=8)


def test_a_second_device_brings_no_time_of_its_own(cast: Cast) -> None:
    """D1: nor by many devices: nobody watches on two at once."""
    ada = learner(cast)
    watch(cast, ada, (0, 30))
    for number in range(3):
        with nothing_changes(cast.session), pytest.raises(ImpossibleReport):
            watch(cast, ada, (30, 40), device=f"device {number}", at=5)
    assert watch(cast, ada, (30, 34), device="telephone", at=5).share == pytest.approx(0.34)


def test_a_report_that_is_sent_again_is_acknowledged_again(cast: Cast) -> None:
    """The answer was lost on the train: the browser repeats what is stored already, and nothing changes."""
    ada = learner(cast)
    first = watch(cast, ada, (0, 30))
    with nothing_changes(cast.session):
        assert watch(cast, ada, (0, 30), at=1) == first
    assert watch(cast, ada, (30, 60), at=31).share == pytest.approx(0.6)


def test_a_film_watched_half_in_french_and_half_in_german_is_watched(cast: Cast) -> None:
    """D9: sentences count, no label of a language does.

    The timeline belongs to the sentences: their lengths differ from language to language.
    """
    french = film(0, 10_000, 30_000, duration=40_000, language=Language.FR, name="fr")
    german = film(0, 20_000, 40_000, duration=60_000, language=Language.DE, name="de")
    assert french.revision == german.revision
    ada = learner(cast)
    watch(cast, ada, (0, 30), shown=french)
    assert watch(cast, ada, (40, 60), at=60, shown=german).share == 1.0


def test_another_film_of_the_chapter_begins_at_nothing(cast: Cast) -> None:
    ada = learner(cast)
    watch(cast, ada, (0, 30))
    assert watch(cast, ada, (0, 10), at=60, shown=film(name="another")).share == pytest.approx(0.1)
