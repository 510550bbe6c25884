"""Signing a credential: its canonical form (RDFC-1.0) and a Data Integrity proof, `ecdsa-rdfc-2019`. The one door to
PyLD.

Verifiable Credentials 2.0; Data Integrity 1.0, 4.2; Data Integrity ECDSA Cryptosuites 1.0, 3.2. Contexts are files of
ours: nothing is fetched.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld

from training.certificates.keys import SealKey

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FILES = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
P256_MULTICODEC = b"\x80\x24"  # p256-pub

Document = Mapping[str, Any]
"""A JSON-LD document: its shape is that of the vocabulary, checked by the schema in the tests."""


class UnknownContext(Exception):
    """A document names a context that is none of ours."""


def signed(credential: Document, key: SealKey, *, method: str, now: datetime) -> Document:
    """Return a credential with its proof. `method` is the identifier of the key in the issuer's document.

    The proof stands in an array, as the schema of Open Badges wants it.
    """
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "ecdsa-rdfc-2019",
        "created": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    configuration = {"@context": credential["@context"], **proof}
    message = _digest(configuration) + _digest(credential)
    return {**credential, "proof": [{**proof, "proofValue": "z" + base58(key.sign(message))}]}


def multikey(compressed: bytes) -> str:
    """Return a public key as a Multikey names it (Controlled Identifiers 1.0, 2.2.2)."""
    return "z" + base58(P256_MULTICODEC + compressed)


def base58(data: bytes) -> str:
    """Return base58 in the alphabet of Bitcoin (Controlled Identifiers 1.0, 2.4)."""
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, len(BASE58))
        text = BASE58[digit] + text
    return BASE58[0] * (len(data) - len(data.lstrip(b"\0"))) + text


def _digest(document: Document) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    canonical: str = jsonld.normalize(dict(document), options)
    return hashlib.sha256(canonical.encode()).digest()


@cache
def _context(address: str) -> Any:
    file = FILES.get(address)
    if file is None:
        raise UnknownContext(address)
    return json.loads((Path(__file__).parent / "contexts" / file).read_text())


def _load(address: str, _options: object = None) -> dict[str, Any]:
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": _context(address),
    }
