"""Codes, numbers and states of certificates."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from training.certificates import rules
from training.certificates.rules import Claims, Life, NameFault, State
from training.languages import Language

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CLAIMS = {
    "holder": "Đorđe Lukić",
    "course": "local-prevention",
    "course_title": {language.value: "A course" for language in Language},
    "chapters": [{"number": 1, "title": {language.value: "A chapter" for language in Language}}],
    "minutes": 40,
    "rule_version": 1,
    "completed_on": "2026-11-19",
    "issued_on": "2026-11-20",
    "authority": {"en": "Liège"},
    "issuer": "LIAISE Training",
    "number": "LT-2026-000001",
}


def test_a_code_holds_128_random_bits() -> None:
    """G9: a code cannot be guessed."""
    codes = {rules.new_code() for _ in range(300)}
    assert len(codes) == 300
    assert all(len(code) == 26 and set(code) <= set(BASE32) for code in codes)


@given(code=st.text(alphabet=BASE32, min_size=26, max_size=26))
def test_a_code_is_found_as_it_is_shown_and_in_small_letters(code: str) -> None:
    assert rules.code_key(rules.shown_code(code)) == code
    assert rules.code_key(rules.shown_code(code).lower().replace(" ", "-")) == code


@given(typed=st.text())
def test_whatever_is_typed_as_a_code_is_short_and_has_no_signs(typed: str) -> None:
    key = rules.code_key(typed)
    assert len(key) <= 40
    assert key.isalnum() or not key


@pytest.mark.parametrize(
    ("number", "year", "shown"),
    [(1, 2026, "LT-2026-000001"), (123456, 2027, "LT-2027-123456"), (1234567, 2026, "LT-2026-1234567")],
)
def test_a_register_number_is_shown_with_its_year(number: int, year: int, shown: str) -> None:
    assert rules.shown_number(number, datetime(year, 6, 1, tzinfo=UTC)) == shown


MOMENT = datetime(2026, 11, 20, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("life", "state"),
    [
        ({}, State.VALID),
        ({"refresher_on": date(2026, 11, 21)}, State.VALID),
        ({"refresher_on": TODAY}, State.REFRESHER_ADVISED),
        ({"replaced_at": MOMENT}, State.REPLACED),
        ({"replaced_at": MOMENT, "refresher_on": TODAY}, State.REPLACED),
        ({"revoked_at": MOMENT}, State.REVOKED),
        ({"revoked_at": MOMENT, "refresher_on": TODAY}, State.REVOKED),
    ],
)
def test_a_certificate_has_one_state(life: dict[str, Any], state: State) -> None:
    """G3: valid, refresher advised, replaced and revoked are told apart."""
    untouched: dict[str, Any] = {"revoked_at": None, "replaced_at": None, "refresher_on": None}
    assert rules.state(Life(**untouched | life), TODAY) is state


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 20), 24, date(2028, 11, 20)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert rules.after_months(day, months) == later


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Đorđe Lukić", None),
        ("María-José Carreño Quiñones de la Cruz", None),
        ("O’Neill", None),
        ("O'Neill", None),
        ("Čedomir Ştefănescu-Ţurcanu ß Łukasz Ørsted", None),
        ("Νίκος Παπαδόπουλος", None),
        ("Юлія Шевченко", None),
        ("", NameFault.EMPTY),
        ("– 12", NameFault.EMPTY),
        ("a" * 121, NameFault.TOO_LONG),
        ("A\u202eB", NameFault.UNSEEN_SIGNS),
        ("A\nB", NameFault.UNSEEN_SIGNS),
        ("A\u200bB", NameFault.UNSEEN_SIGNS),
    ],
)
def test_a_name_is_taken_as_it_is_unless_it_holds_what_nobody_sees(name: str, fault: NameFault | None) -> None:
    assert rules.name_fault(name) is fault


def test_what_stays_of_somebody_erased_says_nothing_about_one_person() -> None:
    claims = Claims.model_validate(CLAIMS | {"group": "Group North", "sessions": (3, 4)})
    left = claims.without_holder()
    assert (left.holder, left.authority, left.group, left.sessions) == ("", None, None, None)
    assert (left.number, left.minutes, left.issued_on) == (claims.number, claims.minutes, claims.issued_on)


def test_claims_come_back_from_the_database_as_they_went_in() -> None:
    claims = Claims.model_validate(CLAIMS)
    assert Claims.model_validate(claims.model_dump(mode="json")) == claims
    assert {name: value for name, value in claims.model_dump(mode="json").items() if name in CLAIMS} == CLAIMS


def test_claims_never_change_and_hold_nothing_that_they_do_not_know() -> None:
    claims = Claims.model_validate(CLAIMS)
    with pytest.raises(ValidationError):
        claims.holder = "Somebody else"
    with pytest.raises(ValidationError):
        Claims.model_validate(CLAIMS | {"mark": 8})
