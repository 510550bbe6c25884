from pathlib import Path

import pytest

from tests.films.conftest import DRAWINGS
from training.films.load import FilmChapter, film_chapters
from training.films.pictures import DrawingFault, choices_of, drawn, finished
from training.films.store import Store, sum_of
from training.films.timing import State
from training.languages import Language
from training.settings import ROOT

BEGINNING = State("path", (("one", 0.0), ("two", 0.0)), 0.0)
END = State("path", (("one", 2.0), ("two", 1.0)), 0.0)


def test_each_state_is_a_picture_and_no_state_is_drawn_twice(chapter: FilmChapter, tmp_path: Path) -> None:
    row = drawn(Store(tmp_path / "store"), chapter, Language.EN, [BEGINNING, END, BEGINNING])
    assert row[0] == row[2] != row[1]
    assert row[0].read_bytes().startswith(b"\x89PNG")
    stood = row[0].stat().st_mtime_ns
    assert drawn(Store(tmp_path / "store"), chapter, Language.EN, [BEGINNING])[0].stat().st_mtime_ns == stood


def test_words_on_screen_are_those_of_the_language(chapter: FilmChapter, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    sums = {sum_of(drawn(store, chapter, language, [END])[0]) for language in Language}
    assert len(sums) == len(Language)


def test_drawings_say_how_long_they_move_and_which_is_the_poster(chapter: FilmChapter, tmp_path: Path) -> None:
    choices = choices_of(Store(tmp_path / "store"), chapter)
    assert choices.motion == {"one": [400, 800]}
    assert choices.poster == "two"


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("labels.l-path", "labels.l-missing", "l-missing"),
        ("#let town", "#let city", "town"),
        ("person(300", "parson(300", "parson"),
    ],
)
def test_a_fault_in_the_drawings_is_named(
    chapter: FilmChapter, tmp_path: Path, written: str, instead: str, said: str
) -> None:
    chapter.drawings.write_text(DRAWINGS.replace(written, instead), encoding="utf-8")
    with pytest.raises(DrawingFault, match=said):
        finished(Store(tmp_path / "store"), chapter, Language.EN)


@pytest.mark.parametrize("language", list(Language))
def test_every_step_of_every_storyboard_can_be_drawn(language: Language, tmp_path: Path) -> None:
    for chapter in film_chapters(ROOT / "courses"):
        stills = finished(Store(tmp_path), chapter, language)
        steps = [step.id for scene in chapter.storyboard.scenes for step in scene.steps]
        assert list(stills) == steps
        assert len({sum_of(still) for still in stills.values()}) == len(steps), "two steps look alike"
        assert choices_of(Store(tmp_path), chapter).motion.keys() <= set(steps)
