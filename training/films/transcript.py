"""The illustrated transcript: what is said, and when, beside its picture. It counts as much as the film."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from training.courses.content import Shape, Slug, Words
from training.courses.manifest import File, Sha256
from training.languages import Language


class Still(File):
    """A picture of the film. Width and height are pixels."""

    width: int
    height: int


class SpokenText(Shape):
    """A sentence and when it is heard, in milliseconds."""

    id: Slug
    text: Words
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]


class TranscriptStep(Shape):
    """What is said over one state of a picture.

    The last step of a scene carries the picture's description in words; the others' pictures are on the way to it, and
    what they show is said: their `alt` is empty.
    """

    id: Slug
    start: int
    end: int
    still: Still
    alt: str
    sentences: list[SpokenText]


class TranscriptScene(Shape):
    """A scene, with the section of the chapter that it introduces."""

    id: Slug
    section: Slug
    title: Words
    start: int
    end: int
    steps: list[TranscriptStep]


class Transcript(Shape):
    """`<language>.transcript.json`. `made_from` tells a later check whether the storyboard has changed since."""

    version: Literal[1]
    course: Slug
    chapter: Slug
    language: Language
    duration: int
    made_from: Sha256
    scenes: list[TranscriptScene]


def read_transcript(path: Path) -> Transcript:
    """Return a transcript. Raises `ValidationError` for a file that is none."""
    return Transcript.model_validate_json(path.read_text(encoding="utf-8"))


def json_of(shape: Shape) -> str:
    """Return a model as its file is written: keys with hyphens, indented, defaults left out."""
    return shape.model_dump_json(by_alias=True, exclude_defaults=True, indent=1, ensure_ascii=False) + "\n"
