"""What is done apart from requests: letters are pushed, what has served is forgotten. One process beside the server.

Several may run on several hosts: each letter is claimed by one of them.
"""

import logging
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from training.db import Database
from training.mail import actions as mail_actions
from training.mail.push import push_due
from training.privacy import actions as privacy_actions
from training.settings import Settings

PAUSE = 2.0  # seconds between two looks into the outbox
KEEPING_HOUSE = timedelta(hours=1)
LOG = logging.getLogger("training")


def run(settings: Settings) -> None:
    """Work until the process is ended."""
    database = Database(settings.database_url, threads=1)
    housekeeping = datetime.min.replace(tzinfo=UTC)
    while True:
        now = datetime.now(UTC)
        try:
            push(database, settings)
            if now - housekeeping >= KEEPING_HOUSE:
                keep_house(database, now)
                housekeeping = now
        except Exception:
            LOG.exception("work failed")
        time.sleep(PAUSE)


def push(database: Database, settings: Settings) -> int:
    """Push the letters that are due and return how many were taken."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    return push_due(database, settings.mail_url, sender=settings.mail_from, host=host)


def keep_house(database: Database, now: datetime) -> None:
    """Forget what has served: letters, detail of learning, accounts that nobody confirmed."""
    with database.transaction() as session:
        mail_actions.forget_old(session, now=now)
        privacy_actions.forget(session, now=now)
        privacy_actions.drop_unconfirmed(session, now=now)
