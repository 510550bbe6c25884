"""The text of a chapter as markup: rendered once for each revision and language, since it is the same for everyone."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app, render_template
from markupsafe import Markup

from training.access import Actor
from training.courses.accessors import library
from training.courses.labels import covers_word, runner_word, today_word
from training.courses.library import Chapter, LoadedCourse
from training.courses.manifest import Film, media_address
from training.courses.questions import Dilemma
from training.languages import Language
from training.learning.accessors import films_of, transcript
from training.web.words import _, country_name, speaking

MARKS = ("unread", "read", "waiting")
WORDS = {"country_name": country_name, "today_word": today_word}
_NAMES = re.compile(r' (?:id|name)="[^"]*"')


@dataclass(frozen=True)
class DilemmaPlace:
    """Where a dilemma stands in the text: the one block that differs from reader to reader."""

    anchor: str
    dilemma: Dilemma
    reasons: Markup


@dataclass(frozen=True)
class RenderedSection:
    """A section as pieces of ready markup, with the places of its dilemmas between them."""

    id: str
    number: str
    title: str
    minutes: int
    head: Markup
    unread: Markup
    pieces: Sequence[Markup | DilemmaPlace]
    also_in: Markup


@dataclass(frozen=True)
class Frame:
    """What stands around the sections: before and after them, how many are read, and the marks below each."""

    head: Markup
    sources: Markup
    counts: Sequence[str]
    marks: Mapping[str, Markup]


def frame(course: LoadedCourse, chapter: Chapter, language: Language) -> Frame:
    """Return the head and the sources of a published chapter in a language."""
    cache: dict[object, Frame] = current_app.extensions.setdefault("training.frames", {})
    key = (course.slug, chapter.slug, language)
    if key not in cache:
        about = {"course": course, "chapter": chapter, "language": language, "film": bool(films_of(chapter))}
        number = len(chapter.file.sections)
        cache[key] = Frame(
            head=_part("chapter_head", **about),
            sources=_part("chapter_sources", **about),
            counts=[_("%(read)d of %(all)d read", read=read, all=number) for read in range(number + 1)],
            marks={state: _part("mark_read", state=state, number="{number}") for state in MARKS},
        )
    return cache[key]


def keep_panel(course: LoadedCourse, chapter: Chapter, language: Language, actor: Actor | None) -> Markup:
    """Return how a chapter is taken along: said in one way to strangers, to people on their own device, to others."""
    cache: dict[object, Markup] = current_app.extensions.setdefault("training.keep_panels", {})
    key = (course.slug, chapter.slug, language, actor is None, actor is not None and actor.own_device)
    if key not in cache:
        cache[key] = _part("keep", course=course, chapter=chapter, language=language, actor=actor)
    return cache[key]


@dataclass(frozen=True)
class Player:
    """What of a film's section is the same for everybody. `transcript` is empty where the film has none."""

    video: Markup
    speed: Markup
    told: Markup
    transcript: Markup


def player(film: Film, language: Language) -> Player:
    """Return the player of a film that lies here, on pages of a language, which need not be the film's."""
    cache: dict[object, Player] = current_app.extensions.setdefault("training.players", {})
    key = (film.course, film.chapter, film.language, language)
    if key not in cache:
        about = {"film": film, "scenes": transcript(film), "media": media_address, "language": language}
        cache[key] = Player(*(_part(name, **about) for name in ("film_video", "film_speed", "film_told", "transcript")))
    return cache[key]


def sections(course: LoadedCourse, chapter: Chapter, language: Language) -> Sequence[RenderedSection]:
    """Return the sections of a published chapter in a language."""
    cache: dict[object, list[RenderedSection]] = current_app.extensions.setdefault("training.rendered", {})
    key = (course.slug, chapter.slug, language)
    if key not in cache:
        cache[key] = [_section(course, chapter, language, index) for index in range(len(chapter.file.sections))]
    return cache[key]


def country_lines(code: str, language: Language, today: date) -> Markup:
    """Return whom people of a country can call, with how old each entry is today."""
    cache: dict[object, tuple[date, Markup]] = current_app.extensions.setdefault("training.country_lines", {})
    made, markup = cache.get((code, language), (None, Markup()))
    if made != today:
        words = {"country_name": country_name, "runner_word": runner_word, "covers_word": covers_word}
        about = {"code": code, "country": library().countries.get(code), "language": language, "today": today}
        rendered = render_template("contacts/country_lines.html", **about, **words)
        markup = Markup(rendered)  # noqa: S704  our own template, which escapes
        cache[code, language] = (today, markup)
    return markup


@dataclass(frozen=True)
class Screen:
    """One block as it is shown to a room: under the number of its section, as number `place` of `of` in it."""

    anchor: str
    number: str
    title: str
    place: int
    of: int
    words: Markup


def screens(course: LoadedCourse, chapter: Chapter, language: Language) -> Sequence[Screen]:
    """Return the screens of a published chapter in a language, which need not be the page's."""
    cache: dict[object, list[Screen]] = current_app.extensions.setdefault("training.screens", {})
    key = (course.slug, chapter.slug, language)
    if key not in cache:
        with speaking(language):
            cache[key] = list(_screens(course, chapter, language))
    return cache[key]


def _screens(course: LoadedCourse, chapter: Chapter, language: Language) -> Iterator[Screen]:
    """Give the screens. Names of elements are left out: with a second language beside it each would stand twice."""
    about = {"course": course, "chapter": chapter, "language": language}
    for index, section in enumerate(chapter.file.sections):
        blocks = chapter.texts[language][index].blocks
        for place, block in enumerate(blocks, 1):
            words = _part("screen", **about, **WORDS, block=block)
            yield Screen(
                anchor=block.anchor,
                number=f"{chapter.file.number}.{index + 1}",
                title=section.title[language],
                place=place,
                of=len(blocks),
                words=Markup(_NAMES.sub("", words)),  # noqa: S704  our own templates, which escape
            )


def _part(name: str, **context: object) -> Markup:
    return Markup(render_template(f"learning/{name}.html", **context))  # noqa: S704  our own templates, which escape


def fingerprint(state: object) -> str:
    """Return a short hash of everything that a page depends on."""
    return hashlib.sha256(repr(state).encode()).hexdigest()[:32]


def _section(course: LoadedCourse, chapter: Chapter, language: Language, index: int) -> RenderedSection:
    about = {"course": course, "chapter": chapter, "language": language}
    file = chapter.file.sections[index]
    pieces: list[Markup | DilemmaPlace] = [_part("content_note", **about, section=file)] if file.content_note else []
    for block in chapter.texts[language][index].blocks:
        if block.kind == "dilemma":
            dilemma = chapter.dilemmas[block.argument]
            reasons = _part("dilemma_reasons", dilemma=dilemma, language=language)
            pieces.append(DilemmaPlace(block.anchor, dilemma, reasons))
            continue
        rendered = _part("block", **about, block=block, places=library().by_place, **WORDS)
        if pieces and isinstance(pieces[-1], Markup):
            pieces[-1] += rendered
        else:
            pieces.append(rendered)
    number = f"{chapter.file.number}.{index + 1}"
    shown = {"id": file.id, "number": number, "title": file.title[language], "minutes": file.minutes}
    return RenderedSection(
        id=file.id,
        number=number,
        title=file.title[language],
        minutes=file.minutes,
        head=_part("section_head", **about, section=shown),
        unread=_part("mark_read", state="unread", number=number),
        pieces=pieces,
        also_in=_part("also_in", **about, section=shown),
    )
