"""A small chapter with a storyboard of two scenes, as files in a folder of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from training.films.load import FilmChapter, film_chapters
from training.languages import Language

DRAWINGS = """
#import "drawing.typ": *
#let film = (motion: (one: (0.4, 0.8)), poster: "two")
#let path(on, labels) = {
  stage()
  words(640, 200, labels.l-path, shown: on.one)
  person(300 + 200 * on.two, 600)
}
#let town(on, labels) = { stage(); house(640, 612, lit: on.three) }
"""


def five(words: str) -> dict[str, str]:
    """Return a text whose five languages can be told apart."""
    return {language.value: f"{language.value} {words}" for language in Language}


def spoken(name: str, words: str) -> dict[str, object]:
    return {"id": name, "text": five(words)}


def step(name: str, *sentences: dict[str, object], labels: tuple[str, ...] = ()) -> dict[str, object]:
    return {
        "id": name,
        "appears": "something",
        "sentences": list(sentences),
        "labels": [{"id": label, "text": five(label)} for label in labels],
    }


def storyboard() -> dict[str, object]:
    scenes = [
        {
            "id": "path",
            "section": "first",
            "picture": "a path",
            "alt": five("a path into a town"),
            "steps": [
                step("one", spoken("s01", "This is a path."), spoken("s02", "It is long."), labels=("l-path",)),
                step("two", spoken("s03", "Somebody walks.")),
            ],
        },
        {
            "id": "town",
            "section": "second",
            "picture": "a town",
            "alt": five("a town at night"),
            "steps": [step("three", spoken("s04", "There is light."))],
        },
    ]
    return {"scenes": scenes}


def chapter_file() -> dict[str, object]:
    sections = [{"id": name, "minutes": 3, "title": five(name)} for name in ("first", "second", "c", "d", "e")]
    return {
        "chapter": "paths",
        "number": 1,
        "state": "published",
        "title": five("Paths"),
        "summary": five("About paths."),
        "minutes": {"reading": 15, "film": 1, "quiz": 5},
        "objectives": [{"id": name, "text": five(name)} for name in ("a", "b", "c")],
        "sections": sections,
        "reviewed": "2026-11-01",
        "review-by": "2027-11-01",
    }


def course_file() -> dict[str, object]:
    return {"course": "walking", "title": five("W"), "summary": five("W."), "chapters": ["01-paths"], "rules": []}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, object], Path]:
    """Write a YAML file into the small course."""

    def into(name: str, content: object) -> Path:
        path = tmp_path / "courses" / "walking" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return into


@pytest.fixture
def courses(write: Callable[[str, object], Path], tmp_path: Path) -> Path:
    """The folder of the small course."""
    write("course.yaml", course_file())
    write("01-paths/chapter.yaml", chapter_file())
    drawings = write("01-paths/storyboard.yaml", storyboard()).with_name("drawings.typ")
    drawings.write_text(DRAWINGS, encoding="utf-8")
    return tmp_path / "courses"


@pytest.fixture
def chapter(courses: Path) -> FilmChapter:
    """Its one chapter."""
    return film_chapters(courses)[0]


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Where the manifest stands, or will stand."""
    return tmp_path / "videos_manifest.json"


@pytest.fixture
def without_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which neither ffmpeg nor a voice is installed."""
    monkeypatch.setattr(shutil, "which", lambda *_args, **_options: None)
