"""Letters go out once each, whatever crashes, and what a mail server says of them is kept."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.conftest import SECRET
from tests.mail.server import HangUp, Post, open_post
from tests.pages import Visitor
from tests.sealing import seal_files
from tests.world import World
from training.db import Database
from training.languages import Language
from training.mail import actions
from training.mail.actions import Draft
from training.mail.models import Letter
from training.mail.push import push_due
from training.mail.rules import GIVEN_UP_AFTER, State
from training.settings import ROOT

PEOPLE = ("ada@example.org", "bea@example.org", "cem@example.org")


def post_letters(database: Database, *people: str) -> None:
    now = datetime.now(UTC)
    with database.transaction() as session:
        for person in people:
            draft = Draft(kind="reset", language=Language.EN, subject="S", text="Words", html="<p>Words</p>")
            actions.post(session, draft, address=person, person_id=None, occurrence=f"test:{person}", now=now)


def push(database: Database, url: str) -> int:
    return push_due(database, url, sender="no-reply@example.org", host="example.org")


def time_passes(database: Database) -> None:
    """Let every letter that waits be due: the claims of a process that has died have lapsed, and every pause ended."""
    with database.transaction() as session:
        session.execute(update(Letter).values(next_try_at=datetime.now(UTC) - timedelta(minutes=1)))


def letters(database: Database) -> dict[str, Letter]:
    with database.reading() as session:
        return {letter.address: letter for letter in session.scalars(select(Letter))}


def states(database: Database) -> list[str]:
    return [letters(database)[person].state for person in PEOPLE]


def kill_the_worker_when_it_writes_to(person: str, post: Post, moment: str, folder: Path, database: Database) -> None:
    """Run the work process as an installation does, and kill it at a moment of one letter."""
    environment = {
        "PATH": os.environ["PATH"],
        "TRAINING_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "TRAINING_DATA_DIR": str(folder),
        "TRAINING_MAIL_URL": post.url,
        "TRAINING_SECRET_KEY": SECRET,
        **seal_files(),
    }
    worker = subprocess.Popen([sys.executable, "-m", "training.cli", "work"], cwd=ROOT, env=environment)

    def kill(receiver: str) -> None:
        if receiver == person:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            raise HangUp

    setattr(post, moment, kill)
    try:
        assert worker.wait(timeout=240) == -signal.SIGKILL
    finally:
        worker.kill()
    post.when_called = post.when_taken = lambda _receiver: None


@pytest.mark.parametrize(("moment", "arrives"), [("when_called", 0), ("when_taken", 1)])
def test_no_letter_goes_twice_when_the_process_is_killed_between_its_two_commits(
    database: Database, tmp_path: Path, moment: str, arrives: int
) -> None:
    """Between the commits nobody knows whether the letter was taken: a person decides, the others go on."""
    post_letters(database, *PEOPLE)
    with open_post() as post:
        kill_the_worker_when_it_writes_to(PEOPLE[1], post, moment, tmp_path, database)
        assert states(database) == [State.SENT, State.SENDING, State.WAITING]
        for _again in range(3):
            time_passes(database)
            push(database, post.url)
        assert states(database) == [State.SENT, State.SENDING, State.SENT]
        assert [len(post.letters_to(person)) for person in PEOPLE] == [1, arrives, 1]


def test_a_letter_whose_connection_broke_after_its_words_is_not_repeated(database: Database) -> None:
    def hang_up(receiver: str) -> None:
        if receiver == PEOPLE[1]:
            raise HangUp

    post_letters(database, *PEOPLE)
    with open_post() as post:
        post.when_taken = hang_up
        assert push(database, post.url) == 1
        assert states(database) == [State.SENT, State.SENDING, State.WAITING]
        assert "InDoubt" in letters(database)[PEOPLE[1]].fault
        assert letters(database)[PEOPLE[2]].tries == 0, "the next one was not tried: it has lost nothing"
        time_passes(database)
        assert push(database, post.url) == 1
        assert [len(post.letters_to(person)) for person in PEOPLE] == [1, 1, 1]


def test_a_letter_whose_connection_broke_before_its_words_is_tried_again(database: Database) -> None:
    def hang_up(receiver: str) -> None:
        raise HangUp

    post_letters(database, *PEOPLE)
    with open_post() as post:
        post.when_called = hang_up
        assert push(database, post.url) == 0
        assert states(database) == [State.WAITING] * 3
        post.when_called = lambda _receiver: None
        time_passes(database)
        assert push(database, post.url) == 3
        assert [len(post.letters_to(person)) for person in PEOPLE] == [1, 1, 1]


def test_a_receiver_that_is_refused_keeps_nobody_else_from_their_letter(database: Database) -> None:
    post_letters(database, *PEOPLE)
    with open_post() as post:
        post.when_called = lambda receiver: "550 no such mailbox" if receiver == PEOPLE[0] else None
        for _try in range(GIVEN_UP_AFTER):
            push(database, post.url)
            time_passes(database)
        assert states(database) == [State.FAILED, State.SENT, State.SENT]
        assert [len(post.letters_to(person)) for person in PEOPLE] == [0, 1, 1]
        assert "no such mailbox" in letters(database)[PEOPLE[0]].fault


def test_letters_wait_as_long_as_there_is_no_mail_server(database: Database) -> None:
    post_letters(database, *PEOPLE)
    for _try in range(GIVEN_UP_AFTER + 2):
        assert push(database, "smtp://127.0.0.1:9") == 0
        time_passes(database)
    assert states(database) == [State.WAITING] * 3
    with open_post() as post:
        assert push(database, post.url) == 3


def test_the_words_of_a_letter_are_deleted_once_it_is_sent(database: Database) -> None:
    post_letters(database, *PEOPLE)
    with open_post() as post:
        push(database, post.url)
    assert {(letter.text, letter.html) for letter in letters(database).values()} == {("", "")}


def test_a_town_with_accents_in_its_domain_is_reached_through_a_server_that_knows_none(database: Database) -> None:
    post_letters(database, "info@köln.example", "rat@straße.example")
    with open_post() as post:
        assert push(database, post.url) == 2
        assert [address for address, _data in post.taken] == ["info@xn--kln-sna.example", "rat@xn--strae-oqa.example"]


def test_an_administrator_sees_what_waits_and_what_failed_and_lets_it_go_out_again(
    app_database: Database, world: World, signed_in: Callable[[UUID], Visitor]
) -> None:
    post_letters(app_database, *PEOPLE)
    alba = signed_in(world.administrator).enter(world.administrator)
    with open_post() as post:
        post.when_taken = hang_up_for(PEOPLE[1])
        push(app_database, post.url)
        page = alba.get("/en/admin/letters")
        for said in (*PEOPLE, "perhaps sent", "InDoubt", "waiting", "Choose a new password"):
            assert said in page.text
        assert "Words" not in page.text, "what a letter says is not the administrator's to read"
        (again,) = [form.get("action") for form in page.select(".//form") if "/again" in form.get("action", "")]
        post.when_taken = lambda _receiver: None
        alba.post(again)
        push(app_database, post.url)
        assert len(post.letters_to(PEOPLE[1])) == 2, "once by itself, once because a person has decided so"
    assert "sent a letter again" in alba.get("/en/admin/audit").text


def hang_up_for(person: str) -> Callable[[str], str | None]:
    def act(receiver: str) -> None:
        if receiver == person:
            raise HangUp

    return act
