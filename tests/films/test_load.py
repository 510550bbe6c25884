from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.films.conftest import storyboard
from training.courses.faults import ContentFault
from training.films.load import FilmChapter, film_chapters
from training.languages import Language


def test_a_scene_has_the_title_of_the_section_that_it_introduces(chapter: FilmChapter) -> None:
    assert chapter.titles(Language.DE) == {"path": "de first", "town": "de second"}


def test_only_the_chapter_asked_for_is_read(courses: Path) -> None:
    assert [one.slug for one in film_chapters(courses, "paths")] == ["paths"]
    assert film_chapters(courses, "other") == []


def test_all_faults_of_a_storyboard_are_named_with_their_lines(
    courses: Path, write: Callable[[str, object], Path]
) -> None:
    text = yaml.safe_dump(storyboard()).replace("section: first", "section: nowhere").replace("id: three", "id: one")
    write("01-paths/storyboard.yaml", yaml.safe_load(text)).with_name("drawings.typ").unlink()
    with pytest.raises(ContentFault) as caught:
        film_chapters(courses, "paths")
    said = [fault.message for fault in caught.value.faults]
    assert "nowhere is no section of this chapter" in said
    assert "the identifier 'one' stands twice" in said
    assert "there is no drawings.typ beside it" in said


def test_a_storyboard_that_nobody_has_drawn_yet_holds_up_no_other_film(courses: Path) -> None:
    (courses / "walking" / "01-paths" / "drawings.typ").unlink()
    assert film_chapters(courses) == []
