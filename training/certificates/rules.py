"""Rules of certificates: codes, claims, states. Values in, values out."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from training.languages import Language

Titles = Mapping[Language, str]


class RevocationReason(StrEnum):
    """Why a certificate does not hold any more, as far as the public is told."""

    ISSUED_IN_ERROR = "issued-in-error"
    WRONG_DETAILS = "wrong-details"
    AT_HOLDERS_REQUEST = "at-holders-request"


class State(StrEnum):
    """What a stranger is told of a certificate."""

    VALID = "valid"
    REVOKED = "revoked"


class ClaimedChapter(BaseModel):
    """A chapter that the certificate lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    title: Titles


class Claims(BaseModel):
    """What a certificate says, as it stood when it was issued. Nothing that changes elsewhere changes it.

    `minutes` are the nominal ones of the rule's version. Dates are those of the issuer's time zone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    holder: str
    course: str
    course_title: Titles
    chapters: Sequence[ClaimedChapter]
    minutes: int
    rule_version: int
    completed_on: date
    issued_on: date
    authority: Mapping[str, str] | None
    issuer: str
    number: str


def new_code() -> str:
    """Return a verification code: 128 random bits in base32 (RFC 4648, section 6), 26 letters and digits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def code_key(typed: str) -> str:
    """Return a code as it is kept, however it was typed: blanks, hyphens and case do not matter."""
    return "".join(character for character in typed.upper() if character.isalnum())[:40]


def shown_code(code: str) -> str:
    """Return a code in groups that can be read aloud."""
    return " ".join(code[start : start + 5] for start in range(0, len(code), 5))


def shown_number(number: int, issued_at: datetime) -> str:
    """Return a register number as it is shown: LT-2026-000123."""
    return f"LT-{issued_at.year}-{number:06d}"


def state(revoked_at: datetime | None) -> State:
    """Return what a stranger is told."""
    return State.VALID if revoked_at is None else State.REVOKED
