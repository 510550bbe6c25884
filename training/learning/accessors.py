"""What the learner's templates show that is neither content nor a row: stops of the path, parts of a film."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import url_for

from training.courses.accessors import library
from training.courses.library import Chapter, LoadedCourse
from training.courses.manifest import File, Film, media_address
from training.languages import Language
from training.learning.queries import ChapterState
from training.progress.rules import Standing
from training.web.requests import settings
from training.web.words import _, language, ngettext, speech


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A chapter on the path of the course."""

    number: int
    title: str
    href: str
    state: str
    meta: str
    badge: str
    summary: str


def stops(course: LoadedCourse, standing: Standing | None) -> list[Stop]:
    """Return the chapters of a course as the stops of a path, with where the reader is."""
    found = []
    here = standing is None
    for chapter in course.chapters:
        own = standing.chapter(chapter.slug) if standing else None
        minutes = ngettext("%(num)d minute", "%(num)d minutes", chapter.file.minutes.all)
        state, badge, summary = "open", "", chapter.file.summary[language()]
        if not chapter.published:
            state, badge = "preparation", _("In preparation")
        elif own and own.completed_at:
            state, minutes, summary = "done", "", ""  # it is behind: the path says where one is
            badge = _("Completed on %(day)s", day=speech().short_date(speech().day_of(own.completed_at)))
        elif own and not here:
            state, here = "current", True
            badge = _("%(done)d of %(all)d steps", done=len(own.done), all=len(own.done) + len(own.open))
        found.append(
            Stop(
                number=chapter.file.number,
                title=chapter.file.title[language()],
                href=url_for("learning.chapter", course=course.slug, chapter=chapter.slug),
                state=state,
                meta=minutes,
                badge=badge,
                summary=summary,
            )
        )
    return found


def films_of(chapter: Chapter) -> list[Film]:
    """Return the films of a chapter, in the order of the languages."""
    content = library()
    films = (content.film(chapter.course, chapter.slug, one) for one in Language)
    return [film for film in films if film is not None]


def film_shown(chapter: Chapter) -> Film | None:
    """Return the film in the reader's language, or in another one where there is none yet: the page says so."""
    own = library().film(chapter.course, chapter.slug, language())
    return own or next(iter(films_of(chapter)), None)


def parts_of(film: Film, state: ChapterState | None) -> list[tuple[int, int]]:
    """Return the watched parts in the milliseconds of this film."""
    return [(film.own(begin), film.own(end)) for begin, end in (state.watched if state else [])]


def parts_attribute(film: Film, state: ChapterState | None) -> str:
    """Return the watched parts for the script of the player."""
    return json.dumps(parts_of(film, state))


@dataclass(frozen=True)
class TranscriptSentence:
    """A sentence of a film, and when it is heard (milliseconds)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Still:
    """A picture of a film, beside the words that are said over it. Width and height are pixels."""

    file: File
    width: int
    height: int


@dataclass(frozen=True)
class TranscriptStep:
    """What is said over one state of a picture; only the last one of a scene describes it in words."""

    still: Still | None
    alt: str
    sentences: Sequence[TranscriptSentence]


@dataclass(frozen=True)
class TranscriptScene:
    """A scene under its title."""

    title: str
    steps: Sequence[TranscriptStep]


def transcript(film: Film) -> Sequence[TranscriptScene]:
    """Return the illustrated transcript of a film, scene by scene; nothing where there is none."""
    return transcript_in(settings().manifest_file.parent, film)


def transcript_in(root: Path, film: Film) -> Sequence[TranscriptScene]:
    """Return the illustrated transcript of a film whose files lie in `root`."""
    return _transcript(root / film.transcript.path) if film.transcript else []


def stills_of(scenes: Sequence[TranscriptScene]) -> list[File]:
    """Return the pictures of a transcript, each once."""
    stills = [step.still.file for scene in scenes for step in scene.steps if step.still]
    return list({file.path: file for file in stills}.values())


@lru_cache(maxsize=256)
def _transcript(path: Path) -> Sequence[TranscriptScene]:
    scenes = json.loads(path.read_text(encoding="utf-8"))["scenes"]
    return [
        TranscriptScene(
            title=scene["title"],
            steps=[
                TranscriptStep(
                    still=_still(step["still"]) if "still" in step else None,
                    alt=step.get("alt", ""),
                    sentences=[TranscriptSentence(one["start"], one["end"], one["text"]) for one in step["sentences"]],
                )
                for step in scene["steps"]
            ],
        )
        for scene in scenes
    ]


def _still(entry: dict[str, Any]) -> Still:
    file = File(path=entry["path"], bytes=entry["bytes"], sha256=entry["sha256"])
    return Still(file, entry["width"], entry["height"])


def timeline(film: Film) -> str:
    """Return when each sentence begins and the film ends, in milliseconds, for the script of the player."""
    return json.dumps([0, *(sentence.start for sentence in film.sentences[1:]), film.duration])


SHADES = ("day", "dusk")
"""Of the projection, where the room wants it lighter or darker than the device."""


def chosen(beside: Language | None, shade: str) -> dict[str, str]:
    """Return what the address of the projection says besides the chapter."""
    return ({"with": beside.value} if beside else {}) | ({"shade": shade} if shade else {})


CONTEXT = {
    "parts_of": parts_of,
    "parts_attribute": parts_attribute,
    "media": media_address,
    "timeline": timeline,
}
"""What the chapter's templates call."""
