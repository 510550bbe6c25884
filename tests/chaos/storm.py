"""The storm: learners, the proxy that cuts, and a server that is killed and started again at random moments."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from tests.cast import PASSWORD, assemble
from tests.chaos.learner import ENOUGH
from tests.chaos.proxy import CuttingProxy
from training.courses.library import Library
from training.db import Database
from training.quizzes.models import Answer
from training.settings import ROOT

LEARNERS = 8


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the storm left: receipts that learners hold, and how many rows do not equal them."""

    receipts: int
    lost: int
    doubled: int
    kills: int


class Killable:
    """The platform on a fixed port, in a process group that is killed as a whole."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._environment = {**os.environ, **environment}
        self.kills = 0
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "training.cli", "serve", "--port", str(self.port), "--workers", "2"],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("the server did not start")

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.kills += 1


def rage(
    database: Database,
    library: Library,
    folder: Path,
    environment: Mapping[str, str],
    *,
    changes: int,
    seed: int,
    kills: int = 1,
    pause: tuple[float, float] = (1.0, 4.0),
) -> Outcome:
    """Let the storm rage until so many changes are acknowledged and the server was killed so often; then compare
    receipts with rows. `pause` is how many seconds the server lives at least and at most."""
    chance = random.Random(seed)
    with database.transaction() as session:
        cast = assemble(session, library)
        for number in range(LEARNERS):
            cast.person(f"Learner {number}", email=f"storm{number}@example.org")
    server = Killable(environment)
    proxy = CuttingProxy(server.port, odds=12, seed=seed)
    learners = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.chaos.learner",
                str(proxy.port),
                f"storm{number}@example.org",
                PASSWORD,
                str(-(-changes // LEARNERS)),
                str(seed + number),
                str(folder / f"receipts{number}.jsonl"),
            ],
            cwd=ROOT,
        )
        for number in range(LEARNERS)
    ]
    try:
        while any(learner.poll() is None for learner in learners):
            time.sleep(chance.uniform(*pause))
            server.kill()
            if server.kills >= kills:
                (folder / ENOUGH).touch()
            server.start()
    finally:
        server.kill()
        for learner in learners:
            learner.kill()
        ends = [learner.wait() for learner in learners]
        proxy.stop()
    if any(end not in {0, -signal.SIGKILL} for end in ends):
        raise AssertionError("a learner met something that must not happen; see its message above")
    return _compare(database, folder, server.kills)


def _compare(database: Database, folder: Path, kills: int) -> Outcome:
    receipts = {}
    for file in folder.glob("receipts*.jsonl"):
        for line in file.read_text().splitlines():
            one = json.loads(line)
            receipts[one["change"]] = one
    with database.reading() as session:
        rows = {str(row.change_id): row for row in session.scalars(select(Answer))}
        stored = session.scalar(select(func.count()).select_from(Answer)) or 0
    lost = sum(
        identity not in rows
        or list(rows[identity].response) != one["option"]
        or rows[identity].question != one["question"]
        or rows[identity].received_at != datetime.fromisoformat(one["stored_at"])
        for identity, one in receipts.items()
    )
    return Outcome(receipts=len(receipts), lost=lost, doubled=stored - len(rows), kills=kills)
