"""The films that are there are those that the manifest means, and keep the bounds of captions and weight."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from training.courses.manifest import Film, read_manifest, verify_sums
from training.films.actions import LARGEST
from training.films.captions import LINE
from training.films.store import sum_of
from training.films.timing import HIGHEST_PACE
from training.films.transcript import Transcript, read_transcript
from training.settings import ROOT

MANIFEST = ROOT / "videos_manifest.json"


def own_films() -> list[Film]:
    films = read_manifest(MANIFEST).films if MANIFEST.is_file() else []
    return [film for film in films if film.origin.startswith("own-") and film.transcript is not None]


def transcript(film: Film) -> Transcript:
    assert film.transcript is not None
    return read_transcript(ROOT / film.transcript.path)


def captions(film: Film) -> Iterator[tuple[float, float, list[str]]]:
    """Yield each caption of a film: from, to (seconds), lines."""
    assert film.captions is not None
    for block in (ROOT / film.captions.path).read_text(encoding="utf-8").strip().split("\n\n")[1:]:
        clock, *lines = block.split("\n")
        start, end = (
            int(hours) * 3600 + int(minutes) * 60 + float(seconds)
            for hours, minutes, seconds in re.findall(r"(\d+):(\d+):([\d.]+)", clock)
        )
        yield start, end, lines


def name(film: Film) -> str:
    return f"{film.chapter}-{film.language.value}"


every_film = pytest.mark.parametrize("film", own_films(), ids=name)


def test_every_file_is_the_one_that_the_manifest_means() -> None:
    if MANIFEST.is_file():
        assert verify_sums(read_manifest(MANIFEST), ROOT) == []


@every_film
def test_captions_can_be_read(film: Film) -> None:
    fast = [
        (lines, round(len(" ".join(lines)) / (end - start), 1))
        for start, end, lines in captions(film)
        if len(" ".join(lines)) / (end - start) > HIGHEST_PACE
    ]
    assert fast == []
    assert all(len(lines) <= 2 and max(map(len, lines)) <= LINE for _, _, lines in captions(film))


@every_film
def test_captions_say_what_the_transcript_says_when_it_is_heard(film: Film) -> None:
    sentences = [one for scene in transcript(film).scenes for step in scene.steps for one in step.sentences]
    cues = list(captions(film))
    assert [" ".join(" ".join(lines) for _, _, lines in cues)] == [" ".join(one.text for one in sentences)]
    for sentence in sentences:
        assert min(abs(start - sentence.start / 1000) for start, _, _ in cues) <= 0.3
        assert min(abs(end - sentence.end / 1000) for _, end, _ in cues) <= 0.3


@every_film
def test_the_neutral_timeline_is_that_of_the_transcript(film: Film) -> None:
    steps = [step for scene in transcript(film).scenes for step in scene.steps]
    heard = [(one.id, one.start) for step in steps for one in step.sentences]
    assert [(one.id, one.start) for one in film.sentences] == heard
    assert all(before.end == after.start for before, after in pairwise(steps))
    assert film.duration == transcript(film).duration


@every_film
def test_both_formats_together_are_light(film: Film) -> None:
    assert sum(source.bytes for source in film.sources) <= LARGEST


@every_film
def test_every_picture_of_the_transcript_is_there_and_small(film: Film) -> None:
    for scene in transcript(film).scenes:
        for step in scene.steps:
            picture: Path = ROOT / step.still.path
            assert (picture.stat().st_size, sum_of(picture)) == (step.still.bytes, step.still.sha256)
            assert step.still.bytes < 60_000
        assert scene.steps[-1].alt
