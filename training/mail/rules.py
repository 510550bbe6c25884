"""When a letter is tried, and when it is given up. Values in, values out."""

from datetime import datetime, timedelta
from enum import StrEnum

GIVEN_UP_AFTER = 8
CLAIM_LASTS = timedelta(minutes=5)
TEXT_KEPT = timedelta(days=30)


class State(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    SENDING = "sending"
    """Handed to the mail server. If the process ended here nobody knows whether it was taken: it is not repeated."""
    SENT = "sent"
    FAILED = "failed"


def next_try(tries: int, now: datetime) -> datetime:
    """Return when a letter is tried again that has failed so often: after 1, 2, 4 … minutes, twelve hours at most."""
    return now + min(timedelta(minutes=2 ** max(tries - 1, 0)), timedelta(hours=12))


def is_given_up(tries: int) -> bool:
    """Whether a letter has failed too often to be tried again by itself."""
    return tries >= GIVEN_UP_AFTER
