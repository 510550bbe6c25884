import itertools

import pytest

from training.films.load import FilmChapter
from training.films.timing import (
    AFTER_SCENE,
    AFTER_SENTENCE,
    AFTER_STEP,
    CLOSING,
    FRAME,
    LEAD,
    OPENING,
    finished_states,
    frames,
    lay_out,
    longest_run,
    slower,
)

LENGTHS = {"s01": 1010, "s02": 2000, "s03": 1500, "s04": 900}


def test_sentences_follow_each_other_with_a_longer_silence_after_a_step_and_a_scene(chapter: FilmChapter) -> None:
    heard = lay_out(chapter.storyboard.scenes, LENGTHS).heard
    assert heard[0].start == OPENING
    silences = [after.start - before.end for before, after in itertools.pairwise(heard)]
    wanted = [AFTER_SENTENCE, AFTER_STEP, AFTER_SCENE]
    assert all(want <= silence < want + FRAME for silence, want in zip(silences, wanted, strict=True))


def test_every_sentence_lasts_as_long_as_it_is_spoken_and_begins_with_a_frame(chapter: FilmChapter) -> None:
    heard = lay_out(chapter.storyboard.scenes, LENGTHS).heard
    assert {one.sentence: one.end - one.start for one in heard} == LENGTHS
    assert all(one.start % FRAME == 0 for one in heard)


def test_steps_leave_no_gap_and_the_last_picture_stands_a_while(chapter: FilmChapter) -> None:
    timeline = lay_out(chapter.storyboard.scenes, LENGTHS)
    assert timeline.steps[0].start == 0
    assert [step.end for step in timeline.steps[:-1]] == [step.start for step in timeline.steps[1:]]
    assert timeline.steps[-1].end == timeline.duration >= timeline.heard[-1].end + CLOSING
    assert timeline.scene_starts() == [("path", 0), ("town", timeline.steps[2].start)]


def test_a_picture_moves_from_just_before_its_sentence_and_is_done_in_time(chapter: FilmChapter) -> None:
    timeline = lay_out(chapter.storyboard.scenes, LENGTHS)
    row = frames(timeline, {"one": [400, 800]})
    second = timeline.heard[1].start
    assert len(row) * FRAME == timeline.duration
    assert dict(row[(OPENING - LEAD) // FRAME].drawn)["one"] == 0
    assert dict(row[(OPENING - LEAD + 400) // FRAME].drawn)["one"] == 1
    assert dict(row[(second - LEAD + 400) // FRAME].drawn)["one"] == 1.5
    assert dict(row[(second - LEAD + 800) // FRAME].drawn) == {"one": 2, "two": 0}


def test_a_movement_longer_than_its_sentence_ends_before_the_next_begins(chapter: FilmChapter) -> None:
    timeline = lay_out(chapter.storyboard.scenes, LENGTHS)
    row = frames(timeline, {"one": [60_000]})
    assert dict(row[(timeline.heard[1].start - LEAD) // FRAME].drawn)["one"] == 1
    assert dict(row[(timeline.heard[2].start - LEAD) // FRAME].drawn)["one"] == 2


def test_scenes_fade_through_paper_but_the_film_begins_and_ends_in_the_clear(chapter: FilmChapter) -> None:
    timeline = lay_out(chapter.storyboard.scenes, LENGTHS)
    row = frames(timeline, {})
    change = timeline.scene_starts()[1][1] // FRAME
    assert row[0].paper == row[-1].paper == 0
    assert row[change - 1].paper > 0.7 < row[change].paper
    assert row[change - 8].paper == row[change + 8].paper == 0


def test_the_finished_picture_of_a_step_has_what_came_before_and_nothing_that_follows(chapter: FilmChapter) -> None:
    states = dict(finished_states(chapter.storyboard.scenes[0]))
    assert dict(states["one"].drawn) == {"one": 2, "two": 0}
    assert dict(states["two"].drawn) == {"one": 2, "two": 1}


@pytest.mark.parametrize(("row", "longest"), [("", 0), ("a", 40), ("aab", 80), ("abbba", 120), ("abab", 40)])
def test_the_longest_time_without_a_change_is_found(row: str, longest: int) -> None:
    assert longest_run(row) == longest


@pytest.mark.parametrize(
    ("captions", "speed"),
    [
        ([(3250, 45)], 94),  # below 15 a second: as usual
        ([(3000, 45)], 94),  # just enough
        ([(2500, 45)], 76),
        ([(2000, 45)], 70),  # never slower than the slowest
        ([(3000, 45), (2500, 45)], 76),  # the fastest caption decides
        ([(400, 2)], 94),
    ],
)
def test_a_voice_slows_down_until_its_captions_can_be_read(captions: list[tuple[int, int]], speed: int) -> None:
    assert slower(94, 70, captions) == speed
