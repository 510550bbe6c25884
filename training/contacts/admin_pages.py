"""The contact card of a city or region, for its administrators."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from training.access import Permission
from training.contacts import actions, queries
from training.contacts.forms import CardForm, typed
from training.languages import Language
from training.people.forms import authority_name
from training.people.models import LocalAuthority
from training.people.queries import authorities_administered_by
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import now, reading, writing
from training.web.words import _, language, speech

pages = Pages("contacts_admin", __name__)


@pages.page(
    "/admin/authorities/<uuid:authority_id>/contacts",
    allow=Permission.LOOK_AFTER_AUTHORITIES,
    methods=("GET", "POST"),
)
def card(authority_id: UUID) -> Response | str | tuple[str, int]:
    authority = _authority_or_404(authority_id)
    present = queries.card(reading(), authority_id)
    form = CardForm(data=typed(present))
    if request.method == "POST" and form.is_whole():
        try:
            with writing() as session:
                said = form.card(confirmed_on=speech().day_of(now()))
                actions.save_card(session, visitor.actor(), authority_id, said, now=now())
        except actions.OutsideScope:
            abort(404)
        flash(_("Saved. The card now says that it was confirmed today."), "success")
        return redirect(url_for("contacts_admin.card", authority_id=authority_id))
    page = render_template(
        "contacts/admin_card.html",
        form=form,
        authority=authority,
        name=authority_name(authority.names, language()),
        card=present,
        language_codes=[code.value for code in Language],
        today=speech().day_of(now()),
    )
    return (page, 422) if request.method == "POST" else page


@pages.page(
    "/admin/authorities/<uuid:authority_id>/contacts/remove",
    allow=Permission.LOOK_AFTER_AUTHORITIES,
    methods=("POST",),
)
def remove(authority_id: UUID) -> Response:
    try:
        with writing() as session:
            actions.remove_card(session, visitor.actor(), authority_id, now=now())
    except actions.OutsideScope:
        abort(404)
    flash(_("The card is taken away."), "success")
    return redirect(url_for("contacts_admin.card", authority_id=authority_id))


def _authority_or_404(authority_id: UUID) -> LocalAuthority:
    within = authorities_administered_by(visitor.actor()).where(LocalAuthority.id == authority_id)
    found = reading().scalar(within)
    if found is None:
        abort(404)
    return found
