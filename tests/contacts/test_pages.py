"""The page for who is worried now, the card in a chapter, and the form of its administrators."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event

from tests.cast import NOW, Cast
from tests.content import card
from tests.pages import Page, Visitor
from training.contacts.actions import save_card
from training.courses.library import Library
from training.db import Database
from training.languages import Language

Stage = Callable[[Callable[[Cast], None]], None]
SignedIn = Callable[[UUID], Visitor]
CHAPTER = "/en/courses/local-prevention/understanding/"


def fold(page: Page, identity: str) -> str:
    """What stands inside a fold of the page, blanks folded."""
    found = page.tree.find(f".//details[@id='{identity}']")
    return " ".join("".join(found.itertext()).split())


def with_cards(cast: Cast, *towns: str) -> None:
    for town in towns:
        save_card(cast.session, cast.actor(cast.administrator()), cast.places[town], card(f"Desk {town}"), now=NOW)


@pytest.mark.parametrize("language", Language)
def test_who_is_worried_finds_112_sentences_and_every_country_without_an_account(
    visitor: Visitor, library: Library, language: Language
) -> None:
    page = visitor.get(f"/{language}/help-now")
    assert page.select(".//a[@href='tel:112']")
    for sentence in library.advice.sentences:
        assert " ".join(sentence.say[language].split()) in page.text
    assert {one.get("id") for one in page.select(".//details[@name='country']")} >= {
        "be", "cz", "de", "dk", "es", "fr", "gr", "it", "nl", "pt", "se"
    }  # fmt: skip


def test_the_choice_of_a_country_never_leaves_the_browser(visitor: Visitor) -> None:
    """No form, no address of its own, no cookie but that of the language: what is opened is a fold of the one page."""
    page = visitor.get("/en/help-now")
    main = page.tree.find(".//main")
    assert list(main.iter("form", "input", "select", "button")) == []
    leads = [link.get("href") for link in main.iter("a")]
    assert [one for one in leads if "help-now" in one or one.startswith("?")] == []
    cookies = [header.partition("=")[0] for header in page.response.headers.getlist("Set-Cookie")]
    assert cookies == ["language"]


def test_a_country_of_which_nothing_is_verified_says_so_and_names_no_number_but_112(visitor: Visitor) -> None:
    told = fold(visitor.get("/en/help-now"), "gr")
    assert "In danger, call 112." in told
    assert "Nothing else is verified yet" in told
    assert set(re.findall(r"\d{3,}", told)) == {"112"}


def test_every_entry_says_how_old_it_is_and_names_its_sources(visitor: Visitor, library: Library) -> None:
    page = visitor.get("/en/help-now")
    for code, country in library.countries.items():
        told = fold(page, code.lower())
        entries = [entry for _place, entry in country.entries()]
        assert told.count("Source:") == len(entries)
        for entry in entries:
            assert all(key in told for key in entry.sources)


def test_a_line_of_the_police_says_that_it_is_a_way_to_report(visitor: Visitor) -> None:
    page = visitor.get("/en/help-now")
    assert "Run by the police: a way to report" in fold(page, "es")
    assert "Run by the security side of the State" in fold(page, "fr")
    assert "Run by" not in fold(page, "nl")


def test_beside_each_telephone_stands_a_way_without_a_voice_or_that_none_is_known(visitor: Visitor) -> None:
    page = visitor.get("/en/help-now")
    spoken = [
        one
        for one in page.select(".//details[@name='country']//div[@class='contact']")
        if one.find(".//a[@class='telephone']") is not None
    ]
    assert len(spoken) >= 12
    for one in spoken:
        assert "In writing or in sign language" in "".join(one.itertext())


def test_an_entry_past_its_review_date_says_so_openly(app: Flask, library: Library) -> None:
    late = date(2020, 1, 1)
    sweden = library.countries["SE"]
    line = sweden.contacts[0].model_copy(update={"review_by": late})
    old = sweden.model_copy(update={"contacts": [line]})
    app.extensions["training.library"] = replace(library, countries={**library.countries, "SE": old})
    page = Visitor(app).get("/en/help-now")
    assert "It had to be looked at again by 1 January 2020." in fold(page, "se")
    assert "review overdue" in fold(page, "se")
    assert "review overdue" not in fold(page, "dk")


def test_a_town_with_a_card_stands_inside_its_country(app: Flask, stage: Stage) -> None:
    stage(lambda cast: with_cards(cast, "liege", "augsburg"))
    page = Visitor(app).get("/fr/help-now")
    assert "Desk liege de la ville" in fold(page, "be")
    assert "Desk augsburg" not in fold(page, "be")
    assert "Desk augsburg de la ville" in fold(page, "augsburg")


def test_who_is_signed_in_sees_the_own_town_first_and_the_own_country_open(
    app: Flask, stage: Stage, signed_in: SignedIn
) -> None:
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        with_cards(cast, "liege")
        people["liege"], people["bologna"] = cast.person("Ada"), cast.person("Bo", place="bologna")

    stage(play)
    ada = signed_in(people["liege"]).get("/en/help-now")
    assert "Desk liege of the town" in "".join(ada.tree.find(".//section[@aria-labelledby='own']").itertext())
    assert [one.get("id") for one in ada.select(".//details[@open]")] == ["be"]
    bo = signed_in(people["bologna"]).get("/en/help-now")
    assert "It has not written down contacts of its own yet." in bo.text
    assert [one.get("id") for one in bo.select(".//details[@open]")] == ["it"]


def test_a_card_stands_in_the_chapter_for_readers_of_that_town_and_for_nobody_else(
    app: Flask, stage: Stage, signed_in: SignedIn
) -> None:
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        with_cards(cast, "liege", "augsburg")
        people["here"], people["elsewhere"] = cast.person("Ada"), cast.person("Bo", place="bologna")

    stage(play)
    here, elsewhere = signed_in(people["here"]).get(CHAPTER), signed_in(people["elsewhere"]).get(CHAPTER)
    out = Visitor(app).get(CHAPTER)
    assert "Desk liege of the town" in here.text
    for page in (elsewhere, out):
        assert "Desk" not in page.text
        assert "/en/help-now" in page.links()


def test_the_lines_of_ones_own_country_stand_in_the_chapter_and_those_of_no_country_for_a_stranger(
    app: Flask, stage: Stage, signed_in: SignedIn
) -> None:
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        for town in ("liege", "bologna", "setubal"):
            people[town] = cast.person(town, place=town)

    stage(play)
    lines = {town: {link for link in signed_in(person).get(CHAPTER).links() if link.startswith("tel:")}
             for town, person in people.items()}  # fmt: skip
    assert lines["liege"] == {"tel:112", "tel:080011172", "tel:103"}
    assert lines["bologna"] == {"tel:112", "tel:114", "tel:19696"}
    assert lines["setubal"] == {"tel:112"}
    assert [link for link in Visitor(app).get(CHAPTER).links() if link.startswith("tel:")] == []
    assert "Chat on the website, WhatsApp" in signed_in(people["bologna"]).get(CHAPTER).text


def test_a_change_of_the_card_reaches_a_chapter_that_the_browser_keeps(
    app: Flask, stage: Stage, signed_in: SignedIn
) -> None:
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        people["ada"], people["alba"] = cast.person("Ada"), cast.administrator()

    def write(cast: Cast) -> None:
        save_card(cast.session, cast.actor(people["alba"]), cast.places["liege"], card(), now=NOW)

    stage(play)
    ada = signed_in(people["ada"])
    etag = ada.get(CHAPTER).response.headers["ETag"]
    assert ada.client.get(CHAPTER, headers={"If-None-Match": etag}).status_code == 304
    stage(write)
    assert ada.client.get(CHAPTER, headers={"If-None-Match": etag}).status_code == 200


def test_a_chapter_takes_three_statements_with_a_card_and_without(
    app: Flask, app_database: Database, stage: Stage, signed_in: SignedIn
) -> None:
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        with_cards(cast, "liege")
        people["with"], people["without"] = cast.person("Ada"), cast.person("Bo", place="bologna")

    stage(play)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    for person in people.values():
        ada = signed_in(person)
        event.listen(app_database.engine, "before_cursor_execute", note)
        statements.clear()
        ada.get(CHAPTER)
        event.remove(app_database.engine, "before_cursor_execute", note)
        assert len(statements) <= 3


def test_an_administrator_writes_the_card_of_the_own_town_and_everybody_reads_it(app: Flask, stage: Stage) -> None:
    made: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        made["lou"], made["liege"] = cast.administrator("Lou Local", place="liege"), cast.places["liege"]

    stage(play)
    lou = Visitor(app).enter(made["lou"])
    form = f"/en/admin/authorities/{made['liege']}/contacts"
    said = {"name_fr": "Cellule de prévention", "telephone": "+32 4 000 00 00", "note_fr": "De 9 h à 17 h"}
    lou.post(form, said)
    page = Visitor(app).get("/de/help-now")
    assert "Cellule de prévention" in fold(page, "liege")
    assert page.select(".//a[@href='tel:+3240000000']")
    assert page.tree.find(".//details[@id='liege']//*[@lang='fr']") is not None
    assert "Cellule de prévention" in [one.get("value") for one in lou.get(form).select(".//input")]
    assert "changed the contacts of a city or region" in lou.get("/en/admin/audit").text
    lou.post(f"{form}/remove")
    assert Visitor(app).get("/de/help-now").tree.find(".//details[@id='liege']") is None


@pytest.mark.parametrize(
    ("said", "faulty"),
    [
        ({"telephone": "000 11 22"}, "name_en"),
        ({"name_en": "Desk"}, "telephone"),
        ({"name_en": "Desk", "telephone": "call us"}, "telephone"),
        ({"name_en": "Desk", "website": "http://town.example"}, "website"),
        ({"name_en": "Desk", "website": "javascript:alert(1)"}, "website"),
        ({"name_en": "Desk", "email": "nobody"}, "email"),
        ({"name_en": "x" * 121, "telephone": "000 11 22"}, "name_en"),
    ],
)
def test_a_card_that_helps_nobody_comes_back_as_it_was_typed(
    app: Flask, stage: Stage, said: dict[str, str], faulty: str
) -> None:
    made: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        made["alba"], made["liege"] = cast.administrator(), cast.places["liege"]

    stage(play)
    form = f"/en/admin/authorities/{made['liege']}/contacts"
    page = Visitor(app).enter(made["alba"]).post(form, said, status=422)
    wrong = {one.get("name"): one.get("value") for one in page.select(".//input[@aria-invalid='true']")}
    assert wrong == {faulty: said.get(faulty, "")}
    assert Visitor(app).get("/en/help-now").tree.find(".//details[@id='liege']") is None


def test_a_card_that_nobody_confirmed_for_a_year_says_so(app: Flask, stage: Stage) -> None:
    def play(cast: Cast) -> None:
        old = card("Desk", confirmed_on=date.today() - timedelta(days=400))  # noqa: DTZ011  pages are tested at the real day
        save_card(cast.session, cast.actor(cast.administrator()), cast.places["liege"], old, now=NOW)

    stage(play)
    assert "it may be out of date" in fold(Visitor(app).get("/en/help-now"), "liege")
