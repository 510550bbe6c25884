"""The films: `videos_manifest.json`, which alone decides what plays in a chapter and language.

A city replaces a film by editing this file: by a file of its own, the programme's original, or the address of one
elsewhere. The timeline that no language owns gives each sentence of the storyboard a thousand units; a film without
sentence starts is one sentence, under a revision of its own.
"""

import hashlib
from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from training.courses.content import Shape, Slug, Words
from training.courses.faults import ContentFault, Fault
from training.languages import Language

UNITS = 1000
"""The length of a sentence on the neutral timeline."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class File(Shape):
    """A file beside the manifest: its path from there, and the sum that tells whether it is the one meant."""

    path: Words
    bytes: int
    sha256: Sha256


class FilmSource(File):
    """The film in one format. `type` is what a browser is told, codecs included."""

    type: Words
    width: int
    height: int


class External(Shape):
    """A film on somebody else's host: a plain link behind a notice, never contacted before a click."""

    address: Annotated[str, StringConstraints(pattern=r"^https://")]
    host: Words


class Sentence(Shape):
    """Where a sentence of the storyboard begins in this film, in milliseconds."""

    id: Slug
    start: Annotated[int, Field(ge=0)]


class Film(Shape):
    """A chapter's film in one language. Lengths are milliseconds."""

    course: Slug
    chapter: Slug
    language: Language
    duration: Annotated[int, Field(gt=0)]
    origin: Literal["own-synthetic", "own-recorded", "programme", "external"]
    licence: Words
    credit: str = ""
    sources: list[FilmSource] = Field(default_factory=list)
    external: External | None = None
    poster: File | None = None
    captions: File | None = None
    chapters: File | None = None
    transcript: File | None = None
    sentences: list[Sentence] = Field(default_factory=list)

    @model_validator(mode="after")
    def plays(self) -> Self:
        """Refuse a film without a source, and starts that do not follow each other."""
        if bool(self.sources) == bool(self.external):
            raise ValueError("a film has `sources` or is `external`, one of the two")
        starts = [sentence.start for sentence in self.sentences]
        if starts != sorted(set(starts)) or (starts and starts[-1] >= self.duration):
            raise ValueError("sentences start one after the other, before the end of the film")
        return self

    @cached_property
    def revision(self) -> str:
        """What identifies the timeline: the row of its sentences, or this very film when it has none."""
        row = [sentence.id for sentence in self.sentences] or [source.sha256 for source in self.sources]
        return hashlib.sha256("\n".join(row).encode()).hexdigest()[:16]

    @property
    def length(self) -> int:
        """The length of the neutral timeline."""
        return max(len(self.sentences), 1) * UNITS

    @cached_property
    def _bounds(self) -> list[int]:
        starts = [sentence.start for sentence in self.sentences[1:]]
        return [0, *starts, self.duration]

    def neutral(self, milliseconds: int) -> int:
        """Return the place on the neutral timeline of a place in this film."""
        bounds = self._bounds
        place = min(max(milliseconds, 0), self.duration)
        index = min(bisect_right(bounds, place) - 1, len(bounds) - 2)
        begin, end = bounds[index], bounds[index + 1]
        return index * UNITS + (place - begin) * UNITS // (end - begin)

    def own(self, units: int) -> int:
        """Return the place in this film, in milliseconds, of a place on the neutral timeline."""
        bounds = self._bounds
        place = min(max(units, 0), self.length)
        index = min(place // UNITS, len(bounds) - 2)
        begin, end = bounds[index], bounds[index + 1]
        return begin + -(-(place - index * UNITS) * (end - begin) // UNITS)


class Manifest(Shape):
    """`videos_manifest.json`."""

    version: Literal[1]
    films: list[Film]


def read_manifest(path: Path) -> Manifest:
    """Return the films. Raises `ContentFault` for a file that is not a manifest, or names files that are not those."""
    try:
        manifest = Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContentFault([Fault(path.name, 1, "there is no such file")]) from error
    except ValidationError as error:
        raise ContentFault(
            [
                Fault(path.name, 1, f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}")
                for item in error.errors()
            ]
        ) from error
    faults = [fault for film in manifest.films for fault in _missing_files(film, path)]
    keys = [(film.course, film.chapter, film.language) for film in manifest.films]
    faults += [
        Fault(path.name, 1, f"two films for {chapter} in {language}")
        for _course, chapter, language in sorted({key for key in keys if keys.count(key) > 1})
    ]
    if faults:
        raise ContentFault(faults)
    return manifest


def files_of(film: Film) -> list[File]:
    """Return every file that a film consists of."""
    single = [film.poster, film.captions, film.chapters, film.transcript]
    return [*film.sources, *(file for file in single if file is not None)]


def media_address(file: File) -> str:
    """Return the address of a file of a film: its sum stands in it, so that it never changes."""
    return f"/media/{file.sha256[:16]}/{Path(file.path).name}"


def verify_sums(manifest: Manifest, root: Path) -> list[Fault]:
    """Return a fault for each file whose bytes are not those that the manifest means."""
    return [
        Fault("videos_manifest.json", 1, f"{file.path} has another sha256 than the manifest says")
        for film in manifest.films
        for file in files_of(film)
        if hashlib.sha256((root / file.path).read_bytes()).hexdigest() != file.sha256
    ]


def _missing_files(film: Film, manifest: Path) -> list[Fault]:
    root = manifest.parent
    faults = []
    for file in files_of(film):
        path = (root / file.path).resolve()
        if not path.is_relative_to(root.resolve()):
            faults.append(Fault(manifest.name, 1, f"{file.path} lies outside the folder of the manifest"))
        elif not path.is_file():
            faults.append(Fault(manifest.name, 1, f"{file.path}: there is no such file"))
        elif path.stat().st_size != file.bytes:
            faults.append(Fault(manifest.name, 1, f"{file.path} has {path.stat().st_size} bytes, not {file.bytes}"))
    return faults
