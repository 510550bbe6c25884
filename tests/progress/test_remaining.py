"""How long what is open will take: the nominal minutes at first, the person's own pace after two chapters."""

from datetime import UTC, datetime, timedelta

from training.progress.rules import ChapterDemand, Demand, MilestoneKind, Reached, Remaining, Step, remaining

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CHAPTERS = ("one", "two", "three")


def demand() -> Demand:
    chapters = [
        ChapterDemand(
            chapter=name,
            steps={Step(MilestoneKind.SECTION_READ, f"{name}/{part}"): 5 for part in "abcd"},
        )
        for name in CHAPTERS
    ]
    return Demand(course="course", version=1, chapters=chapters)


def read(chapters: int, *, minutes: float, pause: timedelta = timedelta()) -> list[Reached]:
    """What somebody has reached who takes so many minutes for each section, with a pause before each chapter."""
    at, reached = START, []
    for name in CHAPTERS[:chapters]:
        at += pause
        for part in "abcd":
            at += timedelta(minutes=minutes)
            reached.append(Reached(MilestoneKind.SECTION_READ, f"{name}/{part}", at))
        reached.append(Reached(MilestoneKind.CHAPTER_COMPLETED, name, at))
    return reached


def test_before_two_chapters_the_nominal_minutes_hold_with_a_range() -> None:
    assert remaining(demand(), []) == Remaining(50, 70, own_pace=False)
    assert remaining(demand(), read(1, minutes=10)) == Remaining(30, 50, own_pace=False)


def test_after_two_chapters_it_is_the_own_pace() -> None:
    assert remaining(demand(), read(2, minutes=10)) == Remaining(40, 40, own_pace=True)
    assert remaining(demand(), read(2, minutes=2.5)) == Remaining(10, 10, own_pace=True)


def test_a_night_between_two_chapters_is_no_pace() -> None:
    assert remaining(demand(), read(2, minutes=5, pause=timedelta(hours=14))) == Remaining(20, 20, own_pace=True)


def test_nothing_is_left_of_what_is_done() -> None:
    assert remaining(demand(), read(3, minutes=5)) == Remaining(0, 0, own_pace=True)
