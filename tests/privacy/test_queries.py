"""What is told to a person of themselves: every table and column of theirs, under a name, and nothing of others."""

from flask import Flask
from sqlalchemy import select

from tests.cast import NOW, Cast
from training.cohorts.actions import accept, invite
from training.cohorts.rules import Candidate, PrivacyMode, Terms
from training.languages import Language
from training.mail.actions import Draft, post
from training.mail.models import Letter
from training.privacy import actions, labels, queries
from training.terms import OnErasure, Privacy


def test_what_is_anothers_is_neither_told_nor_erased(cast: Cast) -> None:
    """An address that somebody typed, or whose invitation they took, is not theirs for that."""
    person, other = cast.person("Ada", email="ada@example.org"), cast.person("Bo", email="bo@example.org")
    tom = cast.trainer()
    group = cast.group(tom)
    candidate = Candidate(row=1, email="bo@example.org", name="Bo", language="en")
    (made,) = invite(cast.session, cast.actor(tom), group, [candidate], now=NOW)
    accept(cast.session, made.invitation, person, group, seen=Terms(PrivacyMode.MILESTONES), now=NOW)
    draft = Draft(kind="new-email", language=Language.EN, subject="S", text="Words", html="<p>Words</p>")
    post(cast.session, draft, address="bo@example.org", person_id=person, occurrence="typed", now=NOW)
    post(cast.session, draft, address="bo@example.org", person_id=other, occurrence="theirs", now=NOW)
    told = queries.own_data(cast.session, person)
    assert [one["occurrence"] for one in told["letter"]] == ["typed"]
    actions.erase(cast.session, person, now=NOW)
    assert cast.session.scalars(select(Letter.occurrence)).all() == ["theirs"]


def test_a_letter_to_ones_address_is_ones_own_also_before_there_was_an_account(cast: Cast) -> None:
    tom = cast.trainer()
    group = cast.group(tom)
    candidate = Candidate(row=1, email="ada@example.org", name="Ada as invited", language="en")
    invite(cast.session, cast.actor(tom), group, [candidate], now=NOW)
    draft = Draft(kind="no-account", language=Language.EN, subject="S", text="Words", html="<p>Words</p>")
    post(cast.session, draft, address="Ada@Example.org", person_id=None, occurrence="before", now=NOW)
    told = queries.own_data(cast.session, cast.person("Ada", email="ada@example.org"))
    assert [one["name"] for one in told["invitation"]] == ["Ada as invited"]
    assert [one["occurrence"] for one in told["letter"]] == ["before"]


def test_every_table_that_points_to_a_person_says_what_erasure_does_and_every_column_its_class() -> None:
    """J1: export and erasure walk the tables; one that says nothing of itself fails here."""
    for one in queries.declared():
        assert one.erasure.why
        assert all(column.info.get("privacy") in set(Privacy) for column in one.table.c), one.name
        points = any(column.info["privacy"] != Privacy.NONE for column in one.table.c)
        assert not points or one.erasure.does is not OnErasure.NOTHING or one.name in {"sign_in_failure"}, one.name


def test_everything_that_a_person_is_told_has_a_name_in_every_language(app: Flask) -> None:
    """J1: a new table or column that is exported without a word for it fails here, before a person's page does."""
    told = [
        (one, [column for column in one.table.c if queries.is_told(column)])
        for one in queries.declared()
        if one.owner is not None
    ]
    assert len(told) > 20
    names: dict[str, set[str]] = {}
    for language in Language:
        with app.test_request_context(f"/{language}/"):
            for one, columns in told:
                names.setdefault(one.name, set()).add(labels.table_label(one.name))
                for column in columns:
                    names.setdefault(f".{column.name}", set()).add(labels.column_label(column.name))
    assert all(name and "_" not in name for worded in names.values() for name in worded)
    assert len(names["person"]) == len(Language)
