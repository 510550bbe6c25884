"""Issuing and revoking, for administrators, within their scope."""

from datetime import datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from training.access import Permission
from training.certificates import actions, documents, queries, rules
from training.certificates.accessors import reason_word
from training.certificates.downloads import pdf_response
from training.certificates.forms import RevokeForm
from training.certificates.models import Certificate
from training.certificates.rules import Claims, RevocationReason
from training.courses.accessors import PROGRAMME, course_or_404
from training.languages import OWN_NAMES, Language
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import now, reading, settings, writing
from training.web.words import language, ngettext, speech

pages = Pages("certificates_admin", __name__)


@pages.page("/admin/certificates/", allow=Permission.ISSUE_CERTIFICATES)
def queue() -> str:
    people, more = queries.eligible_page(
        reading(), visitor.actor(), PROGRAMME, after=_place(request.args.get("after", ""))
    )
    following = f"{people[-1].completed_at.isoformat()}|{people[-1].person_id}" if more else None
    return render_template(
        "certificates/admin_queue.html", people=people, following=following, authority_name=_authority_name
    )


@pages.page("/admin/certificates/issue", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def issue() -> AnyResponse:
    try:
        chosen = [UUID(identity) for identity in request.form.getlist("person")]
    except ValueError:
        abort(422)
    if not chosen or len(chosen) > queries.PAGE:
        abort(422)
    course = course_or_404(PROGRAMME)
    issued = 0
    for person_id in chosen:
        try:
            with writing() as session:
                actions.issue(session, visitor.actor(), person_id, course, issuer=settings().issuer, now=now())
            issued += 1
        except actions.NotEligible:
            continue  # somebody else issued it a moment ago, or it was never this administrator's to issue
    flash(
        ngettext("One certificate is issued.", "%(num)d certificates are issued.", issued),
        "success" if issued else "info",
    )
    return redirect(url_for("certificates_admin.register"))


@pages.page("/admin/certificates/register", allow=Permission.ISSUE_CERTIFICATES)
def register() -> str:
    held, more = queries.register_page(reading(), visitor.actor(), before=request.args.get("before", type=int))
    return render_template(
        "certificates/admin_register.html",
        held=[(one, Claims.model_validate(one.claims)) for one in held],
        following=held[-1].number if more else None,
    )


@pages.page("/admin/certificates/<uuid:certificate_id>", allow=Permission.ISSUE_CERTIFICATES)
def certificate(certificate_id: UUID) -> str:
    form = RevokeForm(None)
    form.offer()
    return _page(_within(certificate_id), form)


@pages.page("/admin/certificates/<uuid:certificate_id>/revoke", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def revoke(certificate_id: UUID) -> AnyResponse | tuple[str, int]:
    form = RevokeForm()
    form.offer()
    if not form.validate():
        return _page(_within(certificate_id), form), 422
    try:
        with writing() as session:
            actions.revoke(session, visitor.actor(), certificate_id, RevocationReason(form.reason.data), now=now())
    except actions.NoSuchCertificate:
        abort(404)
    return redirect(url_for("certificates_admin.certificate", certificate_id=certificate_id))


@pages.page(
    "/admin/certificates/<uuid:certificate_id>/<any(en, fr, es, it, de):document>.pdf",
    allow=Permission.ISSUE_CERTIFICATES,
)
def pdf(certificate_id: UUID, document: str) -> Response:
    return pdf_response(_within(certificate_id), Language(document))


def _within(certificate_id: UUID) -> Certificate:
    found = reading().scalar(queries.within(visitor.actor()).where(Certificate.id == certificate_id))
    if found is None:
        abort(404)
    return found


def _page(found: Certificate, form: RevokeForm) -> str:
    claims = Claims.model_validate(found.claims)
    return render_template(
        "certificates/admin_certificate.html",
        certificate=found,
        claims=claims,
        state=rules.state(found.revoked_at),
        reason=reason_word(found.revoked_reason) if found.revoked_reason else "",
        duration=documents.duration(claims.minutes, speech()),
        code=rules.shown_code(found.code),
        form=form,
        languages=list(Language),
        own_names=OWN_NAMES,
        verify_link=settings().public_url + url_for("certificates.verified", code=found.code),
    )


def _authority_name(names: dict[str, str]) -> str:
    return names.get(language().value) or names[Language.EN.value]


def _place(text: str) -> tuple[datetime, UUID] | None:
    """Return the place in the queue after which a page begins; a broken one begins at the beginning."""
    moment, _bar, identity = text.partition("|")
    try:
        place = datetime.fromisoformat(moment), UUID(identity)
    except ValueError:
        return None
    return place if place[0].tzinfo else None
