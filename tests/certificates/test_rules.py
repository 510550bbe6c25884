"""Codes, numbers and states of certificates."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from training.certificates import rules
from training.certificates.rules import Claims, State
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


def test_a_certificate_is_valid_until_it_is_revoked() -> None:
    assert rules.state(None) is State.VALID
    assert rules.state(datetime(2026, 11, 20, tzinfo=UTC)) is State.REVOKED


def test_claims_come_back_from_the_database_as_they_went_in() -> None:
    claims = Claims.model_validate(CLAIMS)
    assert Claims.model_validate(claims.model_dump(mode="json")) == claims
    assert claims.model_dump(mode="json") == CLAIMS


def test_claims_never_change_and_hold_nothing_that_they_do_not_know() -> None:
    claims = Claims.model_validate(CLAIMS)
    with pytest.raises(ValidationError):
        claims.holder = "Somebody else"
    with pytest.raises(ValidationError):
        Claims.model_validate(CLAIMS | {"mark": 8})
