"""Countries, first steps and places: what the check refuses, when it warns, and which practice leads to which place."""

import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cast import Cast
from training.courses.commands import content
from training.courses.countries import Country
from training.courses.faults import ContentFault, Fault
from training.courses.geography import read_geography
from training.courses.library import Library
from training.courses.load import load_library
from training.settings import ROOT

CHAPTER = "local-prevention/01-understanding"
Spoil = Callable[[str], str]


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """A copy of what lies beside the courses, to be spoilt."""
    folder = tmp_path / "courses"
    for name in ("countries", "places"):
        shutil.copytree(ROOT / "courses" / name, folder / name)
    return folder


@pytest.fixture
def with_a_chapter(courses: Path) -> Path:
    """The same with the course, as if it had one chapter."""
    hidden = shutil.ignore_patterns("video", "0[2-9]-*")
    shutil.copytree(ROOT / "courses" / "local-prevention", courses / "local-prevention", ignore=hidden)
    course = courses / "local-prevention" / "course.yaml"
    course.write_text(re.sub(r"(?m)^  - 0[2-9]-.*\n", "", course.read_text(encoding="utf-8")), encoding="utf-8")
    return courses


def instead(old: str, new: str) -> Spoil:
    def spoil(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return spoil


SPOILT = {
    "no source": ("countries/fr.yaml", instead("[N132, N133b]", "[]"), "at least 1 item"),
    "no date": ("countries/fr.yaml", instead("    as-of: 2023-10-16\n", ""), "as-of: Field required"),
    "a date that is none": ("countries/fr.yaml", instead("as-of: 2023-10-16", "as-of: some day"), "match pattern"),
    "no review date": ("countries/nl.yaml", instead("    review-by: 2027-05-31\n", ""), "review-by: Field required"),
    "a number that cannot be dialled": ("countries/fr.yaml", instead("'119'", "one one nine"), "match pattern"),
    "a language is missing": ("countries/dk.yaml", instead("      it: ", "      xx: "), "it: Field required"),
    "an identifier stands twice": ("countries/de.yaml", instead("id: dext", "id: bamf"), "'bamf' stands twice"),
    "another country's file": ("countries/dk.yaml", instead("country: DK", "country: SE"), "a file of another name"),
    "no first steps": ("countries/first-steps.yaml", instead("steps:", "footsteps:"), "steps: Field required"),
    "a place without a country": ("places/places.yaml", instead("  country: GR\n", ""), "lies in a country"),
    "a year without a figure": ("places/places.yaml", instead("  population: 42000\n", ""), "without the population"),
    "a place stands twice": ("places/places.yaml", instead("slug: augsburg", "slug: brno"), "'brno' stands twice"),
}


@pytest.mark.parametrize(("file", "spoil", "told"), SPOILT.values(), ids=SPOILT)
def test_the_check_refuses_and_names_the_file(courses: Path, file: str, spoil: Spoil, told: str) -> None:
    faults: list[Fault] = []
    read_geography(courses, faults)
    assert faults == []
    path = courses / file
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    read_geography(courses, faults)
    assert [one for one in faults if one.file == f"courses/{file}" and told in one.message]


@pytest.mark.parametrize(
    ("file", "spoil", "told"),
    [
        ("countries/fr.yaml", instead("[N132, N133b]", "[N132, Z999]"), "Z999 is no source"),
        (f"{CHAPTER}/chapter.yaml", instead("place: rotterdam", "place: atlantis"), "atlantis is no place"),
    ],
)
def test_a_source_and_a_place_that_nobody_knows_are_named_with_their_line(
    with_a_chapter: Path, file: str, spoil: Spoil, told: str
) -> None:
    path = with_a_chapter / file
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ContentFault) as refusal:
        load_library(with_a_chapter, ROOT / "videos_manifest.json")
    (fault,) = [one for one in refusal.value.faults if told in one.message]
    assert fault.file == f"courses/{file}"
    wanted = told.split(maxsplit=1)[0]
    assert wanted in "".join(path.read_text(encoding="utf-8").splitlines()[fault.line - 1 : fault.line + 1])


def test_a_country_whose_only_line_serves_one_form_has_to_say_where_others_turn_to(library: Library) -> None:
    germany = library.countries["DE"].model_dump(by_alias=True)
    alone = [one for one in germany["contacts"] if one["covers"] == "jihadist"]
    with pytest.raises(ValueError, match="a line for jihadist alone"):
        Country.model_validate({**germany, "contacts": alone})
    assert Country.model_validate({**germany, "contacts": germany["contacts"]}).country == "DE"


def test_what_is_past_its_review_date_is_named_from_the_day_after(library: Library) -> None:
    line = next(one for one in library.countries["SE"].contacts if one.id == "orostelefonen")
    for later, named in ((timedelta(0), False), (timedelta(days=1), True)):
        told = [str(fault) for fault in library.overdue(line.review_by + later)]
        assert any("courses/countries/se.yaml:" in one and "orostelefonen" in one for one in told) is named
    everything = library.overdue(date(2100, 1, 1))
    entries = sum(len(list(country.entries())) for country in library.countries.values())
    chapters = sum(len(course.chapters) for course in library.courses.values())
    assert len(everything) == entries + chapters


def test_the_check_warns_of_it_without_refusing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    courses = tmp_path / "courses"
    shutil.copytree(ROOT / "courses", courses, ignore=shutil.ignore_patterns("video"))
    path = courses / "countries" / "fr.yaml"
    path.write_text(instead("review-by: 2027", "review-by: 2021")(path.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setenv("TRAINING_COURSES_DIR", str(courses))
    done = CliRunner().invoke(content, ["check"])
    assert done.exit_code == 0, done.output
    assert "courses/countries/fr.yaml:3: emergency-112 had to be looked at again by 2021-05-31" in done.output
    assert re.search(r"past their review date: [1-9]", done.output)


@pytest.mark.parametrize("file", ["country.yaml", "first-steps.yaml", "places.yaml"])
def test_the_schema_of_each_kind_of_file_can_be_printed(file: str) -> None:
    done = CliRunner().invoke(content, ["schema", file])
    assert done.exit_code == 0
    assert '"sources"' in done.output


def test_an_organisation_becomes_no_local_authority(cast: Cast, library: Library) -> None:
    organisations = {place.slug for place in library.places if not place.is_authority}
    assert organisations >= {"ufuq", "isd", "cep"}
    assert set(cast.places) == {place.slug for place in library.places} - organisations
