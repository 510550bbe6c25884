"""Measure what journeys cost and print one table: CPU milliseconds, and the ratio to the bare application.

Then the pace at which certificates are issued and sealed.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import make_url

from bench import certificates, crowd, servers
from bench.certificates import FLOOR, Pace
from tests.cast import PASSWORD
from tests.sealing import seal_files
from training import schema
from training.courses.load import load_library
from training.db import Database
from training.settings import ROOT

CHAPTER = "/en/courses/local-prevention/understanding"
SECRET = "bench-0123456789-abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a journey costs: CPU milliseconds of all processes, here and bare, and the least ratio that is accepted."""

    journey: str
    milliseconds: float
    bare: float
    floor: float
    people: int

    @property
    def ratio(self) -> float:
        return self.bare / self.milliseconds

    @property
    def met(self) -> bool:
        return self.ratio >= self.floor


def cost(server: servers.Server, act: Callable[[], None], times: int) -> float:
    """Return the CPU milliseconds of an act: the best of three rounds, since noise only ever adds.

    The clock of a process ticks a hundred times a second: a round has to last for many ticks.
    """
    act()
    rounds = []
    for _round in range(3):
        before = server.cpu()
        for _time in range(times):
            act()
        rounds.append((server.cpu() - before) * 1000 / times)
    return min(rounds)


def sign_in(browser: servers.Browser, email: str) -> None:
    """Sign somebody in, as the form does."""
    browser.cookies.clear()
    browser.token = ""
    _status, page, _headers = browser.ask("GET", "/en/sign-in")
    browser.token = _token(page)
    status, _page, _headers = browser.ask("POST", "/en/sign-in", {"email": email, "password": PASSWORD})
    assert status == 302, status


def _token(page: bytes) -> str:
    found = re.search(rb'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found.group(1).decode()


class Journeys:
    """The acts that are measured, on the platform and on the bare application."""

    def __init__(self, platform: servers.Server, bare: servers.Server, named: dict[str, UUID]) -> None:
        self.platform, self.bare, self.named = platform, bare, named
        self.learner, self.trainer, self.simple = platform.browser(), platform.browser(), bare.browser()
        sign_in(self.learner, "participant@bench.example")
        page = self.learner.ask("GET", CHAPTER + "/")[1]
        self.learner.token = _token(page)
        self.film = re.findall(r'data-revision="([^"]+)"', page.decode())[0]

    def measure(self, people: int) -> list[Figure]:
        """Return the figures of every journey."""
        figures = []
        for name, floor, act, plain, times in self._acts():
            figures.append(
                Figure(
                    journey=name,
                    milliseconds=cost(self.platform, act, times),
                    bare=cost(self.bare, plain, times),
                    floor=floor,
                    people=people,
                )
            )
            print(".", end="", flush=True, file=sys.stderr)
        return figures

    def _acts(self) -> list[tuple[str, float, Callable[[], None], Callable[[], None], int]]:
        chapter = len(self.learner.ask("GET", CHAPTER + "/")[1])
        home = len(self.learner.ask("GET", "/en/")[1])
        attempt, question, option = self._begin()
        etag = self.learner.ask("GET", CHAPTER + "/")[2]["etag"]
        return [
            ("J1 sign in", 0.69, self._sign_in, self._bare_sign_in(home), 40),
            ("J2 chapter, signed in", 0.21, lambda: self._get(CHAPTER + "/"), lambda: self._bare(chapter), 200),
            (
                "J2 again (304)",
                0.34,
                lambda: self._get(CHAPTER + "/", 304, {"If-None-Match": etag}),
                lambda: self._bare(chapter, {"If-None-Match": '"bare"'}),
                1000,
            ),
            ("J3a one answer stored", 0.25, lambda: self._answer(attempt, question, option), self._bare_write, 1000),
            ("J3b a quiz, start to result", 0.093, self._quiz, self._bare_quiz, 20),
            ("J4 watched intervals", 0.35, self._watched, self._bare_write, 1000),
            ("J7 home, signed in", 0.17, lambda: self._get("/en/"), lambda: self._bare(home), 500),
        ]

    def _get(self, path: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        found = self.learner.ask("GET", path, headers=headers)[0]
        assert found == status, (path, found)

    def _bare(self, size: int, headers: dict[str, str] | None = None) -> None:
        self.simple.ask("GET", f"/page?bytes={size}", headers=headers)

    def _bare_write(self) -> None:
        self.simple.ask("POST", "/write", {"body": "x" * 100})

    def _sign_in(self) -> None:
        browser = self.platform.browser()
        sign_in(browser, "participant@bench.example")
        browser.ask("GET", "/en/")

    def _bare_sign_in(self, home: int) -> Callable[[], None]:
        def act() -> None:
            browser = self.bare.browser()
            browser.ask("GET", "/page?bytes=3000")
            browser.ask("POST", "/sign-in", {})
            browser.ask("GET", f"/page?bytes={home}")

        return act

    def _begin(self) -> tuple[str, str, str]:
        self.learner.ask("POST", CHAPTER + "/quiz/start", {})
        page = self.learner.ask("GET", CHAPTER + "/quiz")[1].decode()
        attempt = re.search(r'name="attempt" value="([^"]+)"', page)
        found = re.search(
            r'data-question="([^"]+)" data-kind="(?:one|several)".*?name="option" id="[^"]+" value="([^"]+)"',
            page,
            re.S,
        )
        assert attempt and found
        return attempt.group(1), found.group(1), found.group(2)

    def _answer(self, attempt: str, question: str, option: str) -> None:
        status, body, _headers = self.learner.ask(
            "POST",
            CHAPTER + "/quiz",
            {"attempt": attempt, "question": question, "option": option, "change": str(uuid4())},
            headers={"Accept": "application/json"},
        )
        assert status == 200, body

    def _quiz(self) -> None:
        attempt, question, option = self._begin()
        for _answer in range(10):
            self._answer(attempt, question, option)
        status, _body, headers = self.learner.ask("POST", CHAPTER + "/quiz/hand-in", {"attempt": attempt})
        assert status == 302, status
        assert self.learner.ask("GET", headers["location"])[0] == 200

    def _bare_quiz(self) -> None:
        for _answer in range(10):
            self._bare_write()
        for _page in range(3):
            self._bare(12_000)

    def _watched(self) -> None:
        body = {
            "film": "understanding",
            "revision": self.film,
            "device": str(uuid4()),
            "reports": [{"from": 0, "to": 5000, "rate": 1}],
        }
        status, answer, _headers = self.learner.ask(
            "POST",
            CHAPTER + "/watched",
            body=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "X-CSRFToken": self.learner.token,
                "Accept": "application/json",
            },
        )
        assert status == 200, answer


def rate(
    server: servers.Server, path: str, cookies: dict[str, str], *, seconds: float = 4, at_once: int = 16
) -> tuple[float, float]:
    """Return pages a second with so many readers at once, and the 95th percentile of the time one waits (ms)."""
    waits: list[float] = []
    end = time.monotonic() + seconds

    def read() -> None:
        browser = server.browser()
        browser.cookies = dict(cookies)
        while time.monotonic() < end:
            begin = time.monotonic()
            browser.ask("GET", path)
            waits.append((time.monotonic() - begin) * 1000)

    threads = [threading.Thread(target=read) for _reader in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(waits) / seconds, statistics.quantiles(waits, n=20)[-1]


def installed(folder: Path) -> dict[str, str]:
    """Return the environment of an installation in which nobody is yet."""
    folder.mkdir()
    environment = {
        "TRAINING_SECRET_KEY": SECRET,
        **seal_files(),
        "TRAINING_DATA_DIR": str(folder),
        "TRAINING_MAIL_URL": f"file://{folder / 'outbox'}",
        "TRAINING_DATABASE_URL": f"sqlite:///{folder / 'training.sqlite3'}",
    }
    with closing(Database(make_url(environment["TRAINING_DATABASE_URL"]))) as database:
        schema.upgrade(database, demo=False, now=datetime.now(UTC))
    return environment


def main() -> int:
    """Run the benchmark; 1 when a floor is missed."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--out", type=Path, help="file for the same figures as JSON")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--certificates", type=int, default=500)
    arguments = parser.parse_args()
    library = load_library(ROOT / "courses", ROOT / "videos_manifest.json")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        for people in (1_000, arguments.people):
            folder = Path(name) / str(people)
            environment = installed(folder)
            named = crowd.gather(environment["TRAINING_DATABASE_URL"], library, people)
            with servers.platform(environment) as platform, servers.bare(folder) as bare:
                figures += Journeys(platform, bare, named).measure(people)
        pace = certificates.measure(installed(Path(name) / "certificates"), library, arguments.certificates)
    _print(figures, pace)
    if arguments.out:
        journeys = [{**asdict(one), "ratio": one.ratio} for one in figures]
        arguments.out.write_text(json.dumps({"journeys": journeys, "certificates": asdict(pace)}, indent=2))
    return 0 if pace.met and all(one.met for one in figures) else 1


def _print(figures: list[Figure], pace: Pace) -> None:
    print(f"\n{'journey':<30}{'people':>8}{'CPU ms':>9}{'bare ms':>9}{'ratio':>8}{'floor':>8}")
    for one in figures:
        flag = "" if one.met else "  below the floor"
        print(
            f"{one.journey:<30}{one.people:>8}{one.milliseconds:>9.2f}{one.bare:>9.2f}{one.ratio:>8.0%}{one.floor:>8.0%}{flag}"
        )
    flag = "" if pace.met else "  below the floor"
    print(
        f"{pace.certificates} certificates issued and sealed from a cold start: {pace.a_second:.1f} a second a core"
        f" (floor {FLOOR:.0f}){flag}"
    )


if __name__ == "__main__":
    sys.exit(main())
