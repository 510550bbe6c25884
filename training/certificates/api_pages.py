"""The register for other systems: read with a token, as JSON, a page at a time. Holders can read who read."""

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, request, url_for

from training.audit.looks import note_reading
from training.certificates import register_tokens, rules
from training.certificates.accessors import state_of
from training.certificates.downloads import office
from training.certificates.models import Certificate, RegisterToken
from training.certificates.rules import Claims
from training.web.guard import Allow, Pages
from training.web.requests import asked_number, now, reading, settings

bare = Pages("register_api", __name__, bare=True)

PAGE = 200


@bare.page("/api/certificates", allow=Allow.EVERYONE)
def certificates() -> Response:
    """Give a page of the register, in the order of numbers: those behind `after`, the number last seen."""
    token = _shown_token()
    if token is None:
        return _refused()
    after = asked_number("after") or 0
    lines = register_tokens.register_of(token).where(Certificate.number > after).order_by(Certificate.number)
    rows = reading().scalars(lines.limit(PAGE + 1)).all()
    following = rows[PAGE - 1].number if len(rows) > PAGE else None
    _note(token, rows[:PAGE])
    more = settings().public_url + url_for("register_api.certificates", after=following) if following else None
    return _private(jsonify(certificates=[_entry(one) for one in rows[:PAGE]], next=more))


@bare.page("/api/certificates/<int:number>", allow=Allow.EVERYONE)
def certificate(number: int) -> Response:
    """Give one entry of the register."""
    token = _shown_token()
    if token is None:
        return _refused()
    found = reading().scalar(register_tokens.register_of(token).where(Certificate.number == number))
    if found is None:
        response = jsonify(error="not-found")
        response.status_code = 404
        return response
    _note(token, [found])
    return _private(jsonify(_entry(found)))


def _shown_token() -> RegisterToken | None:
    kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    return register_tokens.token_of(reading(), secret.strip()) if kind.lower() == "bearer" else None


def _note(token: RegisterToken, shown: Sequence[Certificate]) -> None:
    if shown:
        note_reading(token.id, token.authority_id, first=shown[0].number, last=shown[-1].number)


def _refused() -> Response:
    response = jsonify(error="unauthorised", message="Send Authorization: Bearer and a token that was not revoked.")
    response.status_code = 401
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _entry(certificate: Certificate) -> dict[str, Any]:
    claims = Claims.model_validate(certificate.claims)
    ended = certificate.revoked_at or certificate.replaced_at
    return {
        "number": certificate.number,
        "register_number": claims.number,
        "holder": claims.holder or None,
        "course": claims.course,
        "rule_version": claims.rule_version,
        "minutes": claims.minutes,
        "completed_on": claims.completed_on.isoformat(),
        "issued_on": claims.issued_on.isoformat(),
        "issuer": claims.issuer,
        "group": claims.group,
        "language": claims.language.value,
        "state": state_of(certificate, now()).value,
        "ended_at": ended.isoformat() if ended else None,
        "reason": certificate.revoked_reason or certificate.replaced_reason,
        "refresher_on": claims.refresher_on.isoformat() if claims.refresher_on else None,
        "erased": certificate.erased_at is not None,
        "key_id": certificate.key_id,
        "address": rules.verify_address(office().public_url, claims.language, certificate.code),
    }
