"""A certificate as a PDF: set by typst from the claims, tagged (PDF/UA-1), made to last (PDF/A-2a)."""

import json
from datetime import datetime
from pathlib import Path

import segno
import typst

from training.certificates.rules import Claims, shown_code
from training.languages import Language
from training.web.words import Speech

TEMPLATE = Path(__file__).parent / "certificate.typ"
FONTS = Path(__file__).parent.parent / "fonts"


class UnsupportedScript(Exception):
    """The fonts of the document lack a letter of the holder's name."""


def render(claims: Claims, *, code: str, address: str, speech: Speech, issued_at: datetime) -> bytes:
    """Return the PDF of a certificate in the language of `speech`. Raises `UnsupportedScript`.

    `address` is where a stranger checks it. The same claims give the same bytes.
    """
    language = speech.language
    words = {
        "language": language.value,
        "document": speech.gettext("Certificate of completion"),
        "subtitle": speech.gettext("All chapters completed"),
        "issuer": claims.issuer,
        "confirms": speech.gettext("This confirms that"),
        "holder": claims.holder,
        "authority": _authority(claims, language),
        "completed": speech.gettext("completed all chapters of the course"),
        "course": claims.course_title[language],
        "chapters-heading": speech.gettext("Chapters"),
        "chapters": [f"{chapter.number}. {chapter.title[language]}" for chapter in claims.chapters],
        "facts": [
            [speech.gettext("Completed on"), speech.date(claims.completed_on)],
            [speech.gettext("Nominal length"), duration(claims.minutes, speech)],
            [speech.gettext("Issued on"), speech.date(claims.issued_on)],
            [speech.gettext("Register number"), claims.number],
        ],
        "check": speech.gettext("Check this certificate"),
        "how": speech.gettext("Scan the code or open the address. It says whether the certificate is valid today."),
        "address": address,
        "code": shown_code(code),
        "qr-alt": speech.gettext("QR code that leads to %(address)s", address=address),
        "claim": speech.gettext(
            "It confirms that the course was completed. It is neither a qualification nor an assessment of competence."
        ),
    }
    qr = segno.make(address, error="m")
    try:
        pdf: bytes = typst.compile(
            str(TEMPLATE),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"words": json.dumps(words), "qr": json.dumps([list(row) for row in qr.matrix])},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(issued_at.timestamp()),
        )
    except typst.TypstError as error:
        raise UnsupportedScript from error
    return pdf


def duration(minutes: int, speech: Speech) -> str:
    """Return a nominal length in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(speech.ngettext("%(num)s hour", "%(num)s hours", hours))
    if rest or not hours:
        parts.append(speech.ngettext("%(num)s minute", "%(num)s minutes", rest))
    return speech.listing(parts)


def _authority(claims: Claims, language: Language) -> str:
    if claims.authority is None:
        return ""
    return claims.authority.get(language.value) or claims.authority[Language.EN.value]
