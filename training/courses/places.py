"""The shape of `courses/places/places.yaml`: the partners of the programme, and what is known of each."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from training.courses.content import CountryCode, Shape, Slug, SourceKey, Text

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class PlaceKind(StrEnum):
    """What a partner is. Only cities and regions become local authorities."""

    CITY = "city"
    REGION = "region"
    ORGANISATION = "organisation"


class Part(Shape):
    """What a partner did in a project or is known for: a sentence with its sources."""

    id: Slug
    text: Text
    sources: Annotated[list[SourceKey], Field(min_length=1)]


class Place(Shape):
    """A partner of LIAISE 1 or 2. What is left out is not known, and its page says so."""

    slug: Slug
    kind: PlaceKind = PlaceKind.CITY
    country: CountryCode | None = None
    """Organisations alone may belong to no country."""
    name: Text
    languages: list[LanguageCode] = Field(default_factory=list)
    """The languages of its people, as far as they are the reason for the course's languages."""
    liaise: Annotated[list[Literal[1, 2]], Field(min_length=1)]
    associate: bool = False
    """Whether it was an associated partner."""
    population: int | None = None
    population_year: int | None = None
    member_since: int | None = None
    parts: list[Part] = Field(default_factory=list)
    sources: Annotated[list[SourceKey], Field(min_length=1)]

    @property
    def is_authority(self) -> bool:
        """Whether it is a city or a region, so that people may belong to it."""
        return self.kind is not PlaceKind.ORGANISATION

    @model_validator(mode="after")
    def is_whole(self) -> Self:
        """Refuse a city in no country, and a year without its figure."""
        if self.is_authority and self.country is None:
            raise ValueError("a city or region lies in a country")
        if self.population_year is not None and self.population is None:
            raise ValueError("a year of the population without the population")
        return self
