"""A learner in a process of its own: answers, repeats, reorders, competes with itself, and notes every receipt."""

import http.client
import json
import random
import re
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

ENOUGH = "enough"
"""A file of this name beside the receipts tells the learners that the server was killed often enough."""
CHAPTER = "/en/courses/local-prevention/understanding"


class Learner:
    """Speaks to the platform through a proxy that cuts; never takes silence for an answer."""

    def __init__(self, port: int, email: str, password: str, seed: int) -> None:
        self.port, self.email, self.password = port, email, password
        self.chance = random.Random(seed)
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.attempt = ""
        self.questions: list[tuple[str, list[str]]] = []

    def ask(self, method: str, path: str, form: Mapping[str, object] | None = None) -> tuple[int, bytes]:
        """Send one request on a new connection. Raises `OSError` or `HTTPException` when it breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "application/json" if form is not None and "change" in form else "text/html",
            "Connection": "close",
        }
        body = None
        if form is not None:
            body = urlencode({"csrf_token": self.token, **form}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _equals, rest = value.partition("=")
                    self.cookies[key] = rest.split(";")[0]
            return answer.status, content
        finally:
            connection.close()

    def insist(self, method: str, path: str, form: Mapping[str, object] | None = None) -> tuple[int, bytes]:
        """Repeat a request until it is answered."""
        while True:
            try:
                status, content = self.ask(method, path, form)
                if status < 500:
                    return status, content
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)

    def enter(self) -> None:
        """Sign in and begin an attempt."""
        self.cookies.clear()
        self.token = _token(self.insist("GET", "/en/sign-in")[1])
        self.insist("POST", "/en/sign-in", {"email": self.email, "password": self.password})
        page = self.insist("GET", CHAPTER + "/quiz")[1]
        if b"quiz/start" in page:
            self.token = _token(page)
            self.insist("POST", CHAPTER + "/quiz/start", {})
            page = self.insist("GET", CHAPTER + "/quiz")[1]
        self.token = _token(page)
        self._read(page.decode())

    def _read(self, page: str) -> None:
        found = re.search(r'name="attempt" value="([^"]+)"', page)
        if found is None:
            raise LookupError("no attempt on the page")
        self.attempt = found.group(1)
        self.questions = []
        for part in page.split('<form class="question"')[1:]:
            name = re.search(r'data-question="([^"]+)"', part)
            kind = re.search(r'data-kind="([^"]+)"', part)
            if name and kind and kind.group(1) in {"one", "several"}:
                options = re.findall(r'name="option"[^>]* value="([^"]+)"', part)
                self.questions.append((name.group(1), options))

    def change(self) -> dict[str, object]:
        """Return a change that nobody has sent yet."""
        question, options = self.chance.choice(self.questions)
        return {
            "attempt": self.attempt,
            "question": question,
            "option": [self.chance.choice(options)],
            "change": str(uuid.uuid4()),
            "device": f"device-{self.chance.randrange(2)}",
        }

    def send(self, change: Mapping[str, object]) -> dict[str, str]:
        """Send a change until it is acknowledged and return the receipt."""
        while True:
            status, content = self.insist("POST", CHAPTER + "/quiz", change)
            if status == 200:
                receipt: dict[str, str] = json.loads(content)
                return receipt
            if status in {400, 401}:
                self.enter()
                continue
            raise AssertionError(f"{status} {content[:200]!r}")


def run(port: int, email: str, password: str, *, changes: int, seed: int, out: Path) -> None:
    """Answer so many times, until it is enough, in every unfriendly way; write each receipt beside what was sent."""
    learner = Learner(port, email, password, seed)
    learner.enter()
    sent: list[dict[str, object]] = []
    receipts: dict[str, str] = {}
    held_back: list[dict[str, object]] = []
    with out.open("w") as file:

        def note(change: Mapping[str, object], receipt: Mapping[str, str]) -> None:
            identity = str(change["change"])
            if receipt["state"] not in {"stored", "already-stored"}:
                raise AssertionError(receipt)
            if receipts.setdefault(identity, receipt["stored_at"]) != receipt["stored_at"]:
                raise AssertionError(f"{identity} was stored twice")
            file.write(json.dumps({**change, "stored_at": receipt["stored_at"]}) + "\n")
            file.flush()

        while len(receipts) < changes or not out.with_name(ENOUGH).exists():
            change = learner.change()
            dice = learner.chance.random()
            if dice < 0.1:
                held_back.append(change)  # goes later, behind others that were given after it
                continue
            if dice < 0.2:
                _two_tabs(learner, change)
            note(change, learner.send(change))
            sent.append(change)
            if dice > 0.9:
                note(*(again := learner.chance.choice(sent), learner.send(again)))
            if 0.85 < dice <= 0.9:
                _other_body(learner, learner.chance.choice(sent))
            if held_back and dice < 0.5:
                late = held_back.pop(0)
                note(late, learner.send(late))
                sent.append(late)


def _two_tabs(learner: Learner, change: Mapping[str, object]) -> None:
    """Send the same change from two tabs at once; what they are told is told again to the third."""

    def tab() -> None:
        try:
            learner.ask("POST", CHAPTER + "/quiz", change)
        except (OSError, http.client.HTTPException):
            return

    tabs = [threading.Thread(target=tab) for _number in range(2)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()


def _other_body(learner: Learner, change: Mapping[str, object]) -> None:
    """Send an identifier again with another answer: it is refused, and changes nothing."""
    options = next(options for name, options in learner.questions if name == change["question"])
    other = next(option for option in options if [option] != change["option"])
    status, content = learner.insist("POST", CHAPTER + "/quiz", {**change, "option": [other]})
    if status in {400, 401}:
        learner.enter()
    elif status != 409:
        raise AssertionError(f"another body was answered with {status} {content[:100]!r}")


def _token(page: bytes) -> str:
    found = re.search(rb'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        raise LookupError("no form on the page")
    return found.group(1).decode()


if __name__ == "__main__":
    port, email, password, changes, seed, out = sys.argv[1:]
    run(int(port), email, password, changes=int(changes), seed=int(seed), out=Path(out))
