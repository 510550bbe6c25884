"""The register, for administrators, within their scope: looked at, taken along, revoked and replaced in."""

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Select, func
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from training.access import Permission
from training.audit.actions import record
from training.audit.looks import note_look
from training.audit.rules import REGISTER, Event
from training.certificates import actions, archives, batches, documents, evidence, letters, queries, registers, rules
from training.certificates.accessors import reason_word, state_of, state_word, verdict_on
from training.certificates.archives import ALL_LANGUAGES, OWN_LANGUAGE, Wanted
from training.certificates.downloads import attachment, office, pdf_response
from training.certificates.forms import RefresherForm, RevokeForm
from training.certificates.models import Certificate
from training.certificates.rules import Claims, RevocationReason, State
from training.certificates.seals import SealingFailed
from training.certificates.snapshots import ISSUER_ZONE, issuer_day
from training.languages import OWN_NAMES, Language
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import asked_number, database, now, reading, settings, writing
from training.web.spreadsheets import as_csv, as_xlsx
from training.web.words import Speech, _, language, speech

pages = Pages("certificates_register", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.page("/admin/certificates/register", allow=Permission.ISSUE_CERTIFICATES)
def register() -> str:
    held, more = queries.register_page(reading(), visitor.actor(), before=asked_number("before"))
    note_look(Event.REGISTER_LOOKED_AT, [one.person_id for one in held])
    lines = []
    for one in held:
        state = state_of(one, now())
        lines.append((one, Claims.model_validate(one.claims), state, state_word(state, speech())))
    return render_template(
        "certificates/admin_register.html",
        held=lines,
        following=held[-1].number if more else None,
        languages=list(Language),
        own_names=OWN_NAMES,
    )


@pages.page("/admin/certificates/register/export", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def export() -> Response:
    """Give the register within the administrator's scope as a table in the language of the page."""
    form = request.form.get("form", "csv")
    if form not in {"csv", "xlsx"}:
        abort(422)
    found = reading().scalars(_within().order_by(Certificate.number)).all()
    headings, rows = registers.table(found, office().public_url, now(), speech())
    with writing() as session:
        _note(session, Event.REGISTER_EXPORTED, _within())
    if form == "csv":
        return attachment(as_csv(headings, rows, language()), "text/csv; charset=utf-8", "register.csv")
    return attachment(as_xlsx(_("Register"), headings, rows), XLSX, "register.xlsx")


@pages.page("/admin/certificates/register/documents", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def take_documents() -> Response:
    """Give the documents of all standing certificates within the scope, or of a batch, as one archive."""
    wanted_language = request.form.get("documents", OWN_LANGUAGE)
    if wanted_language not in {OWN_LANGUAGE, ALL_LANGUAGES, *Language}:
        abort(422)
    lines = _within().where(
        Certificate.revoked_at.is_(None), Certificate.replaced_at.is_(None), Certificate.erased_at.is_(None)
    )
    batch = request.form.get("batch", "")
    if batch:
        lines = lines.where(Certificate.id.in_(batches.certificates_of(_identifier(batch))))
    with writing() as session:
        _note(session, Event.CERTIFICATES_TAKEN_AWAY, lines, subject=batch and str(_identifier(batch)))
    pieces = archives.stream(database(), office(), Wanted(lines, wanted_language), speech(), now=now())
    response = Response(pieces, mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename="certificates.zip")
    return response


@pages.page("/admin/certificates/<uuid:certificate_id>", allow=Permission.ISSUE_CERTIFICATES)
def certificate(certificate_id: UUID) -> str:
    return _page(_one(certificate_id))


@pages.page("/admin/certificates/<uuid:certificate_id>/revoke", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def revoke(certificate_id: UUID) -> AnyResponse | tuple[str, int]:
    form = RevokeForm()
    form.offer()
    if not form.validate():
        return _page(_one(certificate_id), revoke_form=form), 422
    try:
        with writing() as session:
            found = actions.revoke(
                session, visitor.actor(), certificate_id, RevocationReason(form.reason.data), now=now()
            )
            letters.tell_revoked(
                session, found, office(), reason=_reason_of(found), contact=settings().contact, now=now()
            )
    except actions.NoSuchCertificate:
        abort(404)
    return redirect(url_for("certificates_register.certificate", certificate_id=certificate_id))


@pages.page("/admin/certificates/<uuid:certificate_id>/replace", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def replace(certificate_id: UUID) -> AnyResponse:
    """Replace a certificate by one with the name that its holder has confirmed since."""
    try:
        with writing() as session:
            newer = actions.replace(session, visitor.actor(), certificate_id, seal=office().seal, now=now())
            letters.tell_replaced(session, newer, office(), now=now())
    except actions.NoSuchCertificate:
        abort(404)
    except actions.NothingToReplace:
        flash(_("The holder has confirmed no other name."), "info")
        return redirect(url_for("certificates_register.certificate", certificate_id=certificate_id))
    flash(_("The certificate is replaced; this is the new one."), "success")
    return redirect(url_for("certificates_register.certificate", certificate_id=newer.id))


@pages.page("/admin/certificates/<uuid:certificate_id>/refresh", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def refresh(certificate_id: UUID) -> AnyResponse | tuple[str, int]:
    """Replace a certificate after a refresher."""
    form = RefresherForm()
    form.latest = issuer_day(now())
    if not form.validate():
        return _page(_one(certificate_id), refresher_form=form), 422
    try:
        with writing() as session:
            newer = actions.replace(
                session,
                visitor.actor(),
                certificate_id,
                refreshed_on=form.refreshed_on.data,
                seal=office().seal,
                now=now(),
            )
            letters.tell_replaced(session, newer, office(), now=now())
    except actions.NoSuchCertificate:
        abort(404)
    flash(_("The certificate is replaced; this is the new one."), "success")
    return redirect(url_for("certificates_register.certificate", certificate_id=newer.id))


@pages.page(
    "/admin/certificates/<uuid:certificate_id>/<any(en, fr, es, it, de):document>.pdf",
    allow=Permission.ISSUE_CERTIFICATES,
)
def pdf(certificate_id: UUID, document: str) -> Response:
    found = _one(certificate_id)
    response = pdf_response(found, Language(document))
    note_look(Event.CERTIFICATE_LOOKED_AT, [found.person_id])
    return response


@pages.page("/admin/certificates/<uuid:certificate_id>/evidence.pdf", allow=Permission.ISSUE_CERTIFICATES)
def evidence_file(certificate_id: UUID) -> Response:
    found = _one(certificate_id)
    rests_on = queries.evidence_of(reading(), certificate_id)
    if rests_on is None:
        abort(404)
    made = queries.documents_of(reading(), certificate_id)
    try:
        body = evidence.make(found, rests_on, made, office(), Speech(language(), ISSUER_ZONE), now=now())
    except SealingFailed:
        abort(503)
    note_look(Event.EVIDENCE_TAKEN_AWAY, [found.person_id])
    number = Claims.model_validate(found.claims).number
    return attachment(body, "application/pdf", f"{number}-evidence-{language().value}.pdf")


def _within() -> Select[Certificate]:
    return queries.within(visitor.actor())


def _one(certificate_id: UUID) -> Certificate:
    found = reading().scalar(_within().where(Certificate.id == certificate_id))
    if found is None:
        abort(404)
    return found


def _page(
    found: Certificate, *, revoke_form: RevokeForm | None = None, refresher_form: RefresherForm | None = None
) -> str:
    claims = Claims.model_validate(found.claims)
    if revoke_form is None:
        revoke_form = RevokeForm(None)
        revoke_form.offer()
    newer = queries.replaced_by(reading(), found)
    note_look(Event.CERTIFICATE_LOOKED_AT, [found.person_id])
    return render_template(
        "certificates/admin_certificate.html",
        certificate=found,
        claims=claims,
        verdict=verdict_on(found, claims, now(), speech(), newer=newer),
        stands=state_of(found, now()) in {State.VALID, State.REFRESHER_ADVISED},
        duration=documents.duration(claims.minutes, speech()),
        code=rules.shown_code(found.code),
        revoke_form=revoke_form,
        refresher_form=refresher_form or RefresherForm(None),
        newer=newer,
        has_evidence=queries.evidence_of(reading(), found.id) is not None,
        languages=list(Language),
        own_names=OWN_NAMES,
        verify_link=rules.verify_address(office().public_url, language(), found.code),
    )


def _reason_of(found: Certificate) -> letters.Reason:
    return lambda worded: reason_word(found.revoked_reason or "", worded)


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(422)


def _note(session: Session, event: Event, taken: Select[Certificate], *, subject: str = "") -> None:
    """Record that certificates were taken along, in the chain of each authority that the administrator looks after.

    Their holders read it: whoever stands in that register, or in the batch that is the subject, at this moment.
    """
    actor = visitor.actor()
    by_authority = taken.with_only_columns(Certificate.authority_id, func.count()).group_by(Certificate.authority_id)
    counts = {row[0]: row[1] for row in session.execute(by_authority)}
    chains = [None] if actor.administers_everywhere else sorted(actor.administers - {None}, key=str)
    for chain in chains:
        record(
            session,
            event,
            actor_id=actor.person_id,
            subject=subject or REGISTER,
            now=now(),
            authority_id=chain,
            certificates=sum(counts.values()) if chain is None else counts.get(chain, 0),
        )
