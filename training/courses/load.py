"""Reading all content at once. What comes back is whole and checked, or nothing does."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from training.courses import checks
from training.courses.content import (
    ChapterFile,
    CompletionRule,
    Course,
    Dilemma,
    Example,
    Guide,
    Place,
    Question,
    Quiz,
    Source,
    SourceKey,
    Storyboard,
    Term,
)
from training.courses.faults import ContentFault, Fault, YamlFile
from training.courses.manifest import Film, Manifest, read_manifest
from training.courses.text import Block, SectionText, parse
from training.languages import Language

RESERVED = {"countries", "places"}
Loaded = TypeVar("Loaded")


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
    """A course, its chapters in their order, its sources and its glossary."""

    file: Course
    chapters: Sequence[Chapter]
    sources: Mapping[str, Source]
    glossary: Mapping[str, Term]

    @property
    def slug(self) -> str:
        return self.file.course

    @cached_property
    def by_slug(self) -> Mapping[str, Chapter]:
        """The chapters by slug."""
        return {chapter.slug: chapter for chapter in self.chapters}

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


@dataclass(frozen=True, kw_only=True, eq=False)
class Library:
    """All content, under the revision that identifies it."""

    courses: Mapping[str, LoadedCourse]
    places: Sequence[Place]
    manifest: Manifest
    revision: str

    @cached_property
    def films(self) -> Mapping[tuple[str, str, Language], Film]:
        """The films by course, chapter and language."""
        return {(film.course, film.chapter, film.language): film for film in self.manifest.films}

    def film(self, course: str, chapter: str, language: Language) -> Film | None:
        """Return the film of a chapter in a language, if there is one."""
        return self.films.get((course, chapter, language))


def load_library(courses_dir: Path, manifest_file: Path) -> Library:
    """Return all content. Raises `ContentFault` with every fault of every file at once."""
    faults: list[Fault] = []
    reader = _Reader(courses_dir, faults)
    if not courses_dir.is_dir():
        raise ContentFault([Fault(str(courses_dir), 1, "there is no such folder")])
    courses = [
        course
        for folder in sorted(courses_dir.iterdir())
        if folder.is_dir() and folder.name not in RESERVED
        for course in [reader.course(folder)]
        if course is not None
    ]
    places = reader.places(courses_dir / "places" / "places.yaml")
    manifest = reader.attempt(lambda: read_manifest(manifest_file)) or Manifest(version=1, films=[])
    known = {(course.slug, chapter.slug) for course in courses for chapter in course.chapters}
    faults += [
        Fault(manifest_file.name, 1, f"a film for {film.course}/{film.chapter}, which is no chapter")
        for film in manifest.films
        if (film.course, film.chapter) not in known
    ]
    faults += [
        Fault(manifest_file.name, 1, f"a rule of {course.slug} asks for the film of {chapter}: none in {code.value}")
        for course in courses
        for chapter in course.file.current_rule.chapters
        for code in Language
        if course.file.current_rule.film
        and not any(
            (film.course, film.chapter, film.language) == (course.slug, chapter, code) for film in manifest.films
        )
    ]
    if not courses:
        faults.append(Fault(str(courses_dir), 1, "there is no course in this folder"))
    if faults:
        raise ContentFault(faults)
    return Library(
        courses={course.slug: course for course in courses},
        places=places,
        manifest=manifest,
        revision=_revision(courses_dir, manifest),
    )


class _Reader:
    """Reads file after file and collects the faults, so that all are named at once."""

    def __init__(self, root: Path, faults: list[Fault]) -> None:
        self.root = root
        self.faults = faults

    def attempt(self, read: Callable[[], Loaded]) -> Loaded | None:
        try:
            return read()
        except ContentFault as error:
            self.faults.extend(error.faults)
            return None

    def yaml(self, path: Path) -> YamlFile | None:
        if not path.is_file():
            self.faults.append(Fault(self.shown(path), 1, "there is no such file"))
            return None
        return self.attempt(lambda: YamlFile(path, self.shown(path)))

    def shown(self, path: Path) -> str:
        return path.relative_to(self.root.parent).as_posix()

    def places(self, path: Path) -> Sequence[Place]:
        file = self.yaml(path)
        return (self.attempt(lambda: file.read(TypeAdapter(list[Place]))) if file else None) or []

    def course(self, folder: Path) -> LoadedCourse | None:
        file = self.yaml(folder / "course.yaml")
        course = self.attempt(lambda: file.read(TypeAdapter(Course))) if file else None
        sources_file = self.yaml(folder / "sources.yaml")
        sources = (
            self.attempt(lambda: sources_file.read(TypeAdapter(dict[SourceKey, Source]))) if sources_file else None
        )
        glossary_file = self.yaml(folder / "glossary.yaml")
        terms = self.attempt(lambda: glossary_file.read(TypeAdapter(list[Term]))) if glossary_file else None
        if course is None or file is None or sources is None or terms is None or glossary_file is None:
            return None
        self._stale(glossary_file, terms)
        self._stale(file, course)
        glossary = {term.id: term for term in terms}
        chapters = []
        for name in course.chapters:
            chapter = self.chapter(course.course, folder / name, set(sources), set(glossary))
            if chapter is not None:
                chapters.append(chapter)
        loaded = LoadedCourse(file=course, chapters=chapters, sources=sources, glossary=glossary)
        self.faults += checks.recall_faults(
            [
                (chapter.quiz, self.shown(folder / name))
                for name, chapter in zip(course.chapters, chapters, strict=False)
            ]
        )
        self.faults += checks.course_faults(file, course, [chapter.file for chapter in chapters])
        self.faults += checks.link_faults(
            [
                (chapter.file, chapter.texts, self.shown(folder / name))
                for name, chapter in zip(course.chapters, chapters, strict=False)
            ]
        )
        return loaded

    def chapter(self, course: str, folder: Path, sources: set[str], terms: set[str]) -> Chapter | None:
        yaml_file = self.yaml(folder / "chapter.yaml")
        file = self.attempt(lambda: yaml_file.read(TypeAdapter(ChapterFile))) if yaml_file else None
        if file is None or yaml_file is None:
            return None
        self._stale(yaml_file, file)
        if file.state == "in-preparation":
            return Chapter(course=course, file=file, texts={}, quiz=None, storyboard=None, guide=None)
        quiz_file = self.yaml(folder / "quiz.yaml")
        quiz = self.attempt(lambda: quiz_file.read(TypeAdapter(Quiz))) if quiz_file else None
        texts: dict[Language, list[SectionText]] = {}
        for language in Language:
            path = folder / f"{language.value}.md"
            if not path.is_file():
                self.faults.append(Fault(self.shown(path), 1, "there is no such file"))
                continue
            sections, faults = parse(
                path.read_text(encoding="utf-8"),
                file=self.shown(path),
                language=language,
                course=course,
            )
            self.faults += faults
            texts[language] = sections
        board_file = self.yaml(folder / "storyboard.yaml")
        board = self.attempt(lambda: board_file.read(TypeAdapter(Storyboard))) if board_file else None
        guide_file = self.yaml(folder / "guide.yaml")
        guide = self.attempt(lambda: guide_file.read(TypeAdapter(Guide))) if guide_file else None
        if board is not None and board_file is not None:
            self._stale(board_file, board)
            self.faults += checks.storyboard_faults(file, board, board_file)
        if guide is not None and guide_file is not None:
            self._stale(guide_file, guide)
            self.faults += checks.guide_faults(guide, guide_file)
        if quiz is None or quiz_file is None or len(texts) < len(Language):
            return None
        self._stale(quiz_file, quiz)
        self.faults += checks.chapter_faults(file, yaml_file, sources)
        self.faults += checks.text_faults(file, texts, quiz, folder=self.shown(folder), sources=sources, terms=terms)
        self.faults += checks.quiz_faults(file, quiz, quiz_file, texts, sources)
        return Chapter(course=course, file=file, texts=texts, quiz=quiz, storyboard=board, guide=guide)

    def _stale(self, file: YamlFile, value: object) -> None:
        for place, text in checks.texts_in(value):
            self.faults += [
                file.fault(place, f"{language.value} is older than its English source: {text.en[:50]}")
                for language in text.stale()
            ]


def _revision(courses_dir: Path, manifest: Manifest) -> str:
    seal = hashlib.sha256()
    for path in sorted(courses_dir.rglob("*")):
        if path.suffix in {".yaml", ".md"}:
            seal.update(path.relative_to(courses_dir).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    seal.update(json.dumps(manifest.model_dump(mode="json"), sort_keys=True).encode())
    return seal.hexdigest()[:16]
