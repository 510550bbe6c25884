import json
from pathlib import Path

import pytest

from tests import content
from training.courses.manifest import File, Film, FilmSource, read_manifest
from training.films.entries import ReplacedByHand, made_from, refuse_replaced, stale_films, update_manifest
from training.films.load import FilmChapter
from training.films.store import sum_of
from training.films.transcript import Transcript, json_of
from training.languages import Language


def written(root: Path, path: str, text: str) -> File:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return File(path=path, bytes=len(text.encode()), sha256=sum_of(place))


def built(chapter: FilmChapter, root: Path, language: Language = Language.EN) -> Film:
    """Return a film as a build would have left it, with a few letters in place of pictures."""
    folder = chapter.folder.relative_to(root).as_posix() + f"/video/{language.value}"
    mp4 = written(root, f"{folder}.mp4", f"film in {language.value}")
    transcript = Transcript(
        version=1,
        course=chapter.course,
        chapter=chapter.slug,
        language=language,
        duration=9000,
        made_from=made_from(chapter, language),
        scenes=[],
    )
    return Film(
        course=chapter.course,
        chapter=chapter.slug,
        language=language,
        duration=9000,
        origin="own-synthetic",
        licence="CC-BY-4.0",
        sources=[FilmSource(path=mp4.path, bytes=mp4.bytes, sha256=mp4.sha256, type="video/mp4", width=2, height=2)],
        transcript=written(root, f"{folder}.transcript.json", json_of(transcript)),
    )


def test_a_film_is_entered_once_and_entering_it_again_changes_nothing(
    chapter: FilmChapter, manifest: Path, tmp_path: Path
) -> None:
    film = built(chapter, tmp_path)
    assert update_manifest(manifest, film) is True
    before = manifest.read_bytes()
    assert update_manifest(manifest, film) is False
    assert manifest.read_bytes() == before
    assert read_manifest(manifest).films == [film]


def test_a_new_film_takes_the_place_of_the_old_one_and_of_no_other(
    chapter: FilmChapter, manifest: Path, tmp_path: Path
) -> None:
    other = content.film(0, 4000, language=Language.EN)
    for film in (built(chapter, tmp_path, Language.FR), built(chapter, tmp_path), other):
        update_manifest(manifest, film)
    longer = built(chapter, tmp_path).model_copy(update={"duration": 12_000})
    update_manifest(manifest, longer)
    entries = [
        (film["course"], film["language"], film["duration"]) for film in json.loads(manifest.read_text())["films"]
    ]
    assert entries == [
        ("local-prevention", "en", other.duration), ("walking", "en", 12_000), ("walking", "fr", 9000),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["file", "external"])
def test_a_film_that_was_replaced_by_hand_is_left_alone(
    kind: str, chapter: FilmChapter, manifest: Path, tmp_path: Path
) -> None:
    own = built(chapter, tmp_path)
    source = own.sources[0].model_copy(update={"path": "films/interview.mp4"})
    external = {"address": "https://films.example/1", "host": "films.example"}
    replaced = own.model_dump(mode="json") | {"origin": "programme"}
    replaced |= {"sources": [source.model_dump()]} if kind == "file" else {"sources": [], "external": external}
    update_manifest(manifest, Film.model_validate(replaced))
    with pytest.raises(ReplacedByHand):
        refuse_replaced(manifest, chapter, Language.EN)
    refuse_replaced(manifest, chapter, Language.FR)


def test_films_are_checked_against_their_storyboards_without_voices_and_ffmpeg(
    chapter: FilmChapter, manifest: Path, tmp_path: Path, without_programs: None
) -> None:
    update_manifest(manifest, built(chapter, tmp_path))
    update_manifest(manifest, built(chapter, tmp_path, Language.FR))
    assert stale_films([chapter], [Language.EN, Language.FR], manifest) == []
    said = [fault.message for fault in stale_films([chapter], [Language.EN, Language.DE], manifest)]
    assert said == ["paths, de: there is no film yet"]


def test_a_film_is_stale_when_a_word_or_a_drawing_of_its_storyboard_has_changed(
    chapter: FilmChapter, manifest: Path, tmp_path: Path
) -> None:
    update_manifest(manifest, built(chapter, tmp_path))
    chapter.drawings.write_text(chapter.drawings.read_text() + "// a new thought", encoding="utf-8")
    said = [fault.message for fault in stale_films([chapter], [Language.EN], manifest)]
    assert said == ["paths, en: the storyboard has changed since the film was built"]


def test_a_file_that_is_not_the_one_meant_is_named(chapter: FilmChapter, manifest: Path, tmp_path: Path) -> None:
    film = built(chapter, tmp_path)
    update_manifest(manifest, film)
    (tmp_path / film.sources[0].path).write_text("film in EN", encoding="utf-8")
    (fault,) = stale_films([chapter], [Language.EN], manifest)
    assert "another sha256" in fault.message


def test_a_changed_word_in_one_language_leaves_the_others_as_they_are(chapter: FilmChapter) -> None:
    board = chapter.storyboard.model_dump(mode="json", by_alias=True)
    board["scenes"][0]["steps"][0]["sentences"][0]["text"]["fr"] = "Autre chose."
    changed = FilmChapter(
        course=chapter.course,
        folder=chapter.folder,
        file=chapter.file,
        storyboard=type(chapter.storyboard).model_validate(board),
    )
    differing = {language for language in Language if made_from(chapter, language) != made_from(changed, language)}
    assert differing == {Language.FR}
