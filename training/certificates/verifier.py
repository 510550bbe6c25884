"""The page that checks certificates without a server: one file, with the public keys and the dated list of its day.

It holds no secret and contacts nobody: its own policy allows its one script by the script's sum, and no address.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import escape

from training.certificates.accessors import reason_word
from training.certificates.office import Office
from training.certificates.rules import ReplacementReason, RevocationReason
from training.certificates.snapshots import ISSUER_ZONE
from training.languages import OWN_NAMES, Language
from training.web.words import Speech

FOLDER = Path(__file__).parent / "verifier_page"


@dataclass(frozen=True, kw_only=True)
class VerifierPage:
    """The page, the policy under which it runs, and the name under which it is kept."""

    html: str
    policy: str
    name: str


def page(
    office: Office, status: str, keys: Sequence[Mapping[str, str]], language: Language, *, now: datetime
) -> VerifierPage:
    """Return the page of an installation, in five languages, opening in one."""
    script, style = _file("verifier.js"), _file("verifier.css")
    policy = (
        f"default-src 'none'; script-src '{_sum(script)}'; style-src '{_sum(style)}'; base-uri 'none'; "
        "form-action 'none'"
    )
    host = urlsplit(office.public_url).netloc
    data = {
        "issuer": office.did,
        "host": host,
        "keys": list(keys),
        "status": status,
        "language": language.value,
        "words": {code.value: _words(Speech(code, ISSUER_ZONE)) for code in Language},
    }
    words = _words(Speech(language, ISSUER_ZONE))
    options = "".join(
        f'<option value="{code.value}" lang="{code.value}">{escape(name)}</option>' for code, name in OWN_NAMES.items()
    )
    filled = {
        "language": language.value,
        "policy": policy,
        "title": escape(words["title"]),
        "noscript": escape(words["no-script"]),
        "options": options,
        "style": style,
        "script": script,
        "data": json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
    }
    html = _file("verifier.html")
    for name in ("language", "policy", "title", "noscript", "options", "style", "data", "script"):
        html = html.replace("{" + name + "}", str(filled[name]))
    return VerifierPage(html=html, policy=policy, name=f"{words['file']}-{now.date().isoformat()}.html")


@cache
def _file(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _sum(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _words(speech: Speech) -> Mapping[str, str]:
    reasons = {
        f"reason-{reason.value}": reason_word(reason, speech) for reason in (*RevocationReason, *ReplacementReason)
    }
    return {**_page_words(speech), **_claim_words(speech), **_verdict_words(speech), **_seal_words(speech), **reasons}


def _page_words(speech: Speech) -> Mapping[str, str]:
    said = speech.gettext
    return {
        "file": said("check-certificates"),
        "title": said("Check a certificate without the server"),
        "lead": said(
            "This file carries all that is needed. It contacts nobody, and works from a memory stick, even when the "
            "platform is gone."
        ),
        "no-script": said("This page needs JavaScript: it computes signatures."),
        "text-label": said("The link that the QR code shows, or the code on the certificate"),
        "check": said("Check it"),
        "file-label": said("Or the certificate as a PDF: choose it or drop it here"),
        "list-summary": said("Keys and list"),
        "about": said(
            "Of %(host)s. List of certificates that do not hold any more: of %(list)s.",
            host="%(host)s",
            list="%(list)s",
        ),
        "key-since": said("key since %(from)s", **{"from": "%(from)s"}),
        "key-until": said("key from %(from)s to %(to)s", **{"from": "%(from)s", "to": "%(to)s"}),
        "list-label": said("A newer list: the content of /.well-known/certificate-status.json"),
        "list-take": said("Take this list"),
        "list-taken": said("The newer list is taken"),
        "list-taken-text": said("It is of %(list)s and signed by the installation.", list="%(list)s"),
        "list-older": said("This list is older than the one that is here"),
        "list-older-text": said("It is of %(list)s. Nothing was changed.", list="%(list)s"),
        "list-refused": said("This list is not taken"),
        "list-refused-text": said("It is not signed with a key of the installation, or not complete."),
        "no-crypto": said("This browser cannot check signatures here"),
        "no-crypto-text": said("Please open the file in a recent Firefox, Chrome, Edge or Safari."),
    }


def _claim_words(speech: Speech) -> Mapping[str, str]:
    said = speech.gettext
    return {
        "demonstration": said("Demonstration: not a real certificate"),
        "certificate": said("Certificate of completion"),
        "completed": said("completed all chapters of the course"),
        "completed-on": said("Completed on"),
        "length": said("Nominal length"),
        "hours-minutes": said("%(hours)s h %(minutes)s min", hours="%(hours)s", minutes="%(minutes)s"),
        "chapters": said("Chapters"),
        "where": said("City or region, group"),
        "issued-on": said("Issued on"),
        "issuer": said("Issuer"),
        "number": said("Register number"),
        "code": said("Code"),
    }


def _verdict_words(speech: Speech) -> Mapping[str, str]:
    said = speech.gettext
    day, listed, reason = {"day": "%(day)s"}, {"list": "%(list)s"}, {"reason": "%(reason)s"}
    return {
        "valid": said("The certificate is genuine"),
        "valid-text": said("It is signed by the installation, and was not withdrawn up to %(list)s.", **listed),
        "refresher": said("A refresher is advised"),
        "refresher-text": said("Going through the course again has been advised since %(day)s.", **day),
        "replaced": said("The certificate was replaced on %(day)s", **day),
        "replaced-text": said("Reason: %(reason)s. A newer one has taken its place: ask the holder for it.", **reason),
        "revoked": said("The certificate was revoked on %(day)s", **day),
        "revoked-text": said("Reason: %(reason)s. It has not been valid since that day.", **reason),
        "altered": said("The link was changed or copied incompletely"),
        "altered-text": said("Scan the code again and copy the whole link. If that does not help, do not rely on it."),
        "forged": said("The certificate is forged"),
        "forged-text": said("It names a key of the installation, and this key has not signed it. Do not rely on it."),
        "unknown-key": said("Signed with a key that this file does not know"),
        "unknown-key-text": said(
            "It is of another installation or newer than this file. Fetch the checking page of the address in the link."
        ),
        "old-key": said("Signed with an earlier key"),
        "old-key-text": said("The installation used this key until %(day)s. What it signed holds.", **day),
        "distrusted": said("The key of this certificate is not trusted any more"),
        "distrusted-text": said("It may have been in wrong hands since %(day)s. Ask the issuer.", **day),
        "stale": said("The list is old"),
        "stale-text": said(
            "It is of %(list)s. Whether the certificate was withdrawn later cannot be seen here: fetch a newer list if "
            "the platform still exists.",
            **listed,
        ),
        "unreadable": said("This holds nothing that can be checked"),
        "unreadable-text": said(
            "Copy the whole link that the QR code shows, type the 26 letters and digits, or take the PDF."
        ),
        "code-only": said("The code alone proves nothing without the server"),
        "code-only-text": said(
            "It is not among those withdrawn up to %(list)s. Scan the QR code or take the PDF: they hold signed facts.",
            **listed,
        ),
    }


def _seal_words(speech: Speech) -> Mapping[str, str]:
    said = speech.gettext
    return {
        "pdf-whole": said("The document is sealed and unchanged"),
        "pdf-whole-text": said("The seal of the installation fits every byte."),
        "pdf-extended": said("Something was added to the document after it was sealed"),
        "pdf-extended-text": said("What was sealed is unchanged; what was added is not by the installation."),
        "pdf-altered": said("The document was changed after it was sealed"),
        "pdf-altered-text": said("Do not rely on it."),
        "pdf-forged": said("The seal of the document is forged"),
        "pdf-forged-text": said("It names a key of the installation, and this key has not made it. Do not rely on it."),
        "pdf-foreign": said("The document is sealed by somebody else"),
        "pdf-foreign-text": said("It bears no seal of a key that this file knows."),
        "pdf-none": said("The document bears no seal"),
        "pdf-none-text": said("Perhaps it was printed and scanned, or saved anew. Scan the QR code on it instead."),
    }
