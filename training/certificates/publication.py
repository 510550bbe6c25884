"""What is published so that certificates can be checked elsewhere: the installation's keys, and which ones do not hold.

Nothing in it leads to a certificate: a code is listed by its digest, a badge by a position.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from training.certificates import canonical, keyring, queries, rules
from training.certificates.canonical import CREDENTIALS
from training.certificates.keys import PublicKey, SealKey, base64url
from training.certificates.models import Certificate, SealKeyUsed
from training.certificates.office import Office
from training.certificates.rules import Life
from training.certificates.snapshots import issuer_day

FORMAT = "liaise-training-status-1"
LEAST_POSITIONS = 131_072  # Bitstring Status List 1.0, 6.1: among so many nobody stands out
STATUS_PATH = "/.well-known/certificate-status.json"
BADGE_STATUS_PATH = "/.well-known/badge-status.json"


def did_document(session: Session, office: Office) -> Mapping[str, Any]:
    """Return the installation's document of keys (DID Core 1.0; Controlled Identifiers 1.0, 2.2)."""
    used = keyring.keys_used(session)
    distrusted = {key.kid for key in used if key.distrusted_at}
    known = {office.seal.kid: office.seal.public} | {key.kid: PublicKey(key.x, key.y) for key in used}
    methods = {kid: key for kid, key in known.items() if kid not in distrusted}
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": office.did,
        "verificationMethod": [
            {
                "id": office.method(kid),
                "type": "Multikey",
                "controller": office.did,
                "publicKeyMultibase": canonical.multikey(key.compressed),
            }
            for kid, key in sorted(methods.items())
        ],
        "assertionMethod": [office.method(kid) for kid in sorted(methods)],
    }


def status_list(session: Session, office: Office, *, now: datetime) -> str:
    """Return which certificates do not hold, and which keys have signed, dated and signed (JWS, RFC 7515, 3.1)."""
    withdrawn = sorted(_entry(certificate, now) for certificate in queries.withdrawn(session))
    said = {
        "format": FORMAT,
        "issuer": office.did,
        "made_at": _moment(now),
        "keys": published_keys(session, office, now=now),
        "entries": withdrawn,
    }
    return _jws(said, office.seal)


def published_keys(session: Session, office: Office, *, now: datetime) -> Sequence[Mapping[str, str]]:
    """Return every key that has signed here with its time, the present one first."""
    return [_key(key) for key in _keys(keyring.keys_used(session), office.seal, now)]


def badge_status(session: Session, office: Office, *, now: datetime) -> Mapping[str, Any]:
    """Return the same for Open Badges: a signed list of bits, one for each register number (Bitstring Status List)."""
    numbers = [certificate.number for certificate in queries.withdrawn(session)]
    positions = LEAST_POSITIONS
    while numbers and max(numbers) >= positions:
        positions *= 2
    bits = bytearray(positions // 8)
    for number in numbers:
        bits[number // 8] |= 0x80 >> number % 8
    address = office.public_url + BADGE_STATUS_PATH
    credential = {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": office.did,
        "validFrom": _moment(now),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + base64url(gzip.compress(bytes(bits), mtime=0)),
        },
    }
    return canonical.signed(credential, office.seal, method=office.method(office.seal.kid), now=now)


def _keys(used: Sequence[SealKeyUsed], seal: SealKey, now: datetime) -> Sequence[SealKeyUsed]:
    if any(key.kid == seal.kid for key in used):
        return used
    return [SealKeyUsed(kid=seal.kid, x=seal.public.x, y=seal.public.y, since=now), *used]


def _key(key: SealKeyUsed) -> Mapping[str, str]:
    return {
        "kid": key.kid,
        "x": key.x,
        "y": key.y,
        "since": _moment(key.since),
        "until": _moment(key.until),
        "distrusted": _moment(key.distrusted_at),
    }


def _entry(certificate: Certificate, now: datetime) -> list[str]:
    life = Life(
        revoked_at=certificate.revoked_at, replaced_at=certificate.replaced_at, refresher_on=certificate.refresher_on
    )
    since = certificate.revoked_at or certificate.replaced_at or now
    reason = certificate.revoked_reason or certificate.replaced_reason or ""
    state = rules.state(life, issuer_day(now))
    return [rules.code_digest(certificate.code), state.value, issuer_day(since).isoformat(), reason]


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _jws(said: Mapping[str, Any], key: SealKey) -> str:
    header = {"alg": "ES256", "kid": key.kid, "typ": "JWT"}
    parts = [json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode() for part in (header, said)]
    message = ".".join(base64url(part) for part in parts)
    return f"{message}.{base64url(key.sign(message.encode()))}"
