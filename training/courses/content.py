"""The shape of the content's files. Every model is frozen: what is loaded never changes while the program runs."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from training.languages import Language

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
SourceKey = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[0-9]{1,3}[a-z]?$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Shape(BaseModel):
    """What every model of a file has in common: no unknown key, no change after loading; keys with hyphens."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True
    )


class Text(Shape):
    """A visible text in the five languages. `meaning` counts the changes of what it says; a lower number is stale."""

    en: Words
    fr: Words
    es: Words
    it: Words
    de: Words
    meaning: dict[Language, int] = Field(default_factory=dict)

    def __getitem__(self, language: Language) -> str:
        return str(getattr(self, language.value))

    def stale(self) -> list[Language]:
        """Return the languages whose meaning is behind the English one."""
        reference = self.meaning.get(Language.EN, 1)
        return [language for language in Language if self.meaning.get(language, 1) != reference]


def texts_in(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Text]]:
    """Give every visible text within a value, with the keys that lead to it."""
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name), (*place, name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts_in(item, (*place, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from texts_in(item, (*place, index))


class Source(Shape):
    """Where a fact comes from. The title stands in its own language."""

    title: Words
    by: Words
    year: int | None = None
    address: str | None = None
    kind: Literal["publication", "page", "press", "law", "study"]


class Term(Shape):
    """An entry of the glossary."""

    id: Slug
    term: Text
    definition: Text
    note: Text | None = None


class CompletionRule(Shape):
    """What completes the course, under a version. A new version never re-opens what was completed."""

    version: int
    since: date
    chapters: list[Slug]
    film: bool
    """Whether the film of each chapter (or its transcript) is asked for, where one plays here."""
    film_share: Annotated[float, Field(gt=0, le=1)]
    draw: int
    """How many questions a quiz draws."""
    passed_at: int
    """How many right answers pass it."""
    minutes: int
    """The nominal length of the course: what a certificate states."""
    refresher_months: Annotated[int, Field(ge=1, le=240)] | None = None
    """After how many months going through the course again is advised; never, if it is left out."""


class Course(Shape):
    """`course.yaml`."""

    course: Slug
    title: Text
    summary: Text
    chapters: list[str]
    """The folders of the chapters, in their order."""
    fictional: list[Words] = Field(default_factory=list)
    """The names of the fictional town, its places and its people: they have no source."""
    rules: list[CompletionRule]

    def rule(self, version: int) -> CompletionRule:
        """Return the rule of a version."""
        return next(rule for rule in self.rules if rule.version == version)

    @property
    def current_rule(self) -> CompletionRule:
        """The rule under which people enrol today."""
        return max(self.rules, key=lambda rule: rule.version)


class Objective(Shape):
    """What a reader can do afterwards."""

    id: Slug
    text: Text


class Section(Shape):
    """A finished thought of at most seven minutes."""

    id: Slug
    minutes: Annotated[int, Field(ge=1, le=7)]
    title: Text
    content_note: Text | None = None


class Today(StrEnum):
    """What is known of a practice today."""

    CONTINUES = "continues"
    CHANGED = "changed"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Example(Shape):
    """A practice of a real city, with the years that the text describes and what is known today."""

    id: Slug
    title: Text
    country: CountryCode
    place: Slug | None = None
    """The partner of the programme whose practice it is, if it is one's: its page lists the example."""
    described: Words
    today: Today
    today_as_of: int
    today_note: Text
    sources: list[SourceKey]


class Minutes(Shape):
    """How long the parts of a chapter take."""

    reading: int
    film: int
    quiz: int

    @property
    def all(self) -> int:
        """The whole chapter."""
        return self.reading + self.film + self.quiz


class ChapterFile(Shape):
    """`chapter.yaml`."""

    chapter: Slug
    number: int
    state: Literal["published", "in-preparation"]
    title: Text
    summary: Text
    minutes: Minutes
    objectives: Annotated[list[Objective], Field(min_length=3)]
    sections: Annotated[list[Section], Field(min_length=5, max_length=8)]
    examples: list[Example] = Field(default_factory=list)
    reviewed: date
    review_by: date


class Spoken(Shape):
    """A sentence of a film, spoken and shown as caption; its identifier is its place on the neutral timeline."""

    id: Slug
    text: Text


class Label(Shape):
    """Words on screen. They are spoken too."""

    id: Slug
    text: Text


class PictureStep(Shape):
    """One state of a picture, with the sentences spoken over it."""

    id: Slug
    appears: Words
    """What is drawn anew: an instruction for whoever draws, and the picture's description for whoever checks."""
    sentences: Annotated[list[Spoken], Field(min_length=1)]
    labels: list[Label] = Field(default_factory=list)


class Scene(Shape):
    """A picture that grows step by step."""

    id: Slug
    section: Slug
    """The section of the chapter that the scene introduces; that section's title heads the scene."""
    picture: Words
    alt: Text
    """What the finished picture shows, for those who do not see it."""
    steps: Annotated[list[PictureStep], Field(min_length=1)]


class Storyboard(Shape):
    """`storyboard.yaml`."""

    scenes: Annotated[list[Scene], Field(min_length=1)]

    def sentences(self) -> list[Spoken]:
        """Return the sentences in the order in which they are spoken."""
        return [spoken for scene in self.scenes for step in scene.steps for spoken in step.sentences]


class GuideBlock(Shape):
    """A paragraph or a numbered list of the facilitator's guide, in the Markdown of the texts."""

    id: Slug
    text: Text


class GuideSection(Shape):
    """A part of a face-to-face day, or advice that has no time of its own (then `minutes` is 0)."""

    id: Slug
    minutes: Annotated[int, Field(ge=0, le=90)]
    title: Text
    blocks: Annotated[list[GuideBlock], Field(min_length=1)]


class Guide(Shape):
    """`guide.yaml`: how to lead a day on the chapter."""

    sections: Annotated[list[GuideSection], Field(min_length=1)]

    @property
    def minutes(self) -> int:
        """How long the day takes."""
        return sum(section.minutes for section in self.sections)
