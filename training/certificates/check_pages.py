"""Checking a certificate: for strangers, with nothing but what they hold. These pages read and change nothing.

By the code, by the document, by the link of the QR code; and without this server, with a file to take along. Whoever
holds nothing learns nothing: a code has 128 random bits, and no list leads to one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from training.certificates import documents, inspection, keyring, publication, queries, rules, tokens, verifier
from training.certificates.accessors import (
    Verdict,
    verdict_on,
    verdict_on_distrusted,
    verdict_on_refused,
    verdict_on_seal,
    verdict_on_signed,
)
from training.certificates.downloads import attachment, office
from training.certificates.forms import DocumentForm, ProofForm
from training.certificates.inspection import Seal
from training.certificates.models import Certificate
from training.certificates.rules import Claims
from training.certificates.tokens import Proof, TokenRefused
from training.web.guard import Allow, Pages
from training.web.requests import now, reading
from training.web.words import _, language, speech

pages = Pages("checking", __name__)
bare = Pages("checking_bare", __name__, bare=True)

MINUTES_KEPT = 5


@pages.page("/verify/", allow=Allow.EVERYONE)
def verify() -> AnyResponse | str:
    typed = rules.code_key(request.args.get("code", ""))
    if typed:
        return redirect(url_for("checking.verified", code=typed))
    return _start(DocumentForm(None), ProofForm(None))


@pages.page("/verify/<code>", allow=Allow.EVERYONE)
def verified(code: str) -> str | tuple[str, int]:
    found = queries.by_code(reading(), code)
    if found is None:
        return render_template("certificates/unknown.html", code=code[:60]), 404
    return _answer([], found, None)


@pages.page("/verify/document", allow=Allow.EVERYONE, methods=("POST",))
def document() -> str | tuple[str, int]:
    form = DocumentForm()
    if not form.validate():
        return _start(form, ProofForm(None)), 422
    pdf = form.document.data.read()
    kept = queries.by_document(reading(), hashlib.sha256(pdf).hexdigest())
    if kept is not None:
        whole = Verdict(
            kind="valid", icon="circle-check", title=_("This is the sealed document, byte for byte as it was issued")
        )
        return _answer([whole], kept, None)
    keys = keyring.public_keys(reading())
    seal = inspection.inspect(pdf, keys)
    if seal.seal not in {Seal.WHOLE, Seal.EXTENDED}:
        return _answer([verdict_on_seal(seal.seal, speech())], None, None)
    distrusted = keyring.distrusted_since(reading(), seal.kid)
    verdict = verdict_on_distrusted(distrusted, speech()) if distrusted else verdict_on_seal(seal.seal, speech())
    return _answer([verdict], *_by_link(seal.link))


@pages.page("/verify/proof", allow=Allow.EVERYONE, methods=("POST",))
def proof() -> str | tuple[str, int]:
    form = ProofForm()
    if not form.validate():
        return _start(DocumentForm(None), form), 422
    try:
        said = tokens.read(tokens.find(form.proof.data) or "", keyring.public_keys(reading()))
    except TokenRefused as refused:
        return _answer([verdict_on_refused(refused.why, speech())], None, None)
    signed = verdict_on_signed(keyring.distrusted_since(reading(), said.kid), speech())
    return _answer([signed], queries.by_code(reading(), said.code), said)


@pages.page("/verify/offline.html", allow=Allow.EVERYONE)
def offline() -> Response:
    """Give the checking page to take along: an attachment, which never runs in our name."""
    status = publication.status_list(reading(), office(), now=now())
    keys = publication.published_keys(reading(), office(), now=now())
    page = verifier.page(office(), status, keys, language(), now=now())
    response = attachment(page.html.encode(), "text/html; charset=utf-8", page.name)
    response.headers["Content-Security-Policy"] = page.policy + "; sandbox"
    return response


@bare.page("/.well-known/did.json", allow=Allow.EVERYONE)
def did() -> Response:
    return _public(jsonify(publication.did_document(reading(), office())), "application/did+json")


@bare.page("/.well-known/certificate-status.json", allow=Allow.EVERYONE)
def status() -> Response:
    return _public(jsonify(status=publication.status_list(reading(), office(), now=now())), "application/json")


@bare.page("/.well-known/badge-status.json", allow=Allow.EVERYONE)
def badge_status() -> Response:
    return _public(jsonify(publication.badge_status(reading(), office(), now=now())), "application/vc+ld+json")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a certificate says, as it is shown to whoever checks it: from the register, or from the signed link."""

    holder: str
    course: str
    chapters: Sequence[str]
    pairs: Sequence[tuple[str, str]]
    demonstration: bool


def _start(document_form: DocumentForm, proof_form: ProofForm) -> str:
    return render_template("certificates/verify.html", document_form=document_form, proof_form=proof_form)


def _answer(first: Sequence[Verdict], found: Certificate | None, proof: Proof | None) -> str:
    """Answer with what was found on what was handed in, then what the register says, then the claims."""
    verdicts = list(first)
    shown = None
    if found is not None:
        claims = Claims.model_validate(found.claims)
        verdicts.append(verdict_on(found, claims, now(), speech(), newer=queries.replaced_by(reading(), found)))
        shown = _from_register(claims, found.code)
    if proof is not None and (shown is None or not shown.holder):
        shown = _from_proof(proof)
    return render_template(
        "certificates/verified.html",
        verdicts=verdicts,
        shown=shown,
        erased=found is not None and found.erased_at is not None and proof is None,
        unknown=proof is not None and found is None,
        proof_form=ProofForm(None),
    )


def _by_link(link: str) -> tuple[Certificate | None, Proof | None]:
    """Return the certificate of a link that was sealed with its document, and what its token says."""
    try:
        said = tokens.read(tokens.find(link) or "", keyring.public_keys(reading()))
    except TokenRefused:
        return None, None
    return queries.by_code(reading(), said.code), said


def _from_register(claims: Claims, code: str) -> Shown:
    worded = speech()
    where = documents.belonging(claims, worded.language)
    optional = [(_("City or region, group"), where)] if where else []
    if claims.refreshed_on:
        optional.append((_("Gone through again on"), worded.date(claims.refreshed_on)))
    if claims.sessions:
        attended, held = claims.sessions
        optional.append((_("Sessions"), _("%(attended)d of %(held)d", attended=attended, held=held)))
    return Shown(
        holder=claims.holder,
        course=claims.course_title[worded.language],
        chapters=[f"{chapter.number}. {chapter.title[worded.language]}" for chapter in claims.chapters],
        pairs=[
            (_("Completed on"), worded.date(claims.completed_on)),
            (_("Nominal length"), documents.duration(claims.minutes, worded)),
            *optional,
            (_("Issued on"), worded.date(claims.issued_on)),
            (_("Issuer"), claims.issuer),
            (_("Register number"), claims.number),
            (_("Code"), rules.shown_code(code)),
        ],
        demonstration=claims.demonstration,
    )


def _from_proof(proof: Proof) -> Shown:
    worded = speech()
    where = " · ".join(part for part in (proof.authority, proof.group) if part)
    return Shown(
        holder=proof.holder,
        course=proof.course,
        chapters=[],
        pairs=[
            (_("Completed on"), worded.date(proof.completed_on)),
            (_("Nominal length"), documents.duration(proof.minutes, worded)),
            *([(_("City or region, group"), where)] if where else []),
            (_("Issued on"), worded.date(proof.issued_on)),
            (_("Issuer"), proof.issuer),
            (_("Register number"), proof.number),
            (_("Code"), rules.shown_code(proof.code)),
        ],
        demonstration=proof.demonstration,
    )


def _public(response: Response, mimetype: str) -> Response:
    """Let anybody read it, from any page, and keep it for a few minutes."""
    response.mimetype = mimetype
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={MINUTES_KEPT * 60}"
    return response
