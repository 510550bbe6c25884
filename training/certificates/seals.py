"""Sealing documents: PAdES B-B, or B-T with a time-stamp authority. The one door to pyHanko.

typst makes a tagged PDF/A-2a and PDF/UA-1; the seal is added to it (an incremental update), so it has to keep both. Its
field is therefore part of the tagged structure, as PDF/UA-1, 7.18.4, asks.
"""

import asyncio
import io
import urllib.error
import urllib.request
from dataclasses import dataclass

from asn1crypto import algos, tsp
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import Certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject, NumberObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from training.certificates.keys import SealKey

FIELD = "Seal"
RESERVED = 4096  # bytes for the signature; the certificates above come on top, and a time stamp
RESERVED_FOR_STAMP = 12_288
STAMPING_TIMEOUT = 20  # seconds
LARGEST_STAMP = 100_000  # bytes


class SealingFailed(Exception):
    """The time-stamp authority did not answer, or not as it should. Nothing is half-sealed: it can be tried again."""


class Stamper(TimeStamper):
    """Asks a time-stamp authority (RFC 3161, 3.4)."""

    def __init__(self, address: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await asyncio.to_thread(self._ask, req.dump())

    def _ask(self, body: bytes) -> tsp.TimeStampResp:
        request = urllib.request.Request(  # noqa: S310  the settings take http and https only
            self.address, data=body, headers={"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(request, timeout=STAMPING_TIMEOUT) as answer:  # noqa: S310
                return tsp.TimeStampResp.load(answer.read(LARGEST_STAMP))
        except urllib.error.HTTPError as error:
            with error:  # it holds the connection
                raise TimestampRequestError(f"{self.address}: {error}") from error
        except (OSError, ValueError) as error:
            raise TimestampRequestError(f"{self.address}: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Inscription:
    """What stands in the seal: its name for readers and screen readers, why it is there, and where it is checked."""

    label: str
    reason: str
    link: str


def seal(pdf: bytes, key: SealKey, inscription: Inscription, *, timestamp_url: str = "") -> bytes:
    """Return a document of one page or more, sealed. Raises `SealingFailed`.

    typst ends its file without a newline; the update has to begin on a line of its own.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf + b"\n"))
    _add_tagged_field(writer, inscription.label)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        reason=inscription.reason,
        contact_info=inscription.link,
    )
    stamper = Stamper(timestamp_url) if timestamp_url else None
    signer = signers.PdfSigner(meta, signer=_signer(key), timestamper=stamper)
    reserved = RESERVED + sum(len(_der(one)) for one in key.chain) + (RESERVED_FOR_STAMP if stamper else 0)
    sealed = io.BytesIO()
    try:
        signer.sign_pdf(writer, output=sealed, bytes_reserved=2 * reserved)
    except (SigningError, TimestampRequestError) as error:
        raise SealingFailed(str(error)) from error
    return sealed.getvalue()


def _add_tagged_field(writer: IncrementalPdfFileWriter, label: str) -> None:
    """Add the field of the seal, which is not seen, as the last element of the document's structure."""
    fields.append_signature_field(writer, fields.SigFieldSpec(sig_field_name=FIELD, readable_field_name=label))
    widget = writer.root["/AcroForm"]["/Fields"].raw_get(0)
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    tree = writer.root["/StructTreeRoot"]
    document = tree["/K"].raw_get(0)
    place = NumberObject(tree["/ParentTreeNextKey"])
    pointer = generic.DictionaryObject(
        {NameObject("/Type"): NameObject("/OBJR"), NameObject("/Obj"): widget, NameObject("/Pg"): page}
    )
    element = writer.add_object(
        generic.DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject("/Form"),
                NameObject("/P"): document,
                NameObject("/Pg"): page,
                NameObject("/Alt"): TextStringObject(label),
                NameObject("/K"): generic.ArrayObject([pointer]),
            }
        )
    )
    document.get_object()["/K"].append(element)
    writer.update_container(document.get_object()["/K"])
    tree["/ParentTree"]["/Nums"].extend([place, element])
    writer.update_container(tree["/ParentTree"]["/Nums"])
    tree[NameObject("/ParentTreeNextKey")] = NumberObject(place + 1)
    writer.update_container(tree)
    widget.get_object()[NameObject("/StructParent")] = place
    writer.update_container(widget.get_object())


def _signer(key: SealKey) -> signers.SimpleSigner:
    private = key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = Asn1Certificate.load(_der(key.certificate))
    above = [Asn1Certificate.load(_der(one)) for one in key.chain]
    return signers.SimpleSigner(
        signing_cert=certificate,
        signing_key=PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore.from_certs(above),
        signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
    )


def _der(certificate: Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
