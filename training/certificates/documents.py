"""A certificate as a PDF: set by typst from the claims, tagged (PDF/UA-1), made to last (PDF/A-2a)."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType

import segno
import typst

from training.certificates import rules
from training.certificates.rules import Claims
from training.languages import Language
from training.web.words import Speech

TEMPLATE = Path(__file__).parent / "certificate.typ"
NAME_ONLY = b'#set document(title: "-")\n#set text(font: "Inter", lang: "en")\n#sys.inputs.name'
PICTURE_ONLY = (
    b'#set document(title: "-")\n#set text(font: "Inter", lang: "en")\n'
    b'#image(bytes(sys.inputs.logo), height: 13mm, alt: "-")'
)
FONTS = Path(__file__).parent.parent / "fonts"
MODULE = 0.36  # millimetres of a square of the code: what a telephone reads from paper at arm's length
MASK = 3
"""One of the eight masks of ISO/IEC 18004, 7.8: a signed token looks like noise, so that none suits it better."""
MISSING = "could not be displayed with font"
SMALLEST_CODE, LARGEST_CODE = 30, 43  # millimetres


class UnsupportedScript(Exception):
    """The fonts of the document lack a letter of the holder's name."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A logo: SVG as it is, another kind inside one."""

    kind: str
    data: bytes

    @property
    def svg(self) -> str:
        if self.kind == "svg":
            return self.data.decode()
        data = base64.b64encode(self.data).decode()
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="0 0 300 100"><image width="300" height="100" xlink:href="data:image/{self.kind};base64,{data}" '
            'preserveAspectRatio="xMinYMid meet"/></svg>'
        )


@dataclass(frozen=True, kw_only=True)
class Checking:
    """How a certificate is checked: its code, the address that a person can type, the link with the signed claims."""

    code: str
    address: str
    link: str


def render(
    claims: Claims, checking: Checking, *, speech: Speech, issued_at: datetime, logo: Picture | None = None
) -> bytes:
    """Return the PDF of a certificate in the language of `speech`. Raises `UnsupportedScript`.

    The same claims give the same bytes.
    """
    code, size = _code(checking.link)
    inputs = {"qr": code, "qr-size": f"{size:.2f}"}
    if logo is not None:
        inputs["logo"] = logo.svg
    return compiled(TEMPLATE, _words(claims, checking, speech), issued_at, holder=claims.holder, inputs=inputs)


def compiled(
    template: Path,
    words: Mapping[str, object],
    moment: datetime,
    *,
    holder: str,
    inputs: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the document that a template of ours makes of these words.

    What others have written loses the characters that the fonts lack. Raises `UnsupportedScript` for the holder's name.
    """
    source = template.read_bytes()
    try:
        return _compile(source, {"words": json.dumps(words), **inputs}, moment)
    except UnsupportedScript:
        return _compile(source, {"words": json.dumps(_printable_words(words, but=holder)), **inputs}, moment)


def _printable_words(words: object, *, but: str) -> object:
    """Return words of whatever structure, each text printable, but for one that stays as it is."""
    if isinstance(words, str):
        return words if words == but else printable(words)
    if isinstance(words, Mapping):
        return {name: _printable_words(one, but=but) for name, one in words.items()}
    return [_printable_words(one, but=but) for one in words] if isinstance(words, list | tuple) else words


def is_printable(name: str) -> bool:
    """Whether the fonts of the document have every letter of a name."""
    try:
        _compile(NAME_ONLY, {"name": name}, None)
    except UnsupportedScript:
        return False
    return True


def printable(text: str) -> str:
    """Return a text without the characters that the fonts lack."""
    if is_printable(text):
        return text
    return " ".join("".join(character for character in text if is_printable(character)).split())


def is_usable(picture: Picture) -> bool:
    """Whether a document can be made with a picture in it."""
    try:
        _compile(PICTURE_ONLY, {"logo": picture.svg}, None)
    except (typst.TypstError, UnsupportedScript, UnicodeDecodeError):
        return False
    return True


def duration(minutes: int, speech: Speech) -> str:
    """Return a nominal length in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(speech.ngettext("%(num)s hour", "%(num)s hours", hours))
    if rest or not hours:
        parts.append(speech.ngettext("%(num)s minute", "%(num)s minutes", rest))
    return speech.listing(parts)


def in_language(texts: Mapping[Language, str] | Mapping[str, str], language: Language) -> dict[str, str]:
    """Return the text in a language, or in the first in which there is one, with the language that it is in."""
    by_code = {str(code): text for code, text in texts.items() if text}
    found = language.value if language.value in by_code else next(iter(by_code), language.value)
    return {"language": found, "text": by_code.get(found, "")}


def _words(claims: Claims, checking: Checking, speech: Speech) -> dict[str, object]:
    language = speech.language
    document = speech.gettext("Certificate of completion")
    return {
        "language": language.value,
        "title": speech.gettext("%(document)s: %(name)s", document=document, name=claims.holder),
        "platform": speech.gettext("LIAISE Training"),
        "number": claims.number,
        "document": document,
        "subtitle": speech.gettext("All chapters completed"),
        "demonstration": speech.gettext("Demonstration: not a real certificate") if claims.demonstration else "",
        "issuer": claims.issuer,
        "confirms": speech.gettext("%(issuer)s confirms that", issuer=claims.issuer),
        "holder": claims.holder,
        "belonging": belonging(claims, language),
        "completed": speech.gettext("completed all chapters of the course"),
        "course": claims.course_title[language],
        "refreshed": _refreshed(claims, speech),
        "chapters-heading": speech.gettext("Chapters"),
        "chapters": [[chapter.number, chapter.title[language]] for chapter in claims.chapters],
        "facts": _facts(claims, speech),
        "signatories": [
            {"name": one.name, "function": in_language(one.function, language)} for one in claims.signatories
        ],
        "sealed": speech.gettext(
            "This document is sealed electronically; it is valid without a signature by hand. A programme for reading "
            "PDF shows the seal."
        ),
        "check": speech.gettext("Check this certificate"),
        "how": speech.gettext("Scan the code, or open the address and type the letters. You see what holds today."),
        "link": checking.link,
        "address": checking.address.removeprefix("https://").removeprefix("http://"),
        "code": rules.shown_code(checking.code),
        "without": speech.gettext("The code holds these facts, signed: they can be checked without this server too."),
        "qr-alt": speech.gettext("QR code that leads to %(address)s", address=checking.address),
        "claim": speech.gettext(
            "It confirms that the course was completed. It is neither a qualification nor an assessment of competence."
        ),
        "funding": in_language(claims.funding, language) if claims.funding else None,
    }


def belonging(claims: Claims, language: Language) -> str:
    """Return the city or region and the training group, as far as the certificate names them."""
    authority = in_language(claims.authority, language)["text"] if claims.authority else ""
    return " · ".join(part for part in (authority, claims.group) if part)


def _refreshed(claims: Claims, speech: Speech) -> str:
    if claims.refreshed_on is None:
        return ""
    return speech.gettext("and went through it again on %(day)s", day=speech.date(claims.refreshed_on))


def _facts(claims: Claims, speech: Speech) -> list[list[str]]:
    facts = [
        [speech.gettext("Completed on"), speech.date(claims.completed_on)],
        [speech.gettext("Nominal length"), duration(claims.minutes, speech)],
    ]
    if claims.sessions is not None:
        attended, held = claims.sessions
        facts.append(
            [speech.gettext("Sessions"), speech.gettext("%(attended)d of %(held)d", attended=attended, held=held)]
        )
    facts.append([speech.gettext("Issued on"), speech.date(claims.issued_on)])
    facts.append([speech.gettext("Register number"), claims.number])
    return facts


def _code(link: str) -> tuple[str, float]:
    """Return the QR code of a link as SVG, and how wide it is printed in millimetres.

    Before `#` it is text, behind it the token: capitals and digits, which QR packs more densely (ISO/IEC 18004, 7.3.4).
    """
    plain, sign, token = link.partition("#")
    parts = [plain + sign, token] if token else [plain]
    error = "m" if len(token) < 1200 else "l"
    code = segno.make(
        parts,  # type: ignore[arg-type]  # several parts are taken, its types do not say so
        error=error,
        mask=MASK,
        boost_error=False,
        micro=False,
    )
    rows = [bytes(row) for row in code.matrix]
    path = "".join(
        f"M{run.start()} {y}h{len(run.group())}v1h-{len(run.group())}z"
        for y, row in enumerate(rows)
        for run in re.finditer(b"\1+", row)
    )
    side = len(rows)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#0f223b" d="{path}"/></svg>'
    )
    return svg, min(max(side * MODULE, SMALLEST_CODE), LARGEST_CODE)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _compile(template: bytes, inputs: dict[str, str], moment: datetime | None) -> bytes:
    compiler = typst.Compiler(template, root=str(TEMPLATE.parent), font_paths=_fonts(), sys_inputs=inputs)
    try:
        made = compiler.compile(
            format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=int(moment.timestamp()) if moment else None
        )
    except typst.TypstError as error:
        if MISSING in error.message:
            raise UnsupportedScript(error.message) from error
        raise
    if not isinstance(made, bytes):
        raise TypeError("typst has made something else than one document")
    return made
