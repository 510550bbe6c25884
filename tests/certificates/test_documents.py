"""The document: one page, tagged, sealed, whole; in every language and with the longest and strangest names.

qpdf, poppler, pyHanko's own validator and a reader of QR codes look at it: none of them is ours.
"""

import asyncio
import functools
import hashlib
import http.server
import io
import random
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from tests.certificates.conftest import PUBLIC, STRANGE_NAMES, certificate_of, claims_of
from tests.sealing import another_seal, seal
from training.certificates import documents, inspection, production, tokens
from training.certificates.documents import UnsupportedScript
from training.certificates.inspection import Seal
from training.certificates.keys import SealKey
from training.certificates.models import IssuerLogo
from training.certificates.office import Office
from training.certificates.production import Made
from training.certificates.seals import SealingFailed
from training.courses.library import Library
from training.languages import Language
from training.web.words import Speech

RunOn = Callable[..., str]
KEYS = {seal().kid: seal().public}
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60"><rect width="120" height="60" fill="#039"/></svg>'


@pytest.fixture(scope="session", params=list(Language))
def language(request: pytest.FixtureRequest) -> Language:
    """Each language in turn."""
    return Language(request.param)


@pytest.fixture(scope="session")
def made(language: Language, library: Library, office: Office) -> Made:
    """A document as full as it gets, with the strangest name."""
    claims = claims_of(library, STRANGE_NAMES[language], language, refreshed_on=date(2026, 11, 19))
    logo = IssuerLogo(sha256="", kind="svg", picture=LOGO)
    return production.make(certificate_of(claims), logo, language, office)


@pytest.fixture(scope="session")
def simple(library: Library, office: Office) -> Made:
    return production.make(certificate_of(claims_of(library, "Ada Learner")), None, Language.EN, office)


def opened(pdf: bytes) -> Any:
    """A document as pypdf reads it, whose objects are typed loosely."""
    return PdfReader(io.BytesIO(pdf))


def words_of(language: Language) -> Speech:
    return production.speech_of(language)


def test_it_is_one_page_of_a4_with_language_title_and_every_word(made: Made, language: Language) -> None:
    """G10: group and sessions stand on it."""
    reader = opened(made.pdf)
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.trailer["/Root"]["/Lang"] == language.value
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert STRANGE_NAMES[language] in str(reader.metadata.title)
    text = " ".join(reader.pages[0].extract_text().split())
    speech = words_of(language)
    for said in ("Certificate of completion", "All chapters completed", "Nominal length"):
        assert speech.gettext(said) in text, text
    assert speech.date(date(2026, 11, 20)) in text
    assert "LT-2026-000123" in text


def test_the_name_stands_there_as_it_was_written(made: Made, language: Language) -> None:
    """G6: in whatever of the scripts that Europe writes."""
    assert "".join(STRANGE_NAMES[language].split()) in "".join(_text(made.pdf).split())


def test_the_wording_claims_completion_and_never_competence(made: Made, language: Language) -> None:
    text = " ".join(_text(made.pdf).split())
    speech = words_of(language)
    assert speech.gettext("All chapters completed") in text
    neither = speech.gettext(
        "It confirms that the course was completed. It is neither a qualification nor an assessment of competence."
    )
    assert "".join(neither.split()) in "".join(text.split())


def test_every_font_is_embedded_and_every_letter_can_be_copied(made: Made) -> None:
    reader = opened(made.pdf)
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descendant = font["/DescendantFonts"][0].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())
        assert "/ToUnicode" in font


def test_it_says_that_it_is_pdf_a_2a_and_pdf_ua_1_also_after_sealing(made: Made) -> None:
    reader = opened(made.pdf)
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert re.search(r'pdfaid:part(?:="2"|>2<)', metadata)
    assert re.search(r'pdfaid:conformance(?:="A"|>A<)', metadata)
    assert re.search(r'pdfuaid:part(?:="1"|>1<)', metadata)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/AcroForm"].get("/NeedAppearances", False) == False  # noqa: E712  a boolean object of pypdf


def test_every_annotation_is_part_of_the_structure_and_printed(made: Made) -> None:
    """PDF/UA-1, 7.18.1 and 7.18.4; PDF/A-2, 6.3.2: the seal's field as well as the link."""
    reader = opened(made.pdf)
    page = reader.pages[0]
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    numbers = tree["/ParentTree"]["/Nums"]
    parents = {int(numbers[index]): numbers[index + 1].get_object() for index in range(0, len(numbers), 2)}
    kinds = []
    for annotation in (one.get_object() for one in page["/Annots"]):
        parent = parents[int(annotation["/StructParent"])]
        kinds.append((annotation["/Subtype"], parent["/S"]))
        assert annotation["/F"] & 4
        assert not annotation["/F"] & (1 | 2 | 32)
    assert sorted(kinds) == [("/Link", "/Link"), ("/Widget", "/Form")]
    assert page["/Tabs"] == "/S"
    assert int(tree["/ParentTreeNextKey"]) == len(parents)


def test_qpdf_finds_no_fault(made: Made, run_on: RunOn) -> None:
    assert "No syntax or stream encoding errors" in run_on(made.pdf, "qpdf", "--check")


def test_poppler_reads_headings_list_link_figure_and_field_in_their_order(
    made: Made, language: Language, run_on: RunOn
) -> None:
    structure = run_on(made.pdf, "pdfinfo", "-enc", "UTF-8", "-struct-text")
    order = [structure.index(f"\n{mark}") for mark in ("  H1", "  H2")]
    order += [structure.index(mark) for mark in ("LI (block)", "Link (", "Figure", "\n  Form\n")]
    assert order == sorted(order)
    assert f'"{words_of(language).gettext("Certificate of completion")}"' in structure


def test_poppler_says_that_the_seal_is_valid_and_covers_everything(made: Made, run_on: RunOn) -> None:
    said = run_on(made.pdf, "pdfsig")
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signer Certificate Common Name: City of Tests" in said


def test_pyhankos_validator_finds_the_seal_whole(made: Made) -> None:
    status = asyncio.run(_validated(made.pdf, seal()))
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE


def test_the_qr_code_is_read_from_the_printed_page_and_carries_signed_claims(
    made: Made, language: Language, tmp_path: Path
) -> None:
    (found,) = zxingcpp.read_barcodes(_rendered(made.pdf, tmp_path, dpi=150))
    assert found.text.startswith(f"{PUBLIC}/{language.value}/verify/")
    token = tokens.find(found.text)
    assert token == made.token
    assert tokens.read(token, KEYS).holder == STRANGE_NAMES[language]


def test_of_a_sealed_document_no_signed_byte_can_be_changed(simple: Made) -> None:
    begin, _length, gap_end, rest = _byte_range(simple.pdf)
    assert (begin, gap_end + rest) == (0, len(simple.pdf))
    signed = [*range(_length), *range(gap_end, gap_end + rest)]
    for place in [*random.Random(1).sample(signed, 1500), 0, 8, _length - 1, gap_end, len(simple.pdf) - 1]:
        changed = bytearray(simple.pdf)
        changed[place] ^= 1 << place % 8
        assert inspection.inspect(bytes(changed), KEYS).seal in {Seal.ALTERED, Seal.NONE}, place


def test_a_change_inside_the_seal_itself_is_told_nearly_everywhere_and_by_its_sum_always(simple: Made) -> None:
    _begin, length, gap_end, _rest = _byte_range(simple.pdf)
    whole = 0
    for place in range(length, gap_end):
        changed = bytearray(simple.pdf)
        changed[place] = ord("1") if changed[place] != ord("1") else ord("2")
        whole += inspection.inspect(bytes(changed), KEYS).seal is Seal.WHOLE
        assert hashlib.sha256(changed).digest() != hashlib.sha256(simple.pdf).digest()
    assert whole < 260  # digits in the container that say nothing about the document: versions, names (RFC 5652, 5.3)


def test_pyhanko_and_we_agree_on_changed_documents(simple: Made) -> None:
    for place in random.Random(2).sample(range(_byte_range(simple.pdf)[1]), 25):
        changed = bytearray(simple.pdf)
        changed[place] ^= 4
        try:
            holds = asyncio.run(_validated(bytes(changed), seal())).bottom_line
        except Exception:  # noqa: BLE001  whatever a reader of PDF says of a spoilt file
            holds = False
        assert not holds


def test_each_kind_of_seal_gets_another_answer(simple: Made, library: Library) -> None:
    other = another_seal()
    foreign = production.make(
        certificate_of(claims_of(library, "Ada Learner")), None, Language.EN, Office(seal=other, public_url=PUBLIC)
    )
    spoilt = bytearray(simple.pdf)
    spoilt[2000] ^= 1
    answers = {
        "whole": simple.pdf,
        "extended": simple.pdf + b"\n% more",
        "altered": bytes(spoilt),
        "foreign": foreign.pdf,
        "none": b"%PDF-1.7 nothing sealed",
    }
    assert {name: inspection.inspect(pdf, KEYS).seal.value for name, pdf in answers.items()} == {
        name: name for name in answers
    }
    assert inspection.inspect(simple.pdf, KEYS).link == f"{PUBLIC}/en/verify/{_code(simple)}#{simple.token}"
    assert inspection.inspect(b"hello", KEYS).seal is Seal.NONE
    assert inspection.inspect(b"", KEYS).seal is Seal.NONE


def test_a_seal_that_names_our_key_without_having_it_is_forged(simple: Made) -> None:
    """A certificate of our own can be copied from any document: what is signed with another key does not fit it."""
    _begin, length, gap_end, _rest = _byte_range(simple.pdf)
    digits = simple.pdf[length + 1 : gap_end - 1]
    held = bytearray(bytes.fromhex(digits.decode()))
    content = bytes(held).rstrip(b"\0")
    held[len(content) - 10] ^= 1  # within the value of the signature, its last part
    forged = simple.pdf[: length + 1] + held.hex().upper().encode() + simple.pdf[gap_end - 1 :]
    assert inspection.inspect(forged, KEYS).seal in {Seal.FORGED, Seal.ALTERED}


def test_without_a_newline_before_the_seal_pdf_a_would_break(simple: Made) -> None:
    assert b"%%EOF\n" in simple.pdf
    assert not re.search(rb"%%EOF\d", simple.pdf)


@pytest.mark.parametrize("name", ["محمد بن سلمان", "王小明", "გიორგი", "שלמה", "अमित"])
def test_a_script_that_the_fonts_lack_is_refused_and_never_drawn_as_boxes(
    name: str, library: Library, office: Office
) -> None:
    assert not documents.is_printable(name)
    with pytest.raises(UnsupportedScript):
        production.make(certificate_of(claims_of(library, name)), None, Language.EN, office)


def test_what_others_than_the_holder_have_written_is_printed_without_what_no_font_has(
    library: Library, office: Office
) -> None:
    """A trainer's picture in the name of a group makes nobody's certificate impossible."""
    claims = claims_of(library, "Ana Luz", group="Lyon 🎉 王 automne", issuer="Ville de Lyon ✈\ufe0f🛫")
    made = production.make(certificate_of(claims), None, Language.FR, office)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made.pdf)).pages)
    assert "Lyon automne" in text
    assert documents.printable("Lyon 🎉 王 automne") == "Lyon automne"


@pytest.mark.parametrize(
    "name",
    [
        *STRANGE_NAMES.values(),
        "Čž Đđ Șș Țț ẞß Øø Łł Ñ Ç ğ İı Ĳ Þþ Ðð Æ Œ",
        "Ἀθηνᾶ",
        "Ѓорѓи Љупчо Ўладзімір",
        "Jose\u0301 Dvor\u030ca\u0301k",
    ],
)
def test_a_name_in_latin_greek_or_cyrillic_letters_is_printable(name: str) -> None:
    assert documents.is_printable(name)


def test_the_same_claims_give_the_same_page(library: Library) -> None:
    """G11: dates are set once, in the document's language."""
    claims = claims_of(library, "Ada Learner")
    checking = documents.Checking(code="A" * 26, address=f"{PUBLIC}/en/verify/A", link=f"{PUBLIC}/en/verify/A#B")
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    pages = {documents.render(claims, checking, speech=words_of(Language.EN), issued_at=moment) for _again in range(3)}
    assert len(pages) == 1


def test_a_demonstration_says_so_on_its_face(library: Library, office: Office) -> None:
    for demonstration in (True, False):
        claims = claims_of(library, "Ada Learner", demonstration=demonstration)
        made = production.make(certificate_of(claims), None, Language.EN, office)
        assert ("Demonstration: not a real certificate" in _text(made.pdf)) is demonstration


def test_the_document_bears_issuer_signatories_logo_and_funding(made: Made) -> None:
    text = " ".join(_text(made.pdf).split())
    for said in (
        "Alba Romero",
        "Jean-Baptiste Vanderstraeten-Lemaître",
        "Bourgmestre",
        "Funded by the European Union.",
    ):
        assert said in text


class Authority(http.server.BaseHTTPRequestHandler):
    """A time-stamp authority on the loopback."""

    answers = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.answers:
            self.send_error(503)
            return
        answer = asyncio.run(_stamper().async_request_tsa_response(tsp.TimeStampReq.load(body))).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def stamping() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Authority) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_with_a_time_stamp_authority_the_seal_is_stamped(library: Library, stamping: str) -> None:
    office = Office(seal=seal(), public_url=PUBLIC, timestamp_url=stamping)
    made = production.make(certificate_of(claims_of(library, "Ada Learner")), None, Language.DE, office)
    status = asyncio.run(_validated(made.pdf, seal()))
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert inspection.inspect(made.pdf, KEYS).seal is Seal.WHOLE


@pytest.mark.parametrize("answers", [True, False])
def test_without_the_stamp_that_is_asked_for_nothing_is_sealed(library: Library, stamping: str, answers: bool) -> None:
    address = "http://127.0.0.1:9" if answers else stamping
    Authority.answers = False
    try:
        with pytest.raises(SealingFailed):
            production.make(
                certificate_of(claims_of(library, "Ada Learner")),
                None,
                Language.DE,
                Office(seal=seal(), public_url=PUBLIC, timestamp_url=address),
            )
    finally:
        Authority.answers = True


@functools.cache
def _stamper() -> DummyTimeStamper:
    """The authority's own pair: the library's authority for tests speaks RSA only."""
    private = rsa.generate_private_key(65537, 2048)
    name = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "Time of Tests")])
    certificate = (
        pyca.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2046, 1, 1, tzinfo=UTC))
        .add_extension(pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(private, hashes.SHA256())
    )
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(
        tsa_cert=x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        tsa_key=asn1_keys.PrivateKeyInfo.load(der),
    )


async def _validated(pdf: bytes, key: SealKey) -> PdfSignatureStatus:
    embedded: EmbeddedPdfSignature = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures[0]
    trusted = x509.Certificate.load(key.certificate.public_bytes(serialization.Encoding.DER))
    roots = [trusted, _stamper().tsa_cert]
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    return await asyncio.to_thread(validate_pdf_signature, embedded, context, context)


def _byte_range(pdf: bytes) -> tuple[int, int, int, int]:
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", pdf)
    assert found
    begin, length, gap_end, rest = (int(one) for one in found.groups())
    return begin, length, gap_end, rest


def _code(made: Made) -> str:
    return tokens.read(made.token, KEYS).code


def _text(pdf: bytes) -> str:
    return str(opened(pdf).pages[0].extract_text())


def _rendered(pdf: bytes, folder: Path, *, dpi: int) -> Image.Image:
    file = folder / "page.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(file), str(folder / "page")], check=True)
    return Image.open(folder / "page-1.png").convert("L")
