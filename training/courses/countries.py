"""The shape of `courses/countries/`: what depends on the country, entry by entry with its source and its dates.

A wrong helpline harms. So nothing stands here without a source, each entry says how old it is and until when it has to
be looked at again, and a line that serves one form of extremism, or that the police run, says so.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from training.courses.content import CountryCode, Shape, Slug, SourceKey, Text, Words
from training.courses.questions import Extremism

AsOf = Annotated[
    str, BeforeValidator(str), StringConstraints(pattern=r"^(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")
]
"""A date as exactly as the source bears one: 2021, 2021-12 or 2021-06-10."""
Telephone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9](?:[ .()/-]?[0-9])+$", max_length=30)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")]
Address = Annotated[str, StringConstraints(pattern=r"^https://")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Entry(Shape):
    """A statement with what it stands on."""

    id: Slug
    sources: Annotated[list[SourceKey], Field(min_length=1)]
    as_of: AsOf
    """The date of the newest source that says so; where that bears no date, the year in which it was read."""
    undated: bool = False
    """Whether the source bears no date of its own."""
    checked: date | None = None
    """When somebody last asked those concerned, by telephone for instance."""
    review_by: date

    def overdue(self, today: date) -> bool:
        """Whether the entry had to be looked at again before today."""
        return self.review_by < today


class Statement(Entry):
    """A sentence or two: a law in one line, a route, what protects children."""

    text: Text
    reference: str | None = None
    """The law itself: code and article."""


class Runner(StrEnum):
    """Who answers: the reader chooses knowingly."""

    COUNSELLING = "counselling"
    CHILDREN = "children"
    STATE_SECURITY = "state-security"
    POLICE = "police"


class Contact(Entry):
    """A line or an office to turn to."""

    name: Words
    """Its own name, as it calls itself."""
    about: Text
    """For whom it is, and what it does, in one or two sentences."""
    run_by: Runner
    covers: Extremism = Extremism.ALL
    """Which form of extremism it serves; `none` for a line that is not about extremism."""
    region: Text | None = None
    """Where it serves; everywhere in the country, if nothing stands here."""
    telephone: Telephone | None = None
    free: bool = False
    anonymous: bool = False
    hours: Text | None = None
    without_voice: Text | None = None
    """How to reach it in writing or in sign language: text message, chat, relay."""
    email: Email | None = None
    website: Address | None = None
    languages: list[LanguageCode] = Field(default_factory=list)


class Number(Entry):
    """An emergency number, or what stands in for it."""

    number: Telephone
    text: Text


class Country(Shape):
    """`<code>.yaml`: one country. A list that is empty says that nothing is verified."""

    country: CountryCode
    emergency: Annotated[list[Number], Field(min_length=1)]
    without_voice: list[Statement] = Field(default_factory=list)
    """How those who do not hear or cannot speak reach the emergency services."""
    contacts: list[Contact] = Field(default_factory=list)
    routes: list[Statement] = Field(default_factory=list)
    """Whom to turn to on the spot: town, prefecture, school, social services."""
    children: list[Statement] = Field(default_factory=list)
    """Where a child in danger is protected."""
    law: list[Statement] = Field(default_factory=list)
    """Secrecy, and duties to report."""

    @model_validator(mode="after")
    def leaves_nobody_out(self) -> Self:
        """Refuse a country whose only line serves one form of extremism."""
        served = {one.covers for one in self.contacts} - {Extremism.NONE}
        if len(served) == 1 and Extremism.ALL not in served and not self.routes:
            raise ValueError(f"a line for {served.pop().value} alone: say where others turn to (contacts or routes)")
        return self

    def entries(self) -> Iterator[tuple[tuple[str | int, ...], Entry]]:
        """Give every entry with the keys that lead to it."""
        for part in PARTS:
            for index, entry in enumerate(getattr(self, part)):
                yield (part, index), entry

    def overdue(self, today: date) -> list[Entry]:
        """Return the entries that had to be looked at again before today."""
        return [entry for _place, entry in self.entries() if entry.overdue(today)]


PARTS: tuple[Literal["emergency", "without_voice", "contacts", "routes", "children", "law"], ...] = (
    "emergency",
    "without_voice",
    "contacts",
    "routes",
    "children",
    "law",
)


class Sentence(Shape):
    """Something to say, and to whom."""

    id: Slug
    to: Text
    say: Text


class Advice(Shape):
    """`first-steps.yaml`: what holds everywhere, before any number is dialled."""

    steps: Annotated[list[Text], Field(min_length=3)]
    sentences: Annotated[list[Sentence], Field(min_length=3)]
    sources: Annotated[list[SourceKey], Field(min_length=1)]
