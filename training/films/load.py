"""Reading what a film is made of: the chapter's file, its storyboard and its drawings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from training.courses.content import ChapterFile, Course, Scene, Shape, Slug, Spoken
from training.courses.faults import ContentFault, Fault, YamlFile
from training.languages import Language


class FilmScene(Scene):
    """A scene, with the section of the chapter that it introduces: its title heads the scene in all languages."""

    section: Slug


class FilmStoryboard(Shape):
    """`storyboard.yaml`."""

    scenes: Annotated[list[FilmScene], Field(min_length=1)]

    def sentences(self) -> list[Spoken]:
        """Return the sentences in the order in which they are spoken."""
        return [spoken for scene in self.scenes for step in scene.steps for spoken in step.sentences]


@dataclass(frozen=True, kw_only=True)
class FilmChapter:
    """A chapter that has a storyboard, with what its film needs."""

    course: str
    folder: Path
    file: ChapterFile
    storyboard: FilmStoryboard

    @property
    def slug(self) -> str:
        return self.file.chapter

    @property
    def drawings(self) -> Path:
        """The file that draws the scenes."""
        return self.folder / "drawings.typ"

    @property
    def recordings(self) -> Path:
        """Where sentences lie that a person has spoken, by language."""
        return self.folder / "voice"

    def titles(self, language: Language) -> dict[str, str]:
        """Return the title of each scene."""
        sections = {section.id: section.title[language] for section in self.file.sections}
        return {scene.id: sections[scene.section] for scene in self.storyboard.scenes}


def film_chapters(courses_dir: Path, only: str | None = None) -> list[FilmChapter]:
    """Return the chapters that have a storyboard, of all courses or the one of that name.

    Raises `ContentFault` with every fault of their storyboards at once.
    """
    faults: list[Fault] = []
    chapters = []
    for course_file in sorted(courses_dir.glob("*/course.yaml")):
        course = _yaml(course_file).read(TypeAdapter(Course))
        for name in course.chapters:
            folder = course_file.parent / name
            if not (folder / "storyboard.yaml").is_file():
                continue
            file = _yaml(folder / "chapter.yaml").read(TypeAdapter(ChapterFile))
            if only not in {None, file.chapter}:
                continue
            try:
                chapters.append(_chapter(course.course, folder, file))
            except ContentFault as fault:
                faults += fault.faults
    if faults:
        raise ContentFault(faults)
    return chapters


def _chapter(course: str, folder: Path, file: ChapterFile) -> FilmChapter:
    board_file = _yaml(folder / "storyboard.yaml")
    storyboard = board_file.read(TypeAdapter(FilmStoryboard))
    known = {section.id for section in file.sections}
    faults = [
        board_file.fault(["scenes", index, "section"], f"{scene.section} is no section of this chapter")
        for index, scene in enumerate(storyboard.scenes)
        if scene.section not in known
    ]
    faults += [
        board_file.fault(["scenes"], f"the identifier {name} stands twice") for name in _repeated(storyboard)
    ]  # fmt: skip
    if not (folder / "drawings.typ").is_file():
        faults.append(board_file.fault([], "there is no drawings.typ beside it"))
    if faults:
        raise ContentFault(faults)
    return FilmChapter(course=course, folder=folder, file=file, storyboard=storyboard)


def _repeated(storyboard: FilmStoryboard) -> list[str]:
    names = [spoken.id for spoken in storyboard.sentences()]
    names += [step.id for scene in storyboard.scenes for step in scene.steps]
    names += [label.id for scene in storyboard.scenes for step in scene.steps for label in step.labels]
    names += [scene.id for scene in storyboard.scenes]
    return sorted({name for name in names if names.count(name) > 1})


def _yaml(path: Path) -> YamlFile:
    if not path.is_file():
        raise ContentFault([Fault(str(path), 1, "there is no such file")])
    return YamlFile(path, "/".join(path.parts[-3:]))
