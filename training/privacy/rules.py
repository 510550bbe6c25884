"""What data is kept for, on which legal basis, and how long. Values in, values out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from training.terms import Purpose

DETAIL_KEPT = timedelta(days=180)
"""Answers, watched parts and their times are deleted half a year after they have served."""
COMPARISON_KEPT = timedelta(days=365)
"""Answers before the course wait no longer for those after it; how sure somebody was goes after half a year anyway."""
UNCONFIRMED_KEPT = timedelta(days=7)
SIGN_INS_KEPT = timedelta(days=30)
INVITATIONS_KEPT = timedelta(days=30)
QUIET = range(1, 4)
"""The hours (UTC) in which hardly anybody in Europe waits for a page."""
REMAINS_KEPT = timedelta(days=1)
"""How long remains of erased rows wait for a quiet hour."""
OVERLAP = timedelta(hours=1)
"""A transaction may end, or an older one may have kept a row alive, while tables are written anew."""


def are_remains_due(erased_at: datetime | None, rewritten_at: datetime | None, now: datetime) -> bool:
    """Whether tables are written anew now: somebody was erased since the last time, and the hour is quiet, or a day
    has gone by without one."""
    if erased_at is None or (rewritten_at is not None and erased_at < rewritten_at - OVERLAP):
        return False
    return now.astimezone(UTC).hour in QUIET or now - erased_at >= REMAINS_KEPT


class Basis(StrEnum):
    """A legal basis of GDPR article 6(1)."""

    CONTRACT = "contract"
    """(b): what the person asked for."""
    PUBLIC_TASK = "public-task"
    """(e): a task in the public interest, of the authority that trains its people."""
    LEGITIMATE_INTEREST = "legitimate-interest"
    """(f): the interest of others in a certificate or a record that can be relied on."""
    CONSENT = "consent"
    """(a): extras only, which are skipped and taken back at will."""


BASES: Mapping[Purpose, Basis] = {
    Purpose.ACCOUNT: Basis.CONTRACT,
    Purpose.LEARNING: Basis.CONTRACT,
    Purpose.COMPARISON: Basis.CONSENT,
    Purpose.TRAINING: Basis.PUBLIC_TASK,
    Purpose.CERTIFICATES: Basis.LEGITIMATE_INTEREST,
    Purpose.LETTERS: Basis.CONTRACT,
    Purpose.ACCOUNTABILITY: Basis.LEGITIMATE_INTEREST,
}
"""The basis of each purpose that touches people."""
