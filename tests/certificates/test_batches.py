"""Issuing to many: whatever ends the work, and whoever does it at the same time, nobody is forgotten or doubled."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.cast import COURSE, NOW, assemble
from tests.certificates.conftest import PUBLIC
from tests.conftest import SECRET
from tests.sealing import appoint, seal, seal_files
from training.access import Actor, Role
from training.certificates import actions, batches, letters, production, shelf
from training.certificates.batches import Workshop
from training.certificates.models import Certificate, CertificateDocument, IssueBatch, IssueItem
from training.certificates.office import Office
from training.certificates.seals import SealingFailed
from training.courses.library import Library
from training.db import Database
from training.languages import Language
from training.mail.models import Letter
from training.people.models import RoleGrant
from training.settings import ROOT


class Killed(BaseException):
    """The process ends here: no code of ours catches it."""


@pytest.fixture
def workshop(database: Database, library: Library, office: Office) -> Workshop:
    return Workshop(database=database, library=library, office=office)


def play(database: Database, library: Library, count: int) -> tuple[Actor, list[UUID]]:
    """Let so many people wait, and return who issues to them."""
    with database.transaction() as session:
        cast = assemble(session, library)
        appoint(session)
        languages = list(Language)
        people = []
        for number in range(count):
            person = cast.person(f"Person Ș{number}", language=languages[number % 5])
            cast.completes(person)
            actions.confirm_name(session, person, f"Person Ș{number}", now=NOW)
            people.append(person)
        return cast.actor(cast.administrator()), people


def begin(database: Database, actor: Actor, people: list[UUID]) -> UUID:
    with database.transaction() as session:
        return batches.begin(session, actor, COURSE, people, now=datetime.now(UTC))


def check_whole(database: Database, people: list[UUID]) -> None:
    """Each has one certificate, one letter, one document in their language; numbers have no gap."""
    with database.reading() as session:
        rows = session.execute(select(Certificate.number, Certificate.person_id).order_by(Certificate.number)).all()
        assert [row.number for row in rows] == list(range(1, len(people) + 1))
        assert sorted(str(row.person_id) for row in rows) == sorted(map(str, people))
        documents = session.scalar(select(func.count()).select_from(CertificateDocument))
        sent = session.scalar(select(func.count()).where(Letter.kind == "certificate-issued"))
        assert (documents, sent) == (len(people), len(people))


def test_everybody_of_a_batch_is_entered_and_sealed_in_their_language(workshop: Workshop, library: Library) -> None:
    actor, people = play(workshop.database, library, 6)
    batch = begin(workshop.database, actor, [*people, people[0]])
    assert batches.work(workshop, batch)
    check_whole(workshop.database, people)
    with workshop.database.reading() as session:
        found = batches.progress(session, actor, batch)
        languages = session.scalars(select(CertificateDocument.language).distinct()).all()
    assert found == batches.Progress(total=6, registered=6, sealed=6, passed_over=[], finished=True)
    assert sorted(languages) == sorted(code.value for code in Language)
    assert batches.work(workshop, batch)
    check_whole(workshop.database, people)


def test_a_request_works_for_a_moment_and_the_rest_is_done_later(workshop: Workshop, library: Library) -> None:
    """G7: many are issued in small transactions."""
    actor, people = play(workshop.database, library, 5)
    batch = begin(workshop.database, actor, people)
    assert not batches.work(workshop, batch, seconds=0)
    with workshop.database.reading() as session:
        found = batches.progress(session, actor, batch)
    assert found is not None
    assert not found.finished
    assert found.sealed < 5
    assert batches.work_on_all(workshop) == 1
    check_whole(workshop.database, people)
    assert batches.work_on_all(workshop) == 0


STEPS: dict[str, tuple[object, str]] = {
    "before the register": (actions, "issue"),
    "after the register, before its end": (letters, "tell_issued"),
    "between register and seal": (shelf, "pdf"),
    "while the document is made": (production, "make"),
    "before the document is kept": (actions, "keep_pdf"),
    "before the end is noted": (batches, "_finish"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_batch_that_was_killed_goes_on_where_it_stopped(
    step: str, workshop: Workshop, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, people = play(workshop.database, library, 4)
    batch = begin(workshop.database, actor, people)
    module, name = STEPS[step]
    real: Callable[..., object] = getattr(module, name)
    calls = 0

    def killing(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == min(3, 1 if name == "_finish" else 3):
            raise Killed
        return real(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(module, name, killing)
        with pytest.raises(Killed):
            batches.work(workshop, batch)
    assert batches.work_on_all(workshop) == 1
    check_whole(workshop.database, people)


def test_two_who_work_on_the_same_batch_and_two_batches_of_the_same_people(
    workshop: Workshop, library: Library
) -> None:
    actor, people = play(workshop.database, library, 8)
    with workshop.database.transaction() as session:
        other = assemble_actor(session, library)
    both = [begin(workshop.database, actor, people), begin(workshop.database, other, people[::-1])]
    threads = [threading.Thread(target=batches.work, args=(workshop, batch)) for batch in [*both, both[0]]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_whole(workshop.database, people)
    with workshop.database.reading() as session:
        states = session.execute(select(IssueItem.state, func.count()).group_by(IssueItem.state)).all()
        finished = session.scalar(select(func.count()).where(IssueBatch.finished_at.is_not(None)))
    assert ({row[0]: row[1] for row in states}, finished) == ({"sealed": 8, "passed-over": 8}, 2)


def assemble_actor(session: object, library: Library) -> Actor:
    cast = assemble(session, library)  # type: ignore[arg-type]
    cast.count = 500
    return cast.actor(cast.administrator("Another Chief"))


def test_who_cannot_get_one_is_passed_over_with_the_reason(workshop: Workshop, library: Library) -> None:
    actor, people = play(workshop.database, library, 1)
    with workshop.database.transaction() as session:
        cast = assemble(session, library)
        cast.count = 100
        early, unconfirmed = cast.person("Early"), cast.person("Unconfirmed")
        cast.completes(unconfirmed)
    batch = begin(workshop.database, actor, [early, *people, unconfirmed])
    assert batches.work(workshop, batch)
    check_whole(workshop.database, people)
    with workshop.database.reading() as session:
        found = batches.progress(session, actor, batch)
    assert found is not None
    assert [(one.person_id, one.why) for one in found.passed_over] == [
        (early, "not-eligible"),
        (unconfirmed, "name-not-confirmed"),
    ]
    assert found.finished


def test_a_role_that_was_withdrawn_since_issues_nothing(workshop: Workshop, library: Library) -> None:
    actor, people = play(workshop.database, library, 2)
    batch = begin(workshop.database, actor, people)
    with workshop.database.transaction() as session:
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.role == Role.ADMINISTRATOR.value)):
            grant.withdrawn_at = NOW + timedelta(days=1)
    assert batches.work(workshop, batch)
    with workshop.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_somebody_erased_while_their_document_is_made_leaves_nothing_behind(
    workshop: Workshop, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, people = play(workshop.database, library, 2)
    batch = begin(workshop.database, actor, people)
    real = production.make

    def erasing(certificate: Certificate, *arguments: object) -> object:
        if certificate.person_id == people[0]:
            with workshop.database.transaction() as session:
                actions.erase_person(session, people[0], now=NOW)
        return real(certificate, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(production, "make", erasing)
    assert batches.work(workshop, batch)
    with workshop.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CertificateDocument)) == 1
        assert session.scalar(select(func.count()).select_from(IssueItem)) == 1


def test_without_the_time_stamp_that_is_asked_for_the_batch_waits(
    database: Database, library: Library, office: Office
) -> None:
    actor, people = play(database, library, 2)
    batch = begin(database, actor, people)
    without = Office(seal=seal(), public_url=PUBLIC, timestamp_url="http://127.0.0.1:9")
    with pytest.raises(SealingFailed):
        batches.work(Workshop(database=database, library=library, office=without), batch)
    assert batches.work(Workshop(database=database, library=library, office=office), batch)
    check_whole(database, people)


def test_only_who_began_it_and_the_installation_see_a_batch(workshop: Workshop, library: Library) -> None:
    actor, people = play(workshop.database, library, 1)
    batch = begin(workshop.database, actor, people)
    with workshop.database.transaction() as session:
        cast = assemble(session, library)
        cast.count = 100
        local = cast.actor(cast.administrator("Lou Local", place="liege"))
        chief = cast.actor(cast.administrator("Another Chief"))
    with workshop.database.reading() as session:
        assert batches.progress(session, local, batch) is None
        assert batches.progress(session, chief, batch) is not None


@pytest.mark.slow
def test_a_process_killed_by_the_system_again_and_again_still_issues_to_all(
    database: Database, library: Library, tmp_path: Path
) -> None:
    """SIGKILL at odd moments, until a run comes to its end: `training certificates resume` as an operator calls it."""
    actor, people = play(database, library, 24)
    begin(database, actor, people)
    environment = os.environ | seal_files() | {
        "TRAINING_SECRET_KEY": SECRET,
        "TRAINING_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "TRAINING_DATA_DIR": str(tmp_path / "data"),
        "TRAINING_MAIL_URL": f"file://{tmp_path / 'letters'}",
    }  # fmt: skip
    command = [sys.executable, "-m", "training.cli", "certificates", "resume"]
    kills = 0
    for moment in [0.05, 0.22, 0.11]:
        before = _documents(database)
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        while process.poll() is None and _documents(database) == before:
            time.sleep(0.01)
        time.sleep(moment)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    assert kills
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    check_whole(database, people)


def _documents(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(CertificateDocument)) or 0
