"""Passwords: hashed, compared, and refused when everybody uses them."""

import pytest

from training.people import passwords


def test_a_password_is_hashed_with_argon2id_at_the_costs_that_owasp_asks() -> None:
    hashed = passwords.hash_password("seven herons over the weir")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != passwords.hash_password("seven herons over the weir")


def test_only_the_password_that_was_hashed_matches() -> None:
    hashed = passwords.hash_password("seven herons over the weir")
    assert passwords.password_matches(hashed, "seven herons over the weir")
    assert not passwords.password_matches(hashed, "seven herons over the weir ")
    assert not passwords.password_matches(hashed, "")


@pytest.mark.parametrize("kept", [None, "", "not a hash"])
def test_without_a_hash_nothing_matches(kept: str | None) -> None:
    assert not passwords.password_matches(kept, "a password that nobody has")


@pytest.mark.parametrize(
    "password", ["password", "12345678", "qwertyuiop", "azertyuiop", "letmein1", "ada1815!", "lovelace", "adalovelace"]
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert passwords.is_easily_guessed(password, known=["Ada Lovelace", "ada1815@example.org"])


@pytest.mark.parametrize("password", ["seven herons over the weir", "xK4vTq9pLm", "Blaumeise hinterm Ofenrohr"])
def test_a_few_words_in_a_row_are_taken_without_rules_of_composition(password: str) -> None:
    assert not passwords.is_easily_guessed(password, known=["Ada Lovelace", "ada@example.org"])


@pytest.mark.parametrize(("length", "fits"), [(7, False), (8, True), (200, True), (201, False)])
def test_a_password_has_eight_to_two_hundred_characters(length: int, fits: bool) -> None:
    assert passwords.is_long_enough("x" * length) is fits
