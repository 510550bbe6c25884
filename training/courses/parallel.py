"""The shape of `before-and-after/form-a.yaml` and `form-b.yaml`: two forms that ask the same with other words.

Who is asked one before the course is asked the other after it. A vignette is a situation that is harmless on enquiry:
none of its options is marked as right, so that no answer can reward a report; what counts is which step was taken.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from training.courses.content import Shape, Slug, SourceKey, Text
from training.courses.questions import Extremism, Profession


class FormName(StrEnum):
    """The two forms."""

    A = "a"
    B = "b"


class About(StrEnum):
    """What a harmless situation is about: one of each in every form."""

    CONVERSION = "conversion"
    PROVOCATION = "provocation"
    GRIEF = "grief"
    POLITICAL_ANGER = "political-anger"


class FirstStep(StrEnum):
    """What somebody would do first in such a situation: one option for each."""

    ENQUIRE = "enquire"
    """Ask, talk, find out: what the course is for."""
    LEAVE = "leave"
    """Do nothing."""
    RESTRICT = "restrict"
    """Take something away from the person."""
    REPORT = "report"
    """Pass it on as a concern: here, without need."""


class FirstStepOption(Shape):
    """Something that might be done first."""

    id: Slug
    step: FirstStep
    text: Text


class Vignette(Shape):
    """A situation that looks alarming and is harmless. `found` tells what asking would have shown."""

    id: Slug
    about: About
    profession: Profession
    text: Text
    options: list[FirstStepOption]
    found: Text


class ComparedOption(Shape):
    """An answer to choose. There is no feedback: nothing is marked, and the key is never shown."""

    id: Slug
    text: Text
    right: bool = False


class ComparedQuestion(Shape):
    """A question whose sister in the other form `measures` the same."""

    id: Slug
    chapter: Slug
    measures: Slug
    profession: Profession
    form: Extremism
    sources: Annotated[list[SourceKey], Field(min_length=1)]
    text: Text
    options: Annotated[list[ComparedOption], Field(min_length=3, max_length=4)]

    @model_validator(mode="after")
    def has_one_key(self) -> Self:
        """Refuse a question without a key, or with two."""
        if sum(option.right for option in self.options) != 1:
            raise ValueError("exactly one option is right")
        return self


class ParallelForm(Shape):
    """One of the two forms. The vignettes come first: no question has yet said what they are about."""

    form: FormName
    vignettes: list[Vignette]
    questions: list[ComparedQuestion]

    @cached_property
    def items(self) -> Mapping[str, Vignette | ComparedQuestion]:
        """What is asked, by identifier, in the order in which it is asked."""
        first: Mapping[str, Vignette | ComparedQuestion] = {item.id: item for item in self.vignettes}
        return {**first, **{item.id: item for item in self.questions}}
