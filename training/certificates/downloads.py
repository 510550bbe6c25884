"""The PDF of a certificate as an answer: its kept bytes, or made now and kept."""

from flask import Response, url_for
from sqlalchemy.orm import Session

from training.certificates import actions, documents, queries
from training.certificates.models import Certificate
from training.certificates.rules import Claims
from training.languages import Language
from training.web.requests import now, reading, settings, writing
from training.web.words import Speech


def pdf_response(certificate: Certificate, wanted: Language) -> Response:
    """Return the document in a language: its kept bytes, made now if nobody has asked for them before."""
    pdf = queries.kept_pdf(reading(), certificate.id, wanted.value)
    if pdf is None:
        made = _make(certificate, wanted)
        with writing() as session:
            actions.keep_pdf(session, certificate.id, wanted, made, now=now())
            pdf = _kept(session, certificate, wanted)
    response = Response(pdf, mimetype="application/pdf")
    number = Claims.model_validate(certificate.claims).number
    response.headers.set("Content-Disposition", "attachment", filename=f"{number}-{wanted.value}.pdf")
    return response


def _make(certificate: Certificate, wanted: Language) -> bytes:
    address = settings().public_url + url_for("certificates.verified", code=certificate.code, language=wanted)
    return documents.render(
        Claims.model_validate(certificate.claims),
        code=certificate.code,
        address=address,
        speech=Speech(wanted, actions.ISSUER_ZONE),
        issued_at=certificate.issued_at,
    )


def _kept(session: Session, certificate: Certificate, wanted: Language) -> bytes:
    """Return the bytes that are kept: another request may have kept its own a moment before."""
    pdf = queries.kept_pdf(session, certificate.id, wanted.value)
    if pdf is None:
        raise LookupError("the document was kept just now")
    return pdf
