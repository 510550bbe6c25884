"""The shape of `quiz.yaml`: questions of every kind, counted or not, and dilemmas that have no key."""

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from training.courses.content import Shape, Slug, SourceKey, Text


class Kind(StrEnum):
    """How a question is answered."""

    ONE = "one"
    SEVERAL = "several"
    ORDER = "order"
    MATCH = "match"


class Profession(StrEnum):
    """Whose situation a question tells."""

    ADMINISTRATION = "administration"
    SOCIAL = "social"
    YOUTH = "youth"
    TEACHER = "teacher"
    POLICE = "police"
    ELECTED = "elected"
    HEALTH = "health"
    HOUSING = "housing"
    SPORT_CULTURE = "sport-culture"
    ASSOCIATION = "association"
    JUSTICE = "justice"
    ANY = "any"


class Extremism(StrEnum):
    """Which form of extremism a text speaks of."""

    JIHADIST = "jihadist"
    FAR_RIGHT = "far-right"
    FAR_LEFT = "far-left"
    SEPARATIST = "separatist"
    ANTI_GOVERNMENT = "anti-government"
    MISOGYNIST = "misogynist"
    MIXED = "mixed"
    ALL = "all"
    NONE = "none"


class Outcome(StrEnum):
    """What becomes of the concern in a situation."""

    DISSOLVES = "dissolves"
    SUPPORT = "support"
    PROTECTION = "protection"
    POLICE = "police"
    NONE = "none"


class Option(Shape):
    """Something to choose, to place or to join, with feedback of its own."""

    id: Slug
    text: Text
    feedback: Text
    right: bool = False
    partner: Text | None = None


class Question(Shape):
    """A question of any kind; a practice question has no `set` and is not counted."""

    id: Slug
    kind: Kind
    set: Literal["a", "b"] | None = None
    objectives: list[Slug]
    profession: Profession
    form: Extremism
    outcome: Outcome
    read: Slug
    sources: list[SourceKey] = Field(default_factory=list)
    text: Text
    options: Annotated[list[Option], Field(min_length=2, max_length=6)]

    @model_validator(mode="after")
    def fits_its_kind(self) -> Self:
        """Refuse options that do not fit the kind."""
        right = sum(option.right for option in self.options)
        partners = sum(option.partner is not None for option in self.options)
        if self.kind is Kind.ONE and right != 1:
            raise ValueError("exactly one option is right")
        if self.kind is Kind.SEVERAL and not 2 <= right < len(self.options):
            raise ValueError("two or more options are right, and not all of them")
        if self.kind in {Kind.ORDER, Kind.MATCH} and right:
            raise ValueError("the order or the partners are the key: no option is `right`")
        if partners != (len(self.options) if self.kind is Kind.MATCH else 0):
            raise ValueError("every option of a `match` has a partner, and no other has")
        if len({option.id for option in self.options}) != len(self.options):
            raise ValueError("two options have the same identifier")
        return self


def revision_of(question: Question) -> str:
    """Return the hash of all that a question says: under the same revision stands the same question, everywhere."""
    content = question.model_dump(mode="json", by_alias=True)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Choice(Shape):
    """A position in a dilemma, with the best reasons for it."""

    id: Slug
    text: Text
    reasons: Text


class Dilemma(Shape):
    """A question on which professionals disagree. It has no key."""

    id: Slug
    text: Text
    choices: Annotated[list[Choice], Field(min_length=2, max_length=4)]


class Quiz(Shape):
    """`quiz.yaml`."""

    questions: Annotated[list[Question], Field(min_length=16)]
    practice: list[Question]
    dilemmas: Annotated[list[Dilemma], Field(min_length=1)]
    recall: list[Slug] = Field(default_factory=list)
    reflections: list[Slug] = Field(default_factory=list)
