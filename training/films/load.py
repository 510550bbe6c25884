"""Reading what a film is made of: the chapter's file, its storyboard and its drawings."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from training.courses import checks
from training.courses.content import ChapterFile, Course, Storyboard
from training.courses.faults import ContentFault, Fault, YamlFile
from training.languages import Language


@dataclass(frozen=True, kw_only=True)
class FilmChapter:
    """A chapter whose film can be built, with what that needs."""

    course: str
    folder: Path
    file: ChapterFile
    storyboard: Storyboard

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
    """Return the chapters of all courses whose films can be built: those with a storyboard and drawings.

    With `only`, the one of that slug; it is then a fault when its drawings are missing. Raises `ContentFault` with
    every fault of their storyboards at once.
    """
    faults: list[Fault] = []
    chapters = []
    for course_file in sorted(courses_dir.glob("*/course.yaml")):
        course = _yaml(course_file).read(TypeAdapter(Course))
        for name in course.chapters:
            folder = course_file.parent / name
            wanted = [folder / "storyboard.yaml"] + ([] if only else [folder / "drawings.typ"])
            if not all(path.is_file() for path in wanted):
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
    storyboard = board_file.read(TypeAdapter(Storyboard))
    faults = checks.storyboard_faults(file, storyboard, board_file)
    if not (folder / "drawings.typ").is_file():
        faults.append(board_file.fault([], "there is no drawings.typ beside it"))
    if faults:
        raise ContentFault(faults)
    return FilmChapter(course=course, folder=folder, file=file, storyboard=storyboard)


def _yaml(path: Path) -> YamlFile:
    if not path.is_file():
        raise ContentFault([Fault(str(path), 1, "there is no such file")])
    return YamlFile(path, "/".join(path.parts[-3:]))
