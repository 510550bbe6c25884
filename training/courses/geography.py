"""Reading what lies beside the courses: countries, the first steps that hold everywhere, and places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter

from training.courses.content import SourceKey
from training.courses.countries import Advice, Country
from training.courses.faults import ContentFault, Fault, YamlFile
from training.courses.library import Review
from training.courses.places import Place
from training.courses.prose import wording_faults

FIRST_STEPS = "first-steps.yaml"
Model = TypeVar("Model")


@dataclass(frozen=True, kw_only=True)
class Geography:
    """The countries by code, the places in the order of their file, and when each entry is to be looked at again."""

    countries: Mapping[str, Country]
    advice: Advice | None
    places: Sequence[Place]
    reviews: Sequence[Review]
    cited: Sequence[tuple[SourceKey, Fault]]
    """Each source that is named, with the fault that it is if nobody knows it."""


def read_geography(courses_dir: Path, faults: list[Fault]) -> Geography:
    """Return what could be read of `countries/` and `places/`; what is wrong is added to `faults`."""
    return _Reader(courses_dir, faults).read()


class _Reader:
    def __init__(self, root: Path, faults: list[Fault]) -> None:
        self.root = root
        self.faults = faults
        self.reviews: list[Review] = []
        self.cited: list[tuple[SourceKey, Fault]] = []

    def read(self) -> Geography:
        folder = self.root / "countries"
        advice = self._file(folder / FIRST_STEPS, TypeAdapter(Advice))
        files = [path for path in sorted(folder.glob("*.yaml")) if path.name != FIRST_STEPS]
        countries = [country for country in map(self._country, files) if country is not None]
        return Geography(
            countries={country.country: country for country in countries},
            advice=advice[1] if advice else None,
            places=self._places(self.root / "places" / "places.yaml"),
            reviews=self.reviews,
            cited=self.cited,
        )

    def _country(self, path: Path) -> Country | None:
        read = self._file(path, TypeAdapter(Country))
        if read is None:
            return None
        file, country = read
        if path.stem.upper() != country.country:
            self.faults.append(file.fault(["country"], f"{country.country} stands in a file of another name"))
        entries = list(country.entries())
        self.faults += file.twice([], [entry.id for _place, entry in entries])
        for place, entry in entries:
            message = f"{entry.id} had to be looked at again by {entry.review_by.isoformat()}"
            self.reviews.append(Review(by=entry.review_by, fault=file.fault(place, message)))
        return country

    def _places(self, path: Path) -> Sequence[Place]:
        read = self._file(path, TypeAdapter(list[Place]))
        if read is None:
            return []
        file, places = read
        self.faults += file.twice([], [place.slug for place in places])
        return places

    def _file(self, path: Path, shape: TypeAdapter[Model]) -> tuple[YamlFile, Model] | None:
        """Return a file and its value in a shape, or nothing; note its sources and what is wrong in its texts."""
        if not path.is_file():
            self.faults.append(Fault(self._shown(path), 1, "there is no such file"))
            return None
        try:
            file = YamlFile(path, self._shown(path))
            value = file.read(shape)
        except ContentFault as error:
            self.faults.extend(error.faults)
            return None
        self.faults += wording_faults(file, value)
        self.cited += [(key, file.fault(place, f"{key} is no source")) for place, key in _sources_in(value)]
        return file, value

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.root.parent).as_posix()


def _sources_in(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], SourceKey]]:
    """Give the key of every source that a value names, with the keys that lead to it."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name == "sources":
                yield from (((*place, name), key) for key in getattr(value, name))
            else:
                yield from _sources_in(getattr(value, name), (*place, name))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _sources_in(item, (*place, index))
