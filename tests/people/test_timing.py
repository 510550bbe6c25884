"""A stranger who measures learns nothing either: known and unknown addresses cost the same work.

Counted are the hashes (25 ms each, by design) and the transactions that wait for the disk; what is left is a few
statements of some tens of microseconds, of which `LETTERS_FREE` an hour can be provoked for one address.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from statistics import median
from time import thread_time

import argon2
import pytest
from flask import Flask
from sqlalchemy import event

from tests.cast import Cast
from tests.pages import Visitor
from tests.people.test_entry_pages import NEW, ada

Stage = Callable[[Callable[[Cast], None]], None]
MOST_STATEMENTS_APART = 6
PAIRS = 9
SECONDS_APART = 0.008  # a third of one hash
WAYS: list[tuple[str, dict[str, str], int, int]] = [
    ("/en/sign-in", {"password": "not the password"}, 422, 1),
    ("/en/sign-in/forgotten", {}, 200, 0),
    ("/en/register", NEW, 200, 1),
]
"""Where an address is typed, with what, the answer's status, and the hashes that it costs."""


@pytest.fixture
def work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What the requests of a test have cost so far."""
    done: Counter[str] = Counter()
    for name in ("hash", "verify"):
        counted(monkeypatch, name, done)
    engine = app.extensions["training.database"].engine
    event.listen(engine, "commit", lambda _connection: done.update(["commits"]))
    event.listen(engine, "after_cursor_execute", lambda *_statement: done.update(["statements"]))
    return done


def counted(monkeypatch: pytest.MonkeyPatch, name: str, done: Counter[str]) -> None:
    original = getattr(argon2.PasswordHasher, name)

    def act(self: argon2.PasswordHasher, *arguments: str) -> object:
        done.update(["hashes"])
        return original(self, *arguments)

    monkeypatch.setattr(argon2.PasswordHasher, name, act)


@contextmanager
def measured(work: Counter[str], into: list[Counter[str]]) -> Iterator[None]:
    work.clear()
    yield
    into.append(Counter(work))


@pytest.mark.parametrize(("path", "form", "status", "hashes"), WAYS)
def test_known_and_unknown_addresses_cost_the_same_hashes_and_transactions(
    app: Flask, stage: Stage, work: Counter[str], path: str, form: dict[str, str], status: int, hashes: int
) -> None:
    stage(ada)
    visitor = Visitor(app)
    visitor.post(path, {**form, "email": "warm@example.org"}, status=status)
    costs: list[Counter[str]] = []
    for email in ("ada@example.org", "eve@example.org"):
        with measured(work, costs):
            visitor.post(path, {**form, "email": email}, status=status)
    known, unknown = costs
    assert known["hashes"] == unknown["hashes"] == hashes
    assert known["commits"] == unknown["commits"] > 0
    assert abs(known["statements"] - unknown["statements"]) <= MOST_STATEMENTS_APART


@pytest.mark.parametrize(("path", "form", "status"), [(path, form, status) for path, form, status, _hashes in WAYS])
def test_known_and_unknown_addresses_take_the_same_time(
    app: Flask, stage: Stage, path: str, form: dict[str, str], status: int
) -> None:
    """In turns, each address once; the processor's time of this thread, since the tests' machine does other work."""

    def play(cast: Cast) -> None:
        for number in range(PAIRS):
            cast.person(f"Ada {number}", email=f"ada{number}@example.org")

    stage(play)
    visitor = Visitor(app)
    visitor.post(path, {**form, "email": "warm@example.org"}, status=status)
    taken: dict[str, list[float]] = {"ada": [], "eve": []}
    for number, (who, times) in product(range(PAIRS), taken.items()):
        began = thread_time()
        answer = visitor.send("POST", path, {**form, "email": f"{who}{number}@example.org"})
        times.append(thread_time() - began)
        assert answer.status_code == status
    assert abs(median(taken["ada"]) - median(taken["eve"])) < SECONDS_APART


def test_after_too_many_attempts_a_known_and_an_unknown_address_wait_alike(app: Flask, stage: Stage) -> None:
    stage(ada)
    for email in ("ada@example.org", "eve@example.org"):
        visitor = Visitor(app)
        said = [
            visitor.post("/en/sign-in", {"email": email, "password": "wrong"}, status=422).text.replace(email, "")
            for _time in range(5)
        ]
        assert len(set(said)) == 1
        visitor.post("/en/sign-in", {"email": email, "password": "wrong"}, status=429)
