"""The holder's certificates, and the check by a stranger."""

from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from training.access import Permission
from training.certificates import documents, queries, rules
from training.certificates.accessors import reason_word
from training.certificates.downloads import pdf_response
from training.certificates.rules import Claims
from training.languages import OWN_NAMES, Language
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import reading
from training.web.words import language, speech

pages = Pages("certificates", __name__)


@pages.page("/verify/", allow=Allow.EVERYONE)
def verify() -> AnyResponse | str:
    typed = rules.code_key(request.args.get("code", ""))
    if typed:
        return redirect(url_for("certificates.verified", code=typed))
    return render_template("certificates/verify.html")


@pages.page("/verify/<code>", allow=Allow.EVERYONE)
def verified(code: str) -> str | tuple[str, int]:
    found = queries.by_code(reading(), code)
    if found is None:
        return render_template("certificates/unknown.html", code=code), 404
    claims = Claims.model_validate(found.claims)
    return render_template(
        "certificates/verified.html",
        certificate=found,
        claims=claims,
        state=rules.state(found.revoked_at),
        reason=reason_word(found.revoked_reason) if found.revoked_reason else "",
        duration=documents.duration(claims.minutes, speech()),
        code=rules.shown_code(found.code),
    )


@pages.page("/account/certificates", allow=Permission.LEARN)
def own() -> str:
    held = queries.of_person(reading(), visitor.actor().person_id)
    return render_template(
        "certificates/own.html",
        held=[(one, Claims.model_validate(one.claims)) for one in held],
        languages=list(Language),
        own_names=OWN_NAMES,
    )


@pages.page("/account/certificates/<uuid:certificate_id>.pdf", allow=Permission.LEARN)
def own_pdf(certificate_id: UUID) -> Response:
    held = queries.of_person(reading(), visitor.actor().person_id)
    found = next((one for one in held if one.id == certificate_id), None)
    if found is None:
        abort(404)
    return pdf_response(found, language())
