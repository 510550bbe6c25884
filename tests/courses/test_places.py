"""The pages of the partners: what is known, what is not, and the way to their practices and back."""

import pytest

from tests.pages import Page, Visitor
from training.courses.library import Library
from training.languages import Language


def test_a_practice_leads_to_its_place_and_the_place_to_the_practice(visitor: Visitor, library: Library) -> None:
    place = visitor.get("/fr/places/hospitalet")
    (practice,) = library.practices_of("hospitalet")
    there = f"/fr/courses/local-prevention/{practice.chapter.slug}/"
    assert f"{there}#{practice.anchor}" in place.links()
    chapter = visitor.get(there)
    assert "/fr/places/hospitalet" in chapter.links()
    assert chapter.tree.find(f".//*[@id='{practice.anchor}']") is not None


@pytest.mark.parametrize("language", Language)
def test_every_partner_has_a_page_that_says_what_is_not_known(
    visitor: Visitor, library: Library, language: Language
) -> None:
    listed = visitor.get(f"/{language}/places/").links()
    for place in library.places:
        assert f"/{language}/places/{place.slug}" in listed
        page = visitor.get(f"/{language}/places/{place.slug}")
        assert page.heading == place.name[language]
        assert len(page.select(".//ol[@class='sources']/li")) >= 1
    visitor.get(f"/{language}/places/atlantis", status=404)


def facts(page: Page) -> dict[str, str]:
    """The facts at the head of a place's page, by their term."""
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.select(".//dl/div")]
    return {row[0]: row[1] for row in rows}


def test_a_figure_that_nobody_has_read_is_not_known(visitor: Visitor) -> None:
    assert facts(visitor.get("/en/places/bordeaux"))["Population"] == "not known to us"
    assert facts(visitor.get("/en/places/hospitalet"))["Population"] == "265,000 (2018)"
    assert facts(visitor.get("/en/places/liege"))["Population"] == "190,000 (year not known)"
    assert "Population" not in facts(visitor.get("/en/places/ufuq"))
