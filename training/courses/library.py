"""The content as the program holds it: courses, chapters and films, immutable, under one revision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

from training.courses.content import (
    ChapterFile,
    CompletionRule,
    Course,
    Example,
    Guide,
    Source,
    Storyboard,
    Term,
)
from training.courses.countries import Advice, Country
from training.courses.faults import Fault
from training.courses.manifest import Film, Manifest
from training.courses.parallel import FormName, ParallelForm
from training.courses.places import Place
from training.courses.questions import Dilemma, Question, Quiz, revision_of
from training.courses.text import Block, SectionText
from training.languages import Language


@dataclass(frozen=True, kw_only=True, eq=False)
class Chapter:
    """A chapter with all that belongs to it. A chapter in preparation has a file and nothing else."""

    course: str
    file: ChapterFile
    texts: Mapping[Language, Sequence[SectionText]]
    quiz: Quiz | None
    storyboard: Storyboard | None
    guide: Guide | None

    @property
    def slug(self) -> str:
        return self.file.chapter

    @property
    def published(self) -> bool:
        return self.file.state == "published"

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The counted questions by identifier."""
        return {question.id: question for question in self.quiz.questions} if self.quiz else {}

    @cached_property
    def revisions(self) -> Mapping[str, str]:
        """Under which revision each counted question is asked now."""
        return {identifier: revision_of(question) for identifier, question in self.questions.items()}

    @cached_property
    def practice(self) -> Mapping[str, Question]:
        """The practice questions by identifier."""
        return {question.id: question for question in self.quiz.practice} if self.quiz else {}

    @cached_property
    def dilemmas(self) -> Mapping[str, Dilemma]:
        """The dilemmas by identifier."""
        return {dilemma.id: dilemma for dilemma in self.quiz.dilemmas} if self.quiz else {}

    @cached_property
    def cited(self) -> Sequence[str]:
        """The keys of the sources, in the order in which the text first names them; the languages agree on them."""
        blocks = [block for section in self.texts.get(Language.EN, []) for block in section.blocks]
        examples = [key for example in self.file.examples for key in example.sources]
        return list(dict.fromkeys([key for block in blocks for key in block.citations] + examples))

    def example(self, identifier: str) -> Example:
        """Return a practice example."""
        return next(example for example in self.file.examples if example.id == identifier)

    def number_of(self, anchor: str) -> str:
        """Return the visible number of the section in which an anchor stands: 2.3."""
        section, _block = self.places[anchor]
        return f"{self.file.number}.{self.section_ids.index(section) + 1}"

    def reading_on(self, objective: str) -> Sequence[str]:
        """Return where to read on an objective: an anchor in each section that its questions point at."""
        by_section: dict[str, str] = {}
        for question in self.questions.values():
            if objective in question.objectives:
                by_section.setdefault(self.places[question.read][0], question.read)
        return [by_section[section] for section in self.section_ids if section in by_section]

    @cached_property
    def section_ids(self) -> Sequence[str]:
        """The sections in their order."""
        return [section.id for section in self.file.sections]

    @cached_property
    def places(self) -> Mapping[str, tuple[str, Block]]:
        """Each anchor with its section and its block, in the English text: anchors are the same in all."""
        return {
            block.anchor: (section.id, block) for section in self.texts.get(Language.EN, []) for block in section.blocks
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadedCourse:
    """A course, its chapters in their order, its sources and its glossary; and, if it has them, the two forms that are
    asked before and after."""

    file: Course
    chapters: Sequence[Chapter]
    sources: Mapping[str, Source]
    glossary: Mapping[str, Term]
    forms: Mapping[FormName, ParallelForm]

    @property
    def slug(self) -> str:
        return self.file.course

    @cached_property
    def by_slug(self) -> Mapping[str, Chapter]:
        """The chapters by slug."""
        return {chapter.slug: chapter for chapter in self.chapters}

    @property
    def last(self) -> str:
        """The chapter with which the course ends."""
        return self.chapters[-1].slug

    def recalled(self, chapter: Chapter) -> Sequence[Question]:
        """Return the situations of earlier chapters with which a chapter begins."""
        wanted = chapter.quiz.recall if chapter.quiz else []
        known = {
            question.id: question
            for earlier in self.chapters
            if earlier.quiz and earlier.file.number < chapter.file.number
            for question in (*earlier.quiz.questions, *earlier.quiz.practice)
        }
        return [known[identifier] for identifier in wanted]

    def rule(self, version: int) -> CompletionRule:
        """Return the completion rule of a version."""
        return self.file.rule(version)


@dataclass(frozen=True, kw_only=True)
class Review:
    """Until when something has to be looked at again, with the fault that it is from the day after."""

    by: date
    fault: Fault


@dataclass(frozen=True, kw_only=True, eq=False)
class Practice:
    """A practice example where it stands: in a chapter, at an anchor."""

    course: str
    chapter: Chapter
    example: Example
    anchor: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Library:
    """All content, under the revision that identifies it."""

    courses: Mapping[str, LoadedCourse]
    countries: Mapping[str, Country]
    """By code (ISO 3166-1 alpha-2)."""
    advice: Advice
    places: Sequence[Place]
    reviews: Sequence[Review]
    """When each chapter and each entry of a country has to be looked at again."""
    manifest: Manifest
    revision: str

    @cached_property
    def films(self) -> Mapping[tuple[str, str, Language], Film]:
        """The films by course, chapter and language."""
        return {(film.course, film.chapter, film.language): film for film in self.manifest.films}

    @cached_property
    def by_place(self) -> Mapping[str, Place]:
        """The partners of the programme by slug."""
        return {place.slug: place for place in self.places}

    def practices_of(self, place: str) -> Sequence[Practice]:
        """Return the practice examples of a place in the published chapters, in their order."""
        return [
            Practice(course=course.slug, chapter=chapter, example=chapter.example(block.argument), anchor=anchor)
            for course in self.courses.values()
            for chapter in course.chapters
            for anchor, (_section, block) in chapter.places.items()
            if block.kind == "example" and chapter.example(block.argument).place == place
        ]

    def overdue(self, today: date) -> Sequence[Fault]:
        """Return what had to be looked at again before today, with file and line."""
        return sorted(review.fault for review in self.reviews if review.by < today)

    def film(self, course: str, chapter: str, language: Language) -> Film | None:
        """Return the film of a chapter in a language, if there is one."""
        return self.films.get((course, chapter, language))

    def plays(self, course: str, chapter: str) -> bool:
        """Whether the film of a chapter plays here for every reader, be it in another language: what lies elsewhere
        cannot be counted."""
        films = [film for language in Language if (film := self.film(course, chapter, language))]
        return bool(films) and not any(film.external for film in films)

    def films_lacking(self) -> Iterator[str]:
        """Say what lacks where a rule asks for films: the film in a language, or the transcript that counts as much."""
        for course in self.courses.values():
            rule = course.file.current_rule
            for chapter, language in product(rule.chapters if rule.film else (), Language):
                film = self.film(course.slug, chapter, language)
                if film is None:
                    yield f"a rule of {course.slug} asks for the film of {chapter}: none in {language.value}"
                elif film.transcript is None and self.plays(course.slug, chapter):
                    yield f"the film of {chapter} in {language.value} has no transcript, for those who do not hear"
