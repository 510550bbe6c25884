"""The accessibility statement, its form, and what a person reads of what others see of them."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.pages import Visitor
from training.cohorts.rules import PrivacyMode
from training.languages import Language
from training.mail.models import Letter
from training.people.models import Person

Stage = Callable[[Callable[[Cast], None]], None]


def test_a_barrier_is_reported_in_every_language_and_every_administrator_of_all_reads_it_in_their_own(
    app: Flask, stage: Stage
) -> None:
    def play(cast: Cast) -> None:
        for name, language in (("Alba", Language.ES), ("Alva", Language.DE)):
            cast.session.get_one(Person, cast.administrator(name)).language = language.value
        cast.administrator("Lou Local", place="liege")

    stage(play)
    for language in Language:
        form = {"page": f"/{language}/", "barrier": f"No captions ({language})", "email": "reader@example.org"}
        Visitor(app).post(f"/{language}/accessibility", form, status=200)
    with app.extensions["training.database"].reading() as session:
        letters = session.scalars(select(Letter)).all()
    assert sorted(letter.language for letter in letters) == ["de"] * 5 + ["es"] * 5
    for language in Language:
        assert len([one for one in letters if f"No captions ({language})" in one.text]) == 2
    assert all("reader@example.org" in letter.text for letter in letters)


def test_a_report_that_says_nothing_is_not_sent(app: Flask, visitor: Visitor) -> None:
    page = visitor.post("/en/accessibility", {"page": "/en/", "barrier": "", "email": "not an address"}, status=422)
    assert "Please fill this in." in page.text
    with app.extensions["training.database"].reading() as session:
        assert session.scalars(select(Letter)).all() == []


def test_what_others_see_of_a_member_is_said_in_the_words_that_they_joined_under(
    stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    """J4, J5: each group says how closely it looks; it may look less closely later, never more."""
    people: list[UUID] = []

    def play(cast: Cast) -> None:
        people.append(cast.person("Ada"))
        for number, mode in enumerate(PrivacyMode):
            cast.group(cast.trainer(f"Tom {number}"), people[0], mode=mode, name=f"Group {mode}")

    stage(play)
    page = signed_in(people[0]).get("/en/account/others")
    for mode in PrivacyMode:
        assert f"Group {mode}" in page.text
    for said in ("Figures of the group only", "Milestones only", "Individual results", "They do not see how far"):
        assert said in page.text
