"""The text of a chapter as markup: rendered once for each revision and language, since it is the same for everyone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, render_template
from markupsafe import Markup

from training.courses.content import Dilemma
from training.courses.load import Chapter, LoadedCourse
from training.languages import Language
from training.learning.accessors import today_word
from training.web.words import country_name


@dataclass(frozen=True)
class DilemmaPlace:
    """Where a dilemma stands in the text: the one block that differs from reader to reader."""

    anchor: str
    dilemma: Dilemma


@dataclass(frozen=True)
class RenderedSection:
    """A section as pieces of ready markup, with the places of its dilemmas between them."""

    id: str
    number: str
    title: str
    minutes: int
    content_note: str
    pieces: Sequence[Markup | DilemmaPlace]


def sections(course: LoadedCourse, chapter: Chapter, language: Language) -> Sequence[RenderedSection]:
    """Return the sections of a published chapter in a language."""
    cache = current_app.extensions.setdefault("training.rendered", {})
    key = (course.slug, chapter.slug, language)
    if key not in cache:
        cache[key] = [_section(course, chapter, language, index) for index in range(len(chapter.file.sections))]
    found: Sequence[RenderedSection] = cache[key]
    return found


def fingerprint(state: object) -> str:
    """Return a short hash of everything that a page depends on."""
    return hashlib.sha256(repr(state).encode()).hexdigest()[:32]


def _section(course: LoadedCourse, chapter: Chapter, language: Language, index: int) -> RenderedSection:
    file = chapter.file.sections[index]
    pieces: list[Markup | DilemmaPlace] = []
    for block in chapter.texts[language][index].blocks:
        if block.kind == "dilemma":
            pieces.append(DilemmaPlace(block.anchor, chapter.dilemmas[block.argument]))
            continue
        rendered = Markup(  # noqa: S704  our own template, which escapes
            render_template(
                "learning/block.html",
                block=block,
                course=course,
                chapter=chapter,
                language=language,
                country_name=country_name,
                today_word=today_word,
            )
        )
        if pieces and isinstance(pieces[-1], Markup):
            pieces[-1] += rendered
        else:
            pieces.append(rendered)
    return RenderedSection(
        id=file.id,
        number=f"{chapter.file.number}.{index + 1}",
        title=file.title[language],
        minutes=file.minutes,
        content_note=file.content_note[language] if file.content_note else "",
        pieces=pieces,
    )
