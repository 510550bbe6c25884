"""The key pair of an installation: it seals documents and signs claims. ECDSA on P-256, known by an identifier.

A key may be followed by another at any time: what was signed names its key, and the public keys of all that were ever
used stay published.
"""

import base64
import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509.oid import NameOID

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the group of P-256 (FIPS 186-5, SP 800-186, 3.2.1.3)."""
SIGNATURE = 64  # bytes: r and s of 32 each (RFC 7518, 3.4)
LASTS = timedelta(days=20 * 365)
LONGEST_COMMON_NAME = 64  # RFC 5280, appendix A.1


class SealFault(Exception):
    """The files of the seal do not hold a key and a certificate that go together."""


def base64url(data: bytes) -> str:
    """Return base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Return what base64url without padding stands for. Raises `ValueError`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class PublicKey:
    """A public key as it is published: the two coordinates in base64url (RFC 7518, 6.2.1)."""

    x: str
    y: str

    @cached_property
    def kid(self) -> str:
        """The key's identifier: the beginning of its thumbprint (RFC 7638), 16 signs of base64url."""
        named = json.dumps({"crv": "P-256", "kty": "EC", "x": self.x, "y": self.y}, separators=(",", ":"))
        return base64url(hashlib.sha256(named.encode()).digest())[:16]

    @cached_property
    def _key(self) -> ec.EllipticCurvePublicKey:
        x, y = (int.from_bytes(from_base64url(one)) for one in (self.x, self.y))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()

    @property
    def compressed(self) -> bytes:
        """The point in 33 bytes (SEC 1, 2.3.3)."""
        return self._key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (r and s, 64 bytes) is this key's over `message`.

        Of the two values of s that every signature has, only the lower one is taken: there is one form.
        """
        if len(signature) != SIGNATURE:
            return False
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        if not 0 < r < ORDER or not 0 < s <= ORDER // 2:
            return False
        return self.verifies_der(encode_dss_signature(r, s), message)

    def verifies_der(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (DER, RFC 3279, 2.2.3) is this key's over `message`."""
        try:
            self._key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SealKey:
    """The installation's private key with its certificate, and those above it, as DER."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: Sequence[x509.Certificate] = ()
    demonstration: bool = False

    @cached_property
    def public(self) -> PublicKey:
        return public_of(self.private.public_key())

    @property
    def kid(self) -> str:
        return self.public.kid

    @property
    def pem(self) -> str:
        """The certificate, as it may be shown to anybody."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of `message`: r and the lower s, 32 bytes each."""
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + min(s, ORDER - s).to_bytes(32)


def public_of(key: ec.EllipticCurvePublicKey) -> PublicKey:
    """Return a public key in the form in which it is published."""
    numbers = key.public_numbers()
    return PublicKey(base64url(numbers.x.to_bytes(32)), base64url(numbers.y.to_bytes(32)))


def read(key_file: Path, certificate_file: Path, *, demonstration: bool = False) -> SealKey:
    """Return the key pair in two PEM files. Raises `SealFault`, naming the file and what is wrong with it."""
    try:
        private = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SealFault(f"{key_file}: no unencrypted private key in PEM ({error})") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise SealFault(f"{key_file}: the key is not ECDSA on P-256; `training seal make` makes one")
    try:
        certificate, *chain = x509.load_pem_x509_certificates(certificate_file.read_bytes())
    except (OSError, ValueError) as error:
        raise SealFault(f"{certificate_file}: no certificate in PEM ({error})") from error
    found = certificate.public_key()
    if not isinstance(found, ec.EllipticCurvePublicKey) or public_of(found) != public_of(private.public_key()):
        raise SealFault(f"{certificate_file}: the certificate is of another key than {key_file}")
    return SealKey(private, certificate, tuple(chain), demonstration)


def make(common_name: str, *, now: datetime) -> Mapping[str, bytes]:
    """Return a new self-signed pair as PEM: `key` and `certificate`."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:LONGEST_COMMON_NAME])])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    key = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {"key": key, "certificate": certificate.public_bytes(serialization.Encoding.PEM)}


def of_demonstration(folder: Path) -> SealKey:
    """Return the pair of a demonstration, made when it is first asked for.

    Both are in one file, and several processes may start at once: the first to put its file in place has made the pair.
    """
    file = folder / "demonstration.pem"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pair = make("DEMONSTRATION – not a real certificate", now=datetime.now(UTC))
        descriptor, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(descriptor, "wb") as fresh:
            fresh.write(pair["key"] + pair["certificate"])
        with contextlib.suppress(FileExistsError):
            os.link(name, file)
        Path(name).unlink()
    return read(file, file, demonstration=True)
