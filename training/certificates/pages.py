"""The holder's room: confirm the name, take the certificate along."""

from datetime import datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from training.access import Permission
from training.certificates import actions, europass, queries, rules, waiting
from training.certificates.accessors import state_of, state_word
from training.certificates.downloads import attachment, badge_response, office, pdf_response
from training.certificates.forms import NameForm
from training.certificates.models import Certificate
from training.certificates.rules import Claims, State
from training.courses.accessors import PROGRAMME
from training.languages import OWN_NAMES, Language
from training.people.queries import person
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import now, reading, writing
from training.web.words import _, language, speech

pages = Pages("certificates", __name__)


@pages.page("/account/certificates", allow=Permission.LEARN)
def own() -> str:
    me = visitor.actor().person_id
    held = queries.of_person(reading(), me)
    return render_template(
        "certificates/own.html",
        held=[_shown(one, now()) for one in held],
        completed=queries.has_completed(reading(), me, PROGRAMME),
        confirmation=waiting.confirmation(reading(), me),
        languages=list(Language),
        own_names=OWN_NAMES,
    )


@pages.page("/account/certificates/name", allow=Permission.LEARN, methods=("GET", "POST"))
def name() -> AnyResponse | str | tuple[str, int]:
    me = visitor.actor().person_id
    confirmation = waiting.confirmation(reading(), me)
    form = NameForm()
    if request.method == "GET":
        form.name.data = confirmation.name if confirmation else person(reading(), me).name
        return render_template("certificates/name.html", form=form, confirmation=confirmation)
    if not form.validate():
        return render_template("certificates/name.html", form=form, confirmation=confirmation), 422
    with writing() as session:
        actions.confirm_name(session, me, form.name.data, now=now())
    flash(_("Your name is confirmed: it will stand on your certificate exactly so."), "success")
    return redirect(url_for("certificates.own"))


@pages.page("/account/certificates/<uuid:certificate_id>.pdf", allow=Permission.LEARN)
def own_pdf(certificate_id: UUID) -> Response:
    return pdf_response(_own(certificate_id), language())


@pages.page("/account/certificates/<uuid:certificate_id>/badge.json", allow=Permission.LEARN)
def own_badge(certificate_id: UUID) -> Response:
    return badge_response(_own(certificate_id))


@pages.page("/account/certificates/<uuid:certificate_id>/europass.json", allow=Permission.LEARN)
def own_europass(certificate_id: UUID) -> Response:
    found = _own(certificate_id)
    number = Claims.model_validate(found.claims).number
    return attachment(europass.make(found, office()), "application/ld+json", f"{number}-europass.json")


def _own(certificate_id: UUID) -> Certificate:
    held = queries.of_person(reading(), visitor.actor().person_id)
    found = next((one for one in held if one.id == certificate_id), None)
    if found is None:
        abort(404)
    return found


def _shown(one: Certificate, moment: datetime) -> dict[str, object]:
    state = state_of(one, moment)
    return {
        "certificate": one,
        "claims": Claims.model_validate(one.claims),
        "stands": state in {State.VALID, State.REFRESHER_ADVISED},
        "state": state_word(state, speech()),
        "code": rules.shown_code(one.code),
    }
