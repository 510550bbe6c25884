"""The documents of a certificate as answers: their kept bytes, or made now and kept."""

from flask import Response, abort, current_app

from training.certificates import actions, badges, production, queries
from training.certificates.documents import UnsupportedScript
from training.certificates.models import Certificate
from training.certificates.office import Office
from training.certificates.rules import Claims
from training.certificates.seals import SealingFailed
from training.languages import Language
from training.web.requests import now, reading, writing


def office() -> Office:
    """Return what the installation brings to its certificates."""
    found: Office = current_app.extensions["training.office"]
    return found


def pdf_response(certificate: Certificate, wanted: Language) -> Response:
    """Return the document in a language: its kept bytes, made and sealed now if nobody has asked for them before.

    404 for the certificate of somebody erased, 503 when the time-stamp authority does not answer.
    """
    pdf = queries.kept_pdf(reading(), certificate.id, wanted)
    if pdf is None:
        pdf = _made(certificate, wanted)
    number = Claims.model_validate(certificate.claims).number
    return attachment(pdf, "application/pdf", f"{number}-{wanted.value}.pdf")


def badge_response(certificate: Certificate) -> Response:
    """Return the Open Badges credential: its kept bytes, or made now and kept."""
    badge = queries.kept_badge(reading(), certificate.id)
    if badge is None:
        made = badges.make(certificate, office(), now=now())
        try:
            with writing() as session:
                badge = actions.keep_badge(session, certificate.id, made, seal=office().seal, now=now())
        except actions.NoSuchCertificate:
            abort(404)
    number = Claims.model_validate(certificate.claims).number
    return attachment(badge, "application/vc+ld+json", f"{number}-badge.json")


def attachment(body: bytes, mimetype: str, name: str) -> Response:
    """Return a file to be kept, never shown within a page of ours."""
    response = Response(body, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _made(certificate: Certificate, wanted: Language) -> bytes:
    logo = queries.logo(reading(), Claims.model_validate(certificate.claims).logo)
    if certificate.erased_at is not None:
        abort(404)
    try:
        made = production.make(certificate, logo, wanted, office())
        with writing() as session:
            return actions.keep_pdf(
                session, certificate.id, wanted, made.pdf, made.token, seal=office().seal, now=now()
            )
    except actions.NoSuchCertificate:
        abort(404)
    except UnsupportedScript:
        abort(422)
    except SealingFailed:
        abort(503)
