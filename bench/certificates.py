"""Certificates for many, as `training certificates resume` issues and seals them: a process that starts cold."""

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, make_url, select

from bench import crowd
from tests.cast import COURSE, Cast, assemble
from tests.sealing import appoint
from training.certificates import actions, batches
from training.certificates.models import CertificateDocument
from training.courses.library import Library
from training.db import Database
from training.languages import Language
from training.settings import ROOT

FLOOR = 10.0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many certificates were entered in the register and sealed, and the CPU seconds of the process for all."""

    certificates: int
    seconds: float

    @property
    def a_second(self) -> float:
        """Certificates a second a core."""
        return self.certificates / self.seconds

    @property
    def met(self) -> bool:
        return self.a_second >= FLOOR


def measure(environment: Mapping[str, str], library: Library, count: int) -> Pace:
    """Let so many people with names of their own, in all languages, wait, and issue to them in one step."""
    database = Database(make_url(environment["TRAINING_DATABASE_URL"]))
    with database.transaction() as session:
        cast = assemble(session, library)
        appoint(session)
        chief = cast.actor(cast.administrator("Carla Chief"))
        batches.begin(session, chief, COURSE, _waiting(cast, count), now=datetime.now(UTC))
    before = _cpu()
    subprocess.run(
        [sys.executable, "-m", "training.cli", "certificates", "resume"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    seconds = _cpu() - before
    with database.reading() as session:
        sealed = session.scalar(select(func.count()).select_from(CertificateDocument)) or 0
    database.close()
    assert sealed == count, sealed
    return Pace(certificates=sealed, seconds=seconds)


def _waiting(cast: Cast, count: int) -> list[UUID]:
    languages = list(Language)
    people = []
    for number in range(count):
        name = crowd.name(number)
        person = cast.person(name, language=languages[number % len(languages)])
        cast.completes(person)
        actions.confirm_name(cast.session, person, name, now=cast.now)
        people.append(person)
    return people


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
