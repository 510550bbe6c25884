"""A person with unmistakable strings everywhere: exported whole, and erased without a trace."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.cast import NOW, PASSWORD, Cast
from tests.pages import Visitor
from tests.sealing import appoint, seal
from training.certificates import actions as certificate_actions
from training.cohorts.rules import PrivacyMode
from training.comparison.models import Comparison, ComparisonAnswer
from training.comparison.rules import Moment
from training.db import Base, Database, new_id
from training.languages import Language
from training.people.models import Person
from training.privacy import actions, queries
from training.privacy.actions import remembered_erasures
from training.quizzes import actions as quiz_actions
from training.quizzes.queries import questions_of
from training.quizzes.rules import key_of
from training.terms import OnErasure, Privacy

Stage = Callable[[Callable[[Cast], None]], None]
CANARY = "Zyxwvut-Kanarie-Ąćž"


def live(cast: Cast) -> UUID:
    """Let a person with a canary in every field work through everything."""
    person = cast.person(f"{CANARY} Name", email="kanarie@canary.example")
    cast.session.get_one(Person, person).employer = f"{CANARY} Employer"
    trainer = cast.trainer()
    cast.group(trainer, person, mode=PrivacyMode.INDIVIDUAL)
    cast.completes(person, at=NOW - timedelta(days=1))
    attempt = quiz_actions.begin(
        cast.session, person, cast.chapter(), count=8, field_of_work="social", language=Language.FR, now=NOW
    )
    for name, question in questions_of(cast.session, attempt).items():
        change = quiz_actions.Change(
            id=new_id(),
            attempt_id=attempt.id,
            question=name,
            response=key_of(question),
            language=Language.FR,
            device=CANARY[:30],
            given_at=NOW,
        )
        quiz_actions.store(cast.session, person, cast.chapter(), change, now=NOW)
    quiz_actions.hand_in(cast.session, person, cast.chapter(), attempt.id, passed_at=6, now=NOW)
    dilemma = next(iter(cast.chapter().dilemmas.values()))
    quiz_actions.choose(
        cast.session, person, "local-prevention", dilemma.id, dilemma.choices[0].id, language=Language.FR, now=NOW
    )
    cast.compares(person, *Moment, at=NOW - timedelta(days=1))
    return person


def everything_in(database: Database) -> str:
    """Every value of every table, as text."""
    with database.reading() as session:
        return "\n".join(str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table)))


def test_the_export_holds_everything_about_the_person_and_nothing_about_others(
    app: Flask, stage: Stage, signed_in: Callable[[UUID], Visitor]
) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.extend([live(cast), cast.person("Somebody Else", email="else@example.org")]))
    canary = signed_in(people[0])
    answer = canary.client.get("/fr/account/data.json")
    told = json.loads(answer.text)["tables"]
    assert f"{CANARY} Name" in answer.text
    assert f"{CANARY} Employer" in answer.text
    assert "kanarie@canary.example" in answer.text
    assert {
        "person",
        "account",
        "membership",
        "enrolment",
        "milestone",
        "attempt",
        "answer",
        "dilemma_choice",
        "comparison",
        "comparison_answer",
    } <= set(told)
    assert len(told["answer"]) == 8
    assert "else@example.org" not in answer.text
    assert "Somebody Else" not in answer.text
    assert "argon2" not in answer.text
    page = canary.get("/fr/account/data")
    assert f"{CANARY} Name" in page.html


def test_an_erased_person_leaves_no_trace_and_others_stay_as_they_were(
    app: Flask, app_database: Database, stage: Stage, signed_in: Callable[[UUID], Visitor], tmp_path: Path
) -> None:
    people: list[UUID] = []
    stage(lambda cast: people.extend([live(cast), cast.person("Somebody Else", email="else@example.org")]))
    canary = signed_in(people[0])
    canary.post("/fr/account/email", {"email": "kanarie@new.example", "present": PASSWORD})
    before = [line for line in everything_in(app_database).splitlines() if str(people[1]) in line]
    canary.post("/fr/account/erase", {"present": "wrong password", "sure": "y"}, status=422)
    canary.post("/fr/account/erase", {"present": PASSWORD, "sure": "y"})
    canary.get("/fr/progress", status=302)
    left = everything_in(app_database)
    assert CANARY not in left
    assert "kanarie@" not in left
    assert [line for line in left.splitlines() if str(people[1]) in line] == before
    for file in Path(str(app_database.url.database)).parent.glob("training.sqlite3*"):
        assert CANARY.encode() not in file.read_bytes(), file
        assert b"kanarie@" not in file.read_bytes(), file
    settings = app.extensions["training.settings"]
    assert remembered_erasures(settings.data_dir)[-1] == people[0]
    Visitor(app).post("/fr/sign-in", {"email": "kanarie@canary.example", "password": PASSWORD}, status=422)


def test_an_erased_holders_certificate_is_checked_without_a_name(cast: Cast) -> None:
    person = live(cast)
    actor = cast.actor(cast.administrator())
    course = cast.library.courses["local-prevention"]
    appoint(cast.session)
    certificate_actions.confirm_name(cast.session, person, CANARY, now=NOW)
    certificate = certificate_actions.issue(cast.session, actor, person, course, seal=seal(), now=NOW)
    code = certificate.code
    actions.erase(cast.session, person, now=NOW)
    cast.session.refresh(certificate)
    assert (certificate.code, certificate.person_id) == (code, None)
    assert CANARY not in str(certificate.claims)


def test_every_table_that_points_to_a_person_says_what_erasure_does_and_every_column_its_class() -> None:
    for one in queries.declared():
        assert one.erasure.why
        assert all(column.info.get("privacy") in set(Privacy) for column in one.table.c), one.name
        points = any(column.info["privacy"] != Privacy.NONE for column in one.table.c)
        assert not points or one.erasure.does is not OnErasure.NOTHING or one.name in {"sign_in_failure"}, one.name


def test_retention_deletes_how_people_answered_and_keeps_what_they_reached(cast: Cast) -> None:
    person = live(cast)
    before = queries.own_data(cast.session, person)
    later = NOW + timedelta(days=181)
    told = actions.what_would_go(cast.session, now=later)
    assert (told["answer"], told["attempt"]) == (8, 1)
    assert actions.forget(cast.session, now=later) == told
    after = queries.own_data(cast.session, person)
    assert after["milestone"] == before["milestone"]
    assert "answer" not in after
    assert "attempt" not in after


@pytest.mark.parametrize(
    ("before", "after", "answers", "sure"),
    [
        pytest.param(10, 5, 32, 32, id="lately"),
        pytest.param(200, 10, 32, 16, id="a long way from before to after"),
        pytest.param(200, 185, 0, 0, id="both half a year ago"),
        pytest.param(300, None, 16, 0, id="not yet at the end"),
        pytest.param(370, None, 0, 0, id="not at the end within a year"),
    ],
)
def test_what_was_answered_before_and_after_goes_once_it_has_served_and_confidence_first(
    cast: Cast, before: int, after: int | None, answers: int, sure: int
) -> None:
    ada, bea = cast.person("Ada"), cast.person("Bea")
    cast.compares(bea, *Moment)
    cast.compares(ada, Moment.BEFORE, at=NOW - timedelta(days=before))
    if after is not None:
        cast.compares(ada, Moment.AFTER, at=NOW - timedelta(days=after))
    told = actions.what_would_go(cast.session, now=NOW)
    assert actions.forget(cast.session, now=NOW) == told
    assert actions.forget(cast.session, now=NOW)["comparison_answer"] == 0
    rows = cast.session.scalars(select(ComparisonAnswer).execution_options(populate_existing=True)).all()
    own = [row for row in rows if row.person_id == ada]
    assert len(rows) - len(own) == 32
    assert len(own) == answers
    assert sum(row.confidence is not None for row in own) == sum(row.given_at is not None for row in own) == sure
    assert len(queries.own_data(cast.session, ada)["comparison"]) == (1 if after is None else 2), "that stays"


def test_what_was_begun_and_left_goes_after_half_a_year(cast: Cast) -> None:
    ada = cast.person()
    cast.compares(ada, Moment.BEFORE, at=NOW - timedelta(days=181))
    cast.session.execute(update(Comparison).values(handed_in_at=None))
    assert actions.forget(cast.session, now=NOW)["comparison_answer"] == 16


def test_who_looked_at_my_progress_and_when_stands_on_my_page(
    stage: Stage, signed_in: Callable[[UUID], Visitor], app: Flask
) -> None:
    people: dict[str, UUID] = {}

    def play(cast: Cast) -> None:
        people["ada"], people["tom"] = cast.person("Ada"), cast.trainer("Tom Trainer")
        group = cast.group(people["tom"], people["ada"])
        people["group"] = group.id

    stage(play)
    ada = signed_in(people["ada"])
    assert "Tom Trainer" not in ada.get("/en/account/data").text
    app.extensions["training.settings"].__dict__["second_factor"] = False
    signed_in(people["tom"]).get(f"/en/groups/{people['group']}/")
    signed_in(people["tom"]).get(f"/en/groups/{people['group']}/")
    text = ada.get("/en/account/data").text
    assert text.count("Tom Trainer") == 1
