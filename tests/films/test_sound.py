from array import array
from math import pi, sin
from pathlib import Path

import pytest

from training.films.captions import Pause
from training.films.sound import (
    EDGE,
    RATE,
    Samples,
    levelled,
    milliseconds,
    pauses_in,
    read_wave,
    track,
    trimmed,
    widened,
    write_wave,
)


def tone(length: int, height: int = 8000) -> Samples:
    """Return a tone of so many milliseconds."""
    return array("h", (round(height * sin(2 * pi * 200 * n / RATE)) for n in range(length * RATE // 1000)))


def silence(length: int) -> Samples:
    return array("h", bytes(2 * (length * RATE // 1000)))


def test_silence_around_speech_is_cut_to_an_edge() -> None:
    assert milliseconds(trimmed(silence(400) + tone(500) + silence(700))) == 500 + 2 * EDGE


def test_a_sentence_in_which_nothing_is_heard_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing is heard"):
        trimmed(silence(500))


@pytest.mark.parametrize(
    ("pause", "found"), [(300, [Pause(start=500, end=800)]), (120, [Pause(start=500, end=620)]), (60, [])]
)
def test_pauses_within_a_sentence_are_found_from_a_length_on(pause: int, found: list[Pause]) -> None:
    assert pauses_in(tone(500) + silence(pause) + tone(500)) == found


def test_silence_at_the_ends_is_no_pause() -> None:
    assert pauses_in(silence(200) + tone(500) + silence(200)) == []


@pytest.mark.parametrize("height", [300, 8000, 32000])
def test_loud_and_soft_sentences_come_out_alike(height: int) -> None:
    assert max(levelled(tone(300, height))) == pytest.approx(max(levelled(tone(300))), rel=0.02)


def test_a_sentence_with_one_loud_moment_is_never_clipped() -> None:
    peak = array("h", [32000] * 48)
    assert max(levelled(tone(900, 200) + peak)) <= 30_000


def test_a_pause_is_widened_to_a_length_and_a_longer_one_left() -> None:
    sentence = tone(400) + silence(140) + tone(400) + silence(320) + tone(400)
    wider = widened(sentence, pauses_in(sentence), 300)
    assert pauses_in(wider) == [Pause(start=400, end=700), Pause(start=1100, end=1420)]
    assert milliseconds(wider) == milliseconds(sentence) + 160


def test_a_track_has_each_sentence_at_its_millisecond() -> None:
    whole = track([(100, tone(50)), (400, tone(50))], 600)
    assert milliseconds(whole) == 600
    assert whole[400 * RATE // 1000 : 450 * RATE // 1000] == tone(50)
    assert not any(whole[150 * RATE // 1000 : 400 * RATE // 1000])


def test_a_wave_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_wave(tmp_path / "a.wav", tone(40))
    assert read_wave(tmp_path / "a.wav") == tone(40)
