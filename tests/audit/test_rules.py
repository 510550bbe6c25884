"""How the entries of a chain hang together."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from training.audit.rules import BEGINNING, digest

ENTRY: dict[str, Any] = {
    "chain": UUID(int=1),
    "number": 1,
    "at": datetime(2026, 11, 20, 10, 0, 0, 5, tzinfo=UTC),
    "event": "role-granted",
    "actor_id": UUID(int=2),
    "subject": str(UUID(int=3)),
    "facts": {"role": "trainer", "people": 3},
    "previous": BEGINNING,
}


def test_the_digest_is_the_same_for_the_same_entry_whatever_the_order_of_its_facts() -> None:
    turned = ENTRY | {"facts": dict(reversed(ENTRY["facts"].items()))}
    assert digest(**ENTRY) == digest(**turned)
    assert len(digest(**ENTRY)) == 64


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("chain", UUID(int=9)),
        ("number", 2),
        ("at", ENTRY["at"] + timedelta(microseconds=1)),
        ("event", "role-withdrawn"),
        ("actor_id", None),
        ("subject", "somebody else"),
        ("facts", {"role": "trainer", "people": 4}),
        ("facts", {}),
        ("previous", "f" * 64),
    ],
)
def test_the_digest_tells_every_change_of_an_entry(part: str, other: object) -> None:
    assert digest(**(ENTRY | {part: other})) != digest(**ENTRY)


def test_facts_cannot_slide_from_one_part_into_another() -> None:
    one = ENTRY | {"event": "a", "subject": "bc"}
    other = ENTRY | {"event": "ab", "subject": "c"}
    assert digest(**one) != digest(**other)


def test_the_digest_of_the_first_entry_ever_written_stays_what_it_is() -> None:
    """A changed way of hashing would make every old chain look tampered with."""
    assert digest(**ENTRY) == "3ca002322fb4b69a198f7899ecae0bc5d669c687ad2f956cd40e9eea791ac644"


def test_a_moment_is_hashed_as_it_comes_back_from_the_database() -> None:
    """Entries are written and read in UTC; another offset would be another text."""
    elsewhere = ENTRY["at"].astimezone(timezone(timedelta(hours=1)))
    assert digest(**(ENTRY | {"at": elsewhere.astimezone(UTC)})) == digest(**ENTRY)
