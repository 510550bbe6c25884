"""What is done apart from requests: letters are pushed, certificates issued in batches, what has served is forgotten.

One process beside the server; several may run on several hosts: each letter is claimed by one of them, and no batch
issues twice.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from training.certificates import batches
from training.certificates.batches import Workshop
from training.certificates.office import open_office
from training.courses.load import load_library
from training.db import Database
from training.mail import actions as mail_actions
from training.mail.push import push_due
from training.privacy import actions as privacy_actions
from training.privacy import queries as privacy_queries
from training.settings import Settings
from training.web.catalogues import compile_catalogues
from training.web.log import LOG

PAUSE = 2.0  # seconds between two looks into the outbox
KEEPING_HOUSE = timedelta(hours=1)


def run(settings: Settings) -> None:
    """Work until the process is ended."""
    compile_catalogues()
    database = Database(settings.database_url, threads=1)
    housekeeping = datetime.min.replace(tzinfo=UTC)
    while True:
        now = datetime.now(UTC)
        _attempt(push, database, settings)
        _attempt(issue, database, settings)
        if now - housekeeping >= KEEPING_HOUSE and _attempt(keep_house, database, settings, now):
            housekeeping = now
        time.sleep(PAUSE)


def _attempt(step: Callable[..., object], *args: object) -> bool:
    """Take a step, and say whether it went well: whatever fails in one, the others go on."""
    try:
        step(*args)
    except Exception:  # noqa: BLE001  a mail server or a time-stamp authority that is down stops nothing else
        LOG.exception("work failed: %s", step.__name__)
        return False
    return True


def push(database: Database, settings: Settings) -> int:
    """Push the letters that are due and return how many were taken."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    return push_due(database, settings.mail_url, sender=settings.mail_from, host=host)


def issue(database: Database, settings: Settings) -> int:
    """Go on with the batches of certificates that are not done; return how many there were."""
    with database.reading() as session:
        if session.scalars(batches.unfinished_batches().limit(1)).first() is None:
            return 0
    library = load_library(settings.courses_dir, settings.manifest_file)
    return batches.work_on_all(Workshop(database=database, library=library, office=open_office(settings)))


def keep_house(database: Database, settings: Settings, now: datetime) -> None:
    """Forget what has served: letters, detail of learning, accounts that nobody confirmed, and who was erased before.

    Somebody erased is there again when the host has put back an older state of the database: they are erased again.
    """
    with database.transaction() as session:
        mail_actions.forget_old(session, now=now)
        privacy_actions.forget(session, now=now)
        privacy_actions.repeat_erasures(session, settings.data_dir, now=now)
        unconfirmed = session.scalars(privacy_queries.unconfirmed(now)).all()
    for person_id in unconfirmed:  # one by one: whoever signs in or answers never waits for all of them
        with database.transaction() as session:
            privacy_actions.drop_unconfirmed(session, person_id, now=now)
    database.tidy()
    _clear_remains(database, now)


def _clear_remains(database: Database, now: datetime) -> None:
    """Let nothing of the erased stay in free pages, once it is time. A table in use is tried again an hour later."""
    with database.reading() as session:
        due = privacy_actions.remains_are_due(session, now=now)
    if due and database.rewrite(privacy_queries.erasable()):
        with database.transaction() as session:
            privacy_actions.note_rewritten(session, now=now)
