"""Sign-ins, throttling, names of devices."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.people import rules

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (8, 120), (12, 1920), (13, 3600), (500, 3600)],
)
def test_the_wait_doubles_with_each_failure_up_to_an_hour(failures: int, seconds: int) -> None:
    assert rules.wait_after(failures, free=rules.FAILURES_FREE) == timedelta(seconds=seconds)


@given(failures=st.integers(0, 10_000), free=st.integers(0, 100))
def test_the_wait_never_shrinks_and_is_never_longer_than_failures_are_remembered(failures: int, free: int) -> None:
    wait = rules.wait_after(failures, free=free)
    assert wait <= rules.wait_after(failures + 1, free=free) <= rules.FAILURES_FORGOTTEN


def test_a_town_hall_behind_one_address_is_not_locked_out_by_one_forgetful_person() -> None:
    assert rules.wait_after(rules.FAILURES_FREE + 3, free=rules.FAILURES_FROM_ADDRESS_FREE) == timedelta()


@pytest.mark.parametrize(
    ("made", "seen", "own_device", "holds"),
    [
        pytest.param(timedelta(), timedelta(), False, True, id="just made"),
        pytest.param(timedelta(hours=11), timedelta(minutes=59), False, True, id="in use"),
        pytest.param(timedelta(hours=2), timedelta(minutes=60), False, False, id="idle for an hour"),
        pytest.param(timedelta(hours=12), timedelta(minutes=1), False, False, id="twelve hours old"),
        pytest.param(timedelta(days=13), timedelta(days=13), True, True, id="own device, idle for days"),
        pytest.param(timedelta(days=14), timedelta(days=14), True, False, id="own device, idle for two weeks"),
        pytest.param(timedelta(days=30), timedelta(days=1), True, False, id="own device, a month old"),
    ],
)
def test_how_long_a_sign_in_holds(made: timedelta, seen: timedelta, own_device: bool, holds: bool) -> None:
    lasts = rules.OWN_DEVICE_SIGN_IN if own_device else rules.LONGEST_SIGN_IN
    ends_at = NOW - made + lasts
    assert rules.sign_in_holds(now=NOW, seen_at=NOW - seen, ends_at=ends_at, own_device=own_device) is holds


@pytest.mark.parametrize("typed", ["Ada@Example.org", " ada@example.org ", "ADA@EXAMPLE.ORG"])
def test_an_address_is_the_same_however_its_case(typed: str) -> None:
    assert rules.email_key(typed) == "ada@example.org"


@given(words=st.text())
def test_the_key_of_an_address_is_the_key_of_its_key(words: str) -> None:
    assert rules.email_key(rules.email_key(words)) == rules.email_key(words)


def test_failures_are_counted_under_keys_that_only_this_installation_can_make() -> None:
    key = rules.throttle_key("account", "ada@example.org", pepper="one")
    assert key == rules.throttle_key("account", "ada@example.org", pepper="one")
    assert key != rules.throttle_key("account", "ada@example.org", pepper="another")
    assert key != rules.throttle_key("address", "ada@example.org", pepper="one")
    assert "ada" not in key
    assert len(key) == 64


def test_a_secret_is_kept_as_a_hash() -> None:
    assert rules.secret_key_of("a secret") != "a secret"
    assert len(rules.secret_key_of("a secret")) == 64


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
            "Safari · macOS",
        ),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_would(agent: str, shown: str) -> None:
    assert rules.device_name(agent) == shown
