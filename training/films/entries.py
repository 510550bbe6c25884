"""The films' entries in `videos_manifest.json`: written by a build, left alone where somebody put another film, and
compared with the storyboards. Needs neither voices nor ffmpeg."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from training.courses.faults import ContentFault, Fault
from training.courses.manifest import Film, Manifest, verify_sums
from training.films.load import FilmChapter
from training.films.store import sum_of
from training.films.transcript import json_of, read_transcript
from training.films.voices import recording_of
from training.languages import Language


class ReplacedByHand(Exception):
    """The manifest names another film here than the one that a build makes; it is left alone."""


def update_manifest(path: Path, film: Film) -> bool:
    """Enter a film in the place of the one for its chapter and language; return whether that changed the manifest.

    Films stand by course, chapter and language; the others' entries are kept as they are.
    """
    manifest = _manifest(path)
    others = [other for other in manifest.films if _key(other) != _key(film)]
    films = sorted([*others, film], key=lambda one: (one.course, one.chapter, list(Language).index(one.language)))
    text = json_of(Manifest(version=1, films=films))
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def refuse_replaced(path: Path, chapter: FilmChapter, language: Language) -> None:
    """Raise `ReplacedByHand` if the manifest's film for this chapter and language is not one that a build made."""
    film = _film(path, chapter, language)
    own = {path_of(chapter, language, path.parent, suffix) for suffix in (".mp4", ".webm")}
    if film is not None and (film.external or not {source.path for source in film.sources} <= own):
        raise ReplacedByHand(f"{chapter.slug}, {language.value}: the manifest names another film ({film.origin})")


def stale_films(chapters: Iterable[FilmChapter], languages: Sequence[Language], manifest: Path) -> list[Fault]:
    """Return a fault for each film that is missing, older than its storyboard, or not the file that the manifest means.

    Films that were put there by hand owe the storyboard nothing.
    """
    said = [_stale(chapter, language, manifest) for chapter in chapters for language in languages]
    faults = [Fault(manifest.name, 1, message) for message in said if message]
    try:
        return faults + verify_sums(_manifest(manifest), manifest.parent)
    except FileNotFoundError as error:
        return [*faults, Fault(manifest.name, 1, f"{error.filename}: there is no such file")]


def _stale(chapter: FilmChapter, language: Language, manifest: Path) -> str:
    """Return what is wrong with a film; empty when nothing is."""
    try:
        refuse_replaced(manifest, chapter, language)
    except ReplacedByHand:
        return ""
    film = _film(manifest, chapter, language)
    place = f"{chapter.slug}, {language.value}"
    if film is None:
        return f"{place}: there is no film yet"
    if film.transcript is None or not (manifest.parent / film.transcript.path).is_file():
        return f"{place}: the film has no transcript"
    if read_transcript(manifest.parent / film.transcript.path).made_from != made_from(chapter, language):
        return f"{place}: the storyboard has changed since the film was built"
    return ""


def made_from(chapter: FilmChapter, language: Language) -> str:
    """Return what identifies the words and drawings of a film in one language.

    The vocabulary that all drawings share is left out: a new tree in it makes no film stale.
    """
    board = chapter.storyboard
    titles = chapter.titles(language)
    said: list[list[str]] = []
    for scene in board.scenes:
        said.append([scene.id, titles[scene.id], scene.alt[language]])
        for step in scene.steps:
            said.append([step.id])
            said += [[sentence.id, sentence.text[language]] for sentence in step.sentences]
            said += [[label.id, label.text[language]] for label in step.labels]
    recordings = {
        one.id: sum_of(file)
        for one in board.sentences()
        if (file := recording_of(chapter.recordings, language, one.id)) is not None
    }
    ingredients = json.dumps([said, recordings, sum_of(chapter.drawings)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(ingredients.encode()).hexdigest()


def path_of(chapter: FilmChapter, language: Language, root: Path, suffix: str) -> str:
    """Return where a build writes a file of a film, seen from the manifest's folder."""
    folder = (chapter.folder / "video").resolve()
    if not folder.is_relative_to(root.resolve()):
        raise ContentFault([Fault(str(folder), 1, f"films lie beside or below the manifest, which is in {root}")])
    return f"{folder.relative_to(root.resolve()).as_posix()}/{language.value}{suffix}"


def _manifest(path: Path) -> Manifest:
    """Return the manifest as it is written: its files may be the ones that are being built."""
    if not path.is_file():
        return Manifest(version=1, films=[])
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise ContentFault([Fault(path.name, 1, str(error))]) from error


def _film(path: Path, chapter: FilmChapter, language: Language) -> Film | None:
    wanted = (chapter.course, chapter.slug, language)
    return next((film for film in _manifest(path).films if _key(film) == wanted), None)


def _key(film: Film) -> tuple[str, str, Language]:
    return film.course, film.chapter, film.language
