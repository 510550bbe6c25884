"""Reading all content at once. What comes back is whole and checked, or nothing does."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from training.courses import banks, checks, prose
from training.courses.content import (
    ChapterFile,
    Course,
    Guide,
    Source,
    SourceKey,
    Storyboard,
    Term,
)
from training.courses.faults import ContentFault, Fault, YamlFile
from training.courses.geography import read_geography
from training.courses.library import Chapter, Library, LoadedCourse, Review
from training.courses.manifest import Manifest, read_manifest
from training.courses.parallel import FormName, ParallelForm
from training.courses.questions import Quiz
from training.courses.text import SectionText, parse
from training.languages import Language

RESERVED = {"countries", "places"}
Loaded = TypeVar("Loaded")


def load_library(courses_dir: Path, manifest_file: Path) -> Library:
    """Return all content. Raises `ContentFault` with every fault of every file at once."""
    faults: list[Fault] = []
    if not courses_dir.is_dir():
        raise ContentFault([Fault(str(courses_dir), 1, "there is no such folder")])
    geography = read_geography(courses_dir, faults)
    reader = _Reader(courses_dir, faults, {place.slug for place in geography.places})
    folders = [folder for folder in sorted(courses_dir.iterdir()) if folder.is_dir() and folder.name not in RESERVED]
    courses = [course for course in map(reader.course, folders) if course is not None]
    if len(courses) == len(folders):  # otherwise sources may stand in what could not be read
        sources = {key for course in courses for key in course.sources}
        faults += [fault for key, fault in geography.cited if key not in sources]
    manifest = reader.attempt(lambda: read_manifest(manifest_file)) or Manifest(version=1, films=[])
    known = {(course.slug, chapter.slug) for course in courses for chapter in course.chapters}
    faults += [
        Fault(manifest_file.name, 1, f"a film for {film.course}/{film.chapter}, which is no chapter")
        for film in manifest.films
        if (film.course, film.chapter) not in known
    ]
    if not courses:
        faults.append(Fault(str(courses_dir), 1, "there is no course in this folder"))
    if faults or geography.advice is None:
        raise ContentFault(faults)
    return Library(
        courses={course.slug: course for course in courses},
        countries=geography.countries,
        advice=geography.advice,
        places=geography.places,
        reviews=[*geography.reviews, *reader.reviews],
        manifest=manifest,
        revision=_revision(courses_dir, manifest),
    )


class _Reader:
    """Reads file after file and collects the faults, so that all are named at once."""

    def __init__(self, root: Path, faults: list[Fault], places: set[str]) -> None:
        self.root = root
        self.faults = faults
        self.places = places
        self.reviews: list[Review] = []

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
        self._words(glossary_file, terms)
        self._words(file, course)
        glossary = {term.id: term for term in terms}
        chapters = []
        for name in course.chapters:
            chapter = self.chapter(course, folder / name, set(sources), set(glossary))
            if chapter is not None:
                chapters.append(chapter)
        forms = self.forms(folder / "before-and-after", [chapter.slug for chapter in chapters], set(sources))
        loaded = LoadedCourse(file=course, chapters=chapters, sources=sources, glossary=glossary, forms=forms)
        self.faults += banks.recall_faults(
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

    def chapter(self, course: Course, folder: Path, sources: set[str], terms: set[str]) -> Chapter | None:
        yaml_file = self.yaml(folder / "chapter.yaml")
        file = self.attempt(lambda: yaml_file.read(TypeAdapter(ChapterFile))) if yaml_file else None
        if file is None or yaml_file is None:
            return None
        self._words(yaml_file, file)
        message = f"chapter {file.chapter} had to be looked at again by {file.review_by.isoformat()}"
        self.reviews.append(Review(by=file.review_by, fault=yaml_file.fault(["review-by"], message)))
        if file.state == "in-preparation":
            return Chapter(course=course.course, file=file, texts={}, quiz=None, storyboard=None, guide=None)
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
                course=course.course,
            )
            self.faults += faults + prose.markdown_faults(path, self.shown(path), language)
            texts[language] = sections
        board_file = self.yaml(folder / "storyboard.yaml")
        board = self.attempt(lambda: board_file.read(TypeAdapter(Storyboard))) if board_file else None
        guide_file = self.yaml(folder / "guide.yaml")
        guide = self.attempt(lambda: guide_file.read(TypeAdapter(Guide))) if guide_file else None
        if board is not None and board_file is not None:
            self._words(board_file, board)
            self.faults += checks.storyboard_faults(file, board, board_file)
        if guide is not None and guide_file is not None:
            self._words(guide_file, guide)
            self.faults += checks.guide_faults(guide, guide_file)
        if quiz is None or quiz_file is None or len(texts) < len(Language):
            return None
        self._words(quiz_file, quiz)
        self.faults += checks.chapter_faults(file, yaml_file, sources, self.places)
        self.faults += checks.text_faults(file, texts, quiz, folder=self.shown(folder), sources=sources, terms=terms)
        self.faults += banks.quiz_faults(file, quiz, quiz_file, texts, sources)
        self.faults += prose.prose_faults(texts, folder=self.shown(folder), fictional=course.fictional)
        self.faults += prose.minutes_faults(file, yaml_file, texts, quiz)
        return Chapter(course=course.course, file=file, texts=texts, quiz=quiz, storyboard=board, guide=guide)

    def forms(self, folder: Path, chapters: Sequence[str], sources: set[str]) -> Mapping[FormName, ParallelForm]:
        """Return the two forms that are asked before and after a course; none where it has no such folder."""
        read: dict[FormName, tuple[YamlFile, ParallelForm]] = {}
        for name in FormName if folder.is_dir() else []:
            file = self.yaml(folder / f"form-{name}.yaml")
            form = self.attempt(lambda file=file: file.read(TypeAdapter(ParallelForm))) if file else None  # type: ignore[misc]
            if file is not None and form is not None:
                self._words(file, form)
                self.faults += banks.form_faults(file, form, name=name, chapters=chapters, sources=sources)
                read[name] = file, form
        if len(read) == len(FormName):
            file, form = read[FormName.B]
            self.faults += banks.twin_faults(file, form, read[FormName.A][1])
        return {name: form for name, (_file, form) in read.items()}

    def _words(self, file: YamlFile, value: object) -> None:
        self.faults += prose.wording_faults(file, value)


def _revision(courses_dir: Path, manifest: Manifest) -> str:
    seal = hashlib.sha256()
    for path in sorted(courses_dir.rglob("*")):
        if path.suffix in {".yaml", ".md"}:
            seal.update(path.relative_to(courses_dir).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    seal.update(json.dumps(manifest.model_dump(mode="json"), sort_keys=True).encode())
    return seal.hexdigest()[:16]
