from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.films.captions import (
    LINE,
    Cue,
    Pause,
    Speech,
    chapters_webvtt,
    cues_of,
    lines_of,
    pieces_of,
    webvtt,
)

SPLIT = "There is no agreed definition of radicalisation, yet researchers agree that it is a process."


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Keep opinion and violence apart.", ("Keep opinion and violence apart.",)),
        ("What it means has kept changing ever since.", ("What it means has kept", "changing ever since.")),
        ("Other people push, and some of them pull.", ("Other people push,", "and some of them pull.")),
        ("Première question : qui en souffre ? Et où ?", ("Première question :", "qui en souffre ? Et où ?")),
        (SPLIT, None),
    ],
)  # fmt: skip
def test_a_caption_has_one_line_or_two_broken_between_clauses_if_it_can_be(
    text: str, lines: tuple[str, ...] | None
) -> None:
    assert lines_of(text) == lines


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Check.", ["Check."]),
        (SPLIT, [
            "There is no agreed definition of radicalisation,", "yet researchers agree that it is a process.",
        ]),
        ("Check: ask the person, ask a colleague, look for another explanation.", [
            "Check: ask the person, ask a colleague,", "look for another explanation.",
        ]),
        ("Unteilbaresdonaudampfschifffahrtsgesellschaftswort", ["Unteilbaresdonaudampfschifffahrtsgesellschaftswort"]),
    ],
)  # fmt: skip
def test_a_long_sentence_becomes_captions_at_its_clauses(text: str, pieces: list[str]) -> None:
    assert [" ".join(lines) for lines in pieces_of(text)] == pieces


def test_a_caption_stands_from_just_before_to_just_after_its_words() -> None:
    (cue,) = cues_of(Speech(text="Keep opinion and violence apart.", start=5000, end=7000))
    assert (cue.start, cue.end) == (4920, 7130)
    assert cue.pace == pytest.approx(32 / 2.21)


@pytest.mark.parametrize(("free_after", "end"), [(400, 7170), (200, 7080), (80, 7000), (0, 7000)])
def test_a_caption_leaves_before_the_next_one_comes(free_after: int, end: int) -> None:
    (cue,) = cues_of(Speech(text="Keep apart.", start=5000, end=7000, free_after=free_after))
    assert cue.end == end


def test_captions_of_one_sentence_change_in_the_pause_of_the_speech() -> None:
    first, second = cues_of(Speech(text=SPLIT, start=1000, end=7000, pauses=[Pause(start=3000, end=3400)]))
    assert first.end == 4170
    assert second.start == 4320


def test_a_pause_belongs_to_its_comma_even_where_another_one_lies_nearer_to_the_count_of_letters() -> None:
    text = "Et demandons toujours ce qui retient la personne : des gens, une tâche, un lieu."
    pauses = [Pause(start=2460, end=2770), Pause(start=3290, end=3600), Pause(start=4200, end=4610)]
    first, second = cues_of(Speech(text=text, start=0, end=5080, pauses=pauses, free_before=0))
    assert " ".join(first.lines).endswith("la personne :")
    assert (first.end, second.start) == (2630, 2690)


def test_captions_change_by_the_count_of_letters_where_nobody_pauses() -> None:
    text = "La plupart des gens aux idées radicales ne deviennent jamais violents."
    first, second = cues_of(Speech(text=text, start=0, end=7000, free_before=0))
    assert first.end == second.start == 7000 * len(" ".join(first.lines)) // len(text)


WORDS = st.lists(st.text(alphabet="abcdeéß", min_size=1, max_size=14), min_size=1, max_size=22).map(" ".join)


@given(text=WORDS, length=st.integers(min_value=900, max_value=9000))
def test_no_word_is_lost_and_no_line_is_too_long(text: str, length: int) -> None:
    cues = cues_of(Speech(text=text, start=1000, end=1000 + length))
    assert " ".join(line for cue in cues for line in cue.lines) == text
    assert all(len(cue.lines) <= 2 and max(map(len, cue.lines)) <= LINE for cue in cues)
    assert all(before.start < before.end <= after.start for before, after in pairwise(cues))


def test_webvtt_has_a_clock_and_no_markup_of_its_own() -> None:
    cues = [Cue(start=840, end=3020, lines=("1 < 2 & 3",)), Cue(start=3_661_005, end=3_662_000, lines=("a", "b"))]
    assert webvtt(cues) == (
        "WEBVTT\n\n00:00:00.840 --> 00:00:03.020\n1 &lt; 2 &amp; 3\n\n01:01:01.005 --> 01:01:02.000\na\nb\n"
    )


def test_scenes_of_the_same_section_are_one_chapter() -> None:
    text = chapters_webvtt([("The word", 0), ("The word", 9000), ("Forms", 20_000)], 30_000)
    assert text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:20.000\nThe word\n\n00:00:20.000 --> 00:00:30.000\nForms\n"
    )  # fmt: skip
