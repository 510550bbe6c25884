"""A real server in a process of its own, a real browser with a profile on disk, and people in a real database."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Playwright, Request, expect
from sqlalchemy import func, select

from tests.cast import CHAPTER, COURSE, PASSWORD, Cast, assemble
from tests.conftest import SECRET
from tests.sealing import seal_files
from tests.world import World, build
from training.courses.library import Library
from training.courses.load import load_library
from training.db import Database
from training.people.models import Account, SignIn
from training.people.sign_ins import begin_sign_in
from training.quizzes.models import Answer, Attempt
from training.settings import ROOT
from training.watching.models import Watched

MEDIA = Path(__file__).parent / "media"
expect.set_options(timeout=20_000)  # what a busy machine needs; what never comes is missed all the same
PATH = f"courses/{COURSE}/{CHAPTER}/"
QUIZ = f"{PATH}quiz"
PATIENCE = 240.0


@dataclass
class Served:
    """An installation that can be stopped and started again at the same address."""

    folder: Path
    database: Database
    port: int
    manifest: Path = MEDIA / "videos_manifest.json"
    process: subprocess.Popen[bytes] | None = None
    people: dict[UUID, str] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    """Settings that differ from those of an installation with real people."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TRAINING_SECRET_KEY": SECRET,
            **seal_files(),
            "TRAINING_DATA_DIR": str(self.folder / "data"),
            "TRAINING_DATABASE_URL": f"sqlite:///{self.folder / 'training.sqlite3'}",
            "TRAINING_FREE_REGISTRATION": "1",
            "TRAINING_VIDEOS_MANIFEST": str(self.manifest),
            "TRAINING_PUBLIC_URL": self.address,
            "TRAINING_MAIL_URL": f"file://{self.folder / 'letters'}",
            **self.more,
        }

    def start(self) -> None:
        """Start, unless it is running."""
        if self.process is not None:
            return
        program = "import sys; from training.cli import main; sys.argv[0] = 'training'; main()"
        command = [sys.executable, "-c", program, "serve", "--workers", "1", "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            environment = {**os.environ, **self.environment}
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self.wait_for(lambda: self.answers)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    @property
    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(urllib.request.urlopen(f"{self.address}/healthz", timeout=2).status == 200)
        return False

    def wait_for(self, found: Callable[[], object], *, patience: float = PATIENCE) -> None:
        until = time.monotonic() + patience
        while not found():
            if time.monotonic() > until or (self.process is not None and self.process.poll() is not None):
                raise AssertionError(f"waited in vain; {(self.folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.1)

    @property
    def library(self) -> Library:
        """The content that is served."""
        return load_library(ROOT / "courses", self.manifest)

    def build_world(self) -> World:
        """Put a whole installation behind the server."""
        with self.database.transaction() as session:
            return build(assemble(session, self.library, now=datetime.now(UTC)))

    def letter_to(self, address: str) -> str:
        """Wait for a letter to somebody, and return its words."""
        found: list[str] = []

        def arrived() -> bool:
            for file in sorted((self.folder / "letters").glob("*.eml")):
                message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
                if message["To"] == address:
                    body = message.get_body(("plain",))
                    found.append(body.get_content() if body else "")
            return bool(found)

        self.wait_for(arrived)
        return found[-1]

    def enter(self, context: BrowserContext, person: UUID) -> None:
        """Let a browser be signed in, in full, without typing a password."""
        with self.database.transaction() as session:
            secret = begin_sign_in(session, person, own_device=True, user_agent="", now=datetime.now(UTC), strong=True)
        app = Flask("signs")
        app.secret_key = SECRET
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        value = signer.dumps({"_user_id": f"{person}.{secret}", "_fresh": True})
        context.add_cookies([{"name": "session", "value": str(value), "url": self.address}])

    def stage(self, play: Callable[[Cast], UUID]) -> UUID:
        """Let the cast do something, and return whom it made."""
        with self.database.transaction() as session:
            cast = assemble(session, self.library)
            cast.count = session.scalar(select(func.count(Account.person_id))) or 0  # e-mail addresses of their own
            person = play(cast)
        with self.database.reading() as session:
            self.people[person] = session.get_one(Account, person).email
        return person

    def answers_of(self, person: UUID) -> Sequence[Answer]:
        with self.database.reading() as session:
            return session.scalars(
                select(Answer).where(Answer.person_id == person).order_by(Answer.attempt_id, Answer.position)
            ).all()

    def attempts_of(self, person: UUID) -> Sequence[Attempt]:
        with self.database.reading() as session:
            return session.scalars(select(Attempt).where(Attempt.person_id == person).order_by(Attempt.number)).all()

    def watched_by(self, person: UUID) -> Watched | None:
        with self.database.reading() as session:
            return session.scalars(select(Watched).where(Watched.person_id == person)).one_or_none()

    def end_sessions(self, person: UUID) -> None:
        """End every sign-in of a person, as if it had been idle for too long."""
        with self.database.transaction() as session:
            for row in session.scalars(select(SignIn).where(SignIn.person_id == person)):
                session.delete(row)


@dataclass
class Watch:
    """What a page did that nobody sees: whom it contacted, and what its console said."""

    home: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.home:
            self.foreign.append(request.url)

    def message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@contextmanager
def opened(browser: Browser, served: Served, **options: object) -> Iterator[Page]:
    """Give a page of a fresh profile; at its end nobody else was contacted and the console is clean."""
    options = {"viewport": {"width": 360, "height": 740}} | options
    context = browser.new_context(base_url=served.address, **options)  # type: ignore[arg-type]
    context.set_default_timeout(20000)
    watch = Watch(served.address)
    context.on("request", watch.request)
    context.on("console", watch.message)
    context.on("weberror", lambda error: watch.complaints.append(str(error.error)))
    try:
        yield context.new_page()
        assert watch.foreign == []
        assert watch.complaints == []
    finally:
        context.close()


@dataclass
class Browsers:
    """Chromium, with profiles that survive their windows."""

    playwright: Playwright
    folder: Path
    served: Served

    @contextmanager
    def profile(self, name: str = "own", *, script: str = "", **options: object) -> Iterator[Page]:
        """Give a page of a profile; the browser is closed at the end of the block, the profile stays."""
        context = self.playwright.chromium.launch_persistent_context(
            str(self.folder / name),
            executable_path="/usr/bin/chromium",
            base_url=self.served.address,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
            viewport={"width": 1100, "height": 800},
            **options,  # type: ignore[arg-type]
        )
        if script:
            context.add_init_script(script)
        page = context.pages[0]
        page.set_default_timeout(15000)
        try:
            yield page
        finally:
            with contextlib.suppress(Error):  # a browser that was killed is closed
                context.close()

    def kill(self) -> None:
        """End the browser as a crash does: at once, without a last word."""
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and str(self.folder).encode() in (entry / "cmdline").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)

    def sign_in(self, page: Page, person: UUID, *, own_device: bool = False, language: str = "en") -> None:
        page.goto(f"/{language}/sign-in")
        page.fill("[name=email]", self.served.people[person])
        page.fill("[name=password]", PASSWORD)
        if own_device:
            page.check("[name=own_device]")
        page.click("main form button[type=submit]")
        page.wait_for_selector("[data-sign-out]", state="attached")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
