"""Rules of certificates: codes, claims, states, names. Values in, values out."""

import base64
import hashlib
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from training.languages import Language

Titles = Mapping[Language, str]
LONGEST_NAME = 120
"""Of a holder: as long as the code on the document can carry in any script (the longest passport lines have 78)."""


class RevocationReason(StrEnum):
    """Why a certificate does not hold any more, as far as the public is told."""

    ISSUED_IN_ERROR = "issued-in-error"
    WRONG_DETAILS = "wrong-details"
    AT_HOLDERS_REQUEST = "at-holders-request"


class ReplacementReason(StrEnum):
    """Why a certificate was replaced by a newer one, as far as the public is told."""

    CORRECTED_NAME = "corrected-name"
    REFRESHER = "refresher"


class State(StrEnum):
    """What a stranger is told of a certificate."""

    VALID = "valid"
    REFRESHER_ADVISED = "refresher-advised"
    """Valid; the rule has a period after which going through the course again is advised."""
    REPLACED = "replaced"
    REVOKED = "revoked"


class Signatory(BaseModel):
    """Who signs, and as what, in the languages in which that is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    function: Titles


class ClaimedChapter(BaseModel):
    """A chapter that the certificate lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    title: Titles


class Claims(BaseModel):
    """What a certificate says, as it stood when it was issued. Nothing that changes elsewhere changes it.

    `minutes` are the nominal ones of the rule's version. Dates are those of the issuer's time zone. `holder` is empty,
    and whatever else speaks of one person too, once that person is erased. `sessions` is what was attended of what was
    held; `logo` the SHA-256 of the picture.
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
    language: Language = Language.EN
    group: str | None = None
    sessions: tuple[int, int] | None = None
    refreshed_on: date | None = None
    refresher_months: int | None = None
    refresher_on: date | None = None
    signatories: tuple[Signatory, ...] = ()
    funding: Titles | None = None
    logo: str | None = None
    demonstration: bool = False

    def without_holder(self) -> "Claims":
        """Return what stays in the register when the holder is erased: nothing that speaks of one person."""
        return self.model_copy(update={"holder": "", "authority": None, "group": None, "sessions": None})


@dataclass(frozen=True, kw_only=True)
class Life:
    """What happened to a certificate after it was issued."""

    revoked_at: datetime | None
    replaced_at: datetime | None
    refresher_on: date | None


def state(life: Life, today: date) -> State:
    """Return what a stranger is told on a day of the issuer's zone."""
    if life.revoked_at is not None:
        return State.REVOKED
    if life.replaced_at is not None:
        return State.REPLACED
    if life.refresher_on is not None and life.refresher_on <= today:
        return State.REFRESHER_ADVISED
    return State.VALID


def new_code() -> str:
    """Return a verification code: 128 random bits in base32 (RFC 4648, section 6), 26 letters and digits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def code_key(typed: str) -> str:
    """Return a code as it is kept, however it was typed: blanks, hyphens and case do not matter."""
    return "".join(character for character in typed.upper() if character.isalnum())[:40]


def shown_code(code: str) -> str:
    """Return a code in groups that can be read aloud."""
    return " ".join(code[start : start + 5] for start in range(0, len(code), 5))


def code_digest(code: str) -> str:
    """Return what stands for a code in public lists (32 hexadecimal digits): a code has 128 random bits, so that
    nobody finds it by its digest."""
    return hashlib.sha256(f"liaise-code\n{code}".encode()).hexdigest()[:32]


def shown_number(number: int, issued_on: date) -> str:
    """Return a register number as it is shown: LT-2026-000123."""
    return f"LT-{issued_on.year}-{number:06d}"


def verify_address(public_url: str, language: Language, code: str, token: str = "") -> str:
    """Return where a stranger checks a certificate. The token is in the part that no browser sends to a server."""
    return f"{public_url}/{language.value}/verify/{code}" + (f"#{token}" if token else "")


def after_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


class NameFault(StrEnum):
    """What keeps a text from being a name on a certificate."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    UNSEEN_SIGNS = "unseen-signs"
    """Control or formatting characters: they are not seen, and change how other letters are shown."""


def name_fault(name: str) -> NameFault | None:
    """Return what keeps `name` from standing on a certificate, whatever its script."""
    if not any(unicodedata.category(sign).startswith("L") for sign in name):
        return NameFault.EMPTY
    if len(name) > LONGEST_NAME:
        return NameFault.TOO_LONG
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} for sign in name):
        return NameFault.UNSEEN_SIGNS
    return None
