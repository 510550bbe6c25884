"""Claims that prove themselves: a signed token, short enough for a QR code, that is checked without a server.

A token is base32 (RFC 4648, section 6: capitals and the digits 2 to 7, no padding) of

    payload | the first 4 bytes of its SHA-256 | signature (ES256: r and the lower s, 64 bytes)

The payload is a JSON array without blanks, in UTF-8; the signature covers `CONTEXT`, payload and sum. Each certificate
has one form only: whatever is not exactly what would be written again is refused. The sum tells a slip in copying from
a forgery. The same rules stand in `verifier/verifier.js`; `docs/certificates.md` describes them for others.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date
from enum import StrEnum

from training.certificates.keys import SIGNATURE, PublicKey, SealKey
from training.certificates.rules import Claims
from training.languages import Language

FORMAT = "LT1"
CONTEXT = b"liaise-training-claims-1\n"
SUM = 4
LONGEST = 6000
ALPHABET = re.compile(r"[A-Z2-7]+")
SHAPE = re.compile(r"[A-Z2-7]{120,6000}")


class Refusal(StrEnum):
    """Why a token proves nothing."""

    UNREADABLE = "unreadable"
    """It is no token at all."""
    ALTERED = "altered"
    """It was one, and is damaged or changed: the sum does not fit, or the form is not the one that is written."""
    UNKNOWN_KEY = "unknown-key"
    FORGED = "forged"
    """Whole in itself, and not signed by the key that it names."""


class TokenRefused(Exception):
    """A token proves nothing; `why` says what is wrong."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a token says: the claims of a certificate in one language. Empty texts say that there is nothing to say.

    The order of the fields is the order in the token: it is part of the format.
    """

    kid: str
    code: str
    number: str
    holder: str
    course: str
    language: Language
    chapters: int
    minutes: int
    completed_on: date
    issued_on: date
    refresher_on: date | None
    issuer: str
    authority: str
    group: str
    demonstration: bool


def proof_of(claims: Claims, code: str, language: Language, kid: str) -> Proof:
    """Return what the token of a certificate says in a language."""
    authority = claims.authority or {}
    return Proof(
        kid=kid,
        code=code,
        number=claims.number,
        holder=claims.holder,
        course=claims.course_title[language],
        language=language,
        chapters=len(claims.chapters),
        minutes=claims.minutes,
        completed_on=claims.completed_on,
        issued_on=claims.issued_on,
        refresher_on=claims.refresher_on,
        issuer=claims.issuer,
        authority=authority.get(language.value) or authority.get(Language.EN.value, ""),
        group=claims.group or "",
        demonstration=claims.demonstration,
    )


def write(proof: Proof, key: SealKey) -> str:
    """Return the token of a proof, signed."""
    payload = _payload(proof)
    summed = payload + hashlib.sha256(payload).digest()[:SUM]
    return base64.b32encode(summed + key.sign(CONTEXT + summed)).decode().rstrip("=")


def read(token: str, keys: Mapping[str, PublicKey]) -> Proof:
    """Return what a token says, if it is signed by one of `keys` and in the one form. Raises `TokenRefused`."""
    if len(token) > LONGEST or not ALPHABET.fullmatch(token):
        raise TokenRefused(Refusal.UNREADABLE)
    summed, signature = _parts(token)
    payload = summed[:-SUM]
    if hashlib.sha256(payload).digest()[:SUM] != summed[-SUM:]:
        raise TokenRefused(Refusal.ALTERED)
    proof = _proof(payload)
    key = keys.get(proof.kid)
    if key is None:
        raise TokenRefused(Refusal.UNKNOWN_KEY)
    if not key.verifies(signature, CONTEXT + summed):
        raise TokenRefused(Refusal.FORGED)
    return proof


def find(text: str) -> str | None:
    """Return the token in a pasted text: a link that carries one, or the token itself."""
    candidates = SHAPE.findall(text.strip())
    return max(candidates, key=len) if candidates else None


def _payload(proof: Proof) -> bytes:
    said = [FORMAT, *(_plain(value) for value in astuple(proof))]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return int(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _parts(token: str) -> tuple[bytes, bytes]:
    """Return the signed part of a token and its signature."""
    try:
        data = base64.b32decode(token + "=" * (-len(token) % 8))
    except ValueError as error:
        raise TokenRefused(Refusal.ALTERED) from error
    if base64.b32encode(data).decode().rstrip("=") != token or len(data) <= SUM + SIGNATURE:
        raise TokenRefused(Refusal.ALTERED)
    return data[:-SIGNATURE], data[-SIGNATURE:]


def _proof(payload: bytes) -> Proof:
    """Return what a payload says; it is refused unless it is what would be written for that."""
    try:
        form, *said = json.loads(payload)
        names = [field.name for field in fields(Proof)]
        values = dict(zip(names, said, strict=True))
        if form != FORMAT:
            raise TokenRefused(Refusal.UNREADABLE)
        proof = Proof(
            **values
            | {
                "language": Language(values["language"]),
                "completed_on": date.fromisoformat(values["completed_on"]),
                "issued_on": date.fromisoformat(values["issued_on"]),
                "refresher_on": date.fromisoformat(values["refresher_on"]) if values["refresher_on"] else None,
                "demonstration": bool(values["demonstration"]),
            }
        )
        written = _payload(proof)
    except (ValueError, TypeError, RecursionError) as error:
        raise TokenRefused(Refusal.ALTERED) from error
    if written != payload:
        raise TokenRefused(Refusal.ALTERED)
    return proof
