"""Passwords: hashed with Argon2id (RFC 9106), checked against those that everybody uses."""

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from training.people.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD

EASILY_GUESSED = 1_000_000
"""Guesses: what a throttled attacker could try in years, and one who holds the hash in a day."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's first choice: 19 MiB, t = 2
_NOBODYS = _HASHER.hash("a password that nobody has")


def hash_password(password: str) -> str:
    """Return the hash of a password, with its salt and its costs."""
    return _HASHER.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed.

    Without a hash the same work is done in vain: how long an answer takes does not tell whether an account exists.
    """
    try:
        _HASHER.verify(password_hash or _NOBODYS, password[:LONGEST_PASSWORD])
        return bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def is_easily_guessed(password: str, *, known: list[str]) -> bool:
    """Whether a password is among those that are tried first: common ones, keyboard runs, the person's own details.

    No rules of composition (NIST SP 800-63B, 5.1.1.2). `known` holds name and e-mail address of the person.
    """
    parts = [part for text in known for part in re.split(r"[\s@.]+", text) if part]
    return int(zxcvbn(password[:72], user_inputs=parts)["guesses"]) < EASILY_GUESSED


def is_long_enough(password: str) -> bool:
    """Whether a password is neither too short nor too long to be hashed at will."""
    return SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
