"""Looking at the seal of a document that a stranger hands in.

Only bytes are looked at: which of them were signed, and by which key. Nothing is unpacked and no object of the PDF is
read, so that a document can neither mislead nor burden the check. The same is done by `verifier/verifier.js`.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from asn1crypto import cms, tsp

from training.certificates.keys import PublicKey, base64url

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")
HEXADECIMAL = re.compile(rb"<[0-9A-F]*>")
LINK = re.compile(rb"/ContactInfo\s*\(((?:[^()\\]|\\[0-7]{3}){1,40000})\)")
OCTAL = re.compile(rb"\\([0-7]{3})")
MOST_SEALS = 8


class Seal(StrEnum):
    """What a document's seal says."""

    WHOLE = "whole"
    """One of our keys has sealed every byte of it."""
    EXTENDED = "extended"
    """One of our keys has sealed it; something was added afterwards."""
    ALTERED = "altered"
    """It bears a seal that does not fit its bytes: they were changed."""
    FORGED = "forged"
    """It names one of our keys, which has not made the seal."""
    FOREIGN = "foreign"
    """It is sealed, and not by a key of ours."""
    NONE = "none"
    """It is not sealed, or no PDF."""


@dataclass(frozen=True, kw_only=True)
class SealFound:
    """What was found on a document: how its seal stands, with which key, and the link that was sealed with it."""

    seal: Seal
    kid: str = ""
    link: str = ""


RANKS = list(Seal)


def inspect(pdf: bytes, keys: Mapping[str, PublicKey]) -> SealFound:
    """Return how the seal of a document stands: of several, the one that says most for it."""
    found = [_look(pdf, place, keys) for place in _places(pdf)]
    return min(found, key=lambda one: RANKS.index(one.seal), default=SealFound(seal=Seal.NONE))


def _places(pdf: bytes) -> Iterator[tuple[int, int, int]]:
    """Return, of each seal, the length of the bytes before the signature, where those after it begin, and their end."""
    if b"%PDF-" not in pdf[:1024]:
        return
    for number, found in enumerate(RANGE.finditer(pdf)):
        begin, first, second, length = (int(group) for group in found.groups())
        if number < MOST_SEALS and begin == 0 and first < second <= second + length <= len(pdf):
            yield first, second, second + length


def _look(pdf: bytes, place: tuple[int, int, int], keys: Mapping[str, PublicKey]) -> SealFound:
    first, second, end = place
    try:
        found = _signature(pdf[first:second])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return SealFound(seal=Seal.ALTERED)
    kid = next((kid for kid, key in keys.items() if _is(key, found.point)), "")
    if not kid:
        return SealFound(seal=Seal.FOREIGN)
    if not keys[kid].verifies_der(found.signature, found.message):
        return SealFound(seal=Seal.FORGED, kid=kid)
    if found.digest != hashlib.sha256(pdf[:first] + pdf[second:end]).digest():
        return SealFound(seal=Seal.ALTERED, kid=kid)
    link = LINK.search(pdf, 0, end)
    return SealFound(
        seal=Seal.WHOLE if end == len(pdf) else Seal.EXTENDED,
        kid=kid,
        link=_text(link.group(1)) if link else "",
    )


@dataclass(frozen=True, kw_only=True)
class _Signature:
    """What a signature holds (RFC 5652, 5): the signer's point, the signed message, the digest that it names."""

    point: bytes
    message: bytes
    digest: bytes
    signature: bytes


def _signature(between: bytes) -> _Signature:
    """Return the signature that stands as hexadecimal digits in the gap. Raises one of many errors when it is none."""
    if not HEXADECIMAL.fullmatch(between):
        raise ValueError("no signature")
    filled = bytes.fromhex(between[1:-1].decode())
    content = cms.ContentInfo.load(filled)
    if filled[len(content.dump()) :].strip(b"\0"):
        raise ValueError("something stands behind the signature")
    signed = content["content"]
    signer = signed["signer_infos"][0]
    attributes = signer["signed_attrs"]
    values = {one["type"].native: one["values"] for one in attributes}
    essential = tsp.SigningCertificateV2.load(values["signing_certificate_v2"][0].dump())
    named = essential["certs"][0]["cert_hash"].native
    own = [one.chosen for one in signed["certificates"] if hashlib.sha256(one.chosen.dump()).digest() == named]
    if not own:
        raise ValueError("the certificate that was signed with is not there (RFC 5035, 4)")
    return _Signature(
        point=own[0].public_key["public_key"].native,
        message=attributes.untag().dump(),
        digest=values["message_digest"][0].native,
        signature=signer["signature"].native,
    )


def _text(literal: bytes) -> str:
    return OCTAL.sub(lambda found: bytes([int(found.group(1), 8) % 256]), literal).decode("ascii", "replace")


def _is(key: PublicKey, point: bytes) -> bool:
    """Whether a certificate is of this key: its point in full (SEC 1, 2.3.3). What else it says proves nothing."""
    return point[:1] == b"\4" and key == PublicKey(base64url(point[1:33]), base64url(point[33:65]))
