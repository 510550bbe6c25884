"""Who waits for a certificate, and issuing to them: for administrators, within their scope."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from training.access import Permission
from training.audit.looks import note_look
from training.audit.rules import Event
from training.certificates import batches, letters, queries, waiting
from training.certificates.batches import Workshop
from training.certificates.downloads import office
from training.certificates.seals import SealingFailed
from training.certificates.waiting import LARGEST_BATCH, Filter
from training.courses.accessors import PROGRAMME, library
from training.languages import sort_key
from training.people.forms import authority_name
from training.people.models import LocalAuthority, Person
from training.people.queries import authorities_administered_by, people_administered_by
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import database, moment_in, now, reading, writing
from training.web.words import _, language, ngettext

pages = Pages("certificates_admin", __name__)

AT_ONCE = 1.5
"""Seconds that a request works on a batch before it answers; the rest is done beside the server, or by asking again."""


@pages.page("/admin/certificates/", allow=Permission.ISSUE_CERTIFICATES)
def queue() -> str:
    actor, wanted = visitor.actor(), _wanted()
    people, more = waiting.eligible_page(
        reading(), actor, PROGRAMME, wanted=wanted, after=_place(request.args.get("after", ""))
    )
    corrections = waiting.corrections(reading(), actor, PROGRAMME)
    note_look(Event.ELIGIBLE_LOOKED_AT, [one.person_id for one in people])
    note_look(Event.REGISTER_LOOKED_AT, [one.certificate.person_id for one in corrections])
    following = f"{people[-1].completed_at.isoformat()}|{people[-1].person_id}" if more else None
    return render_template(
        "certificates/admin_queue.html",
        people=people,
        following=following,
        counts=waiting.waiting(reading(), actor, PROGRAMME, wanted),
        corrections=corrections,
        groups=waiting.groups_with_waiting(reading(), actor, PROGRAMME),
        authorities=_authorities(),
        wanted=wanted,
        has_issuer=queries.issuer_for(reading(), _own_authority()) is not None,
        authority_name=lambda one: authority_name(one.names, language()),
    )


@pages.page("/admin/certificates/issue", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def issue() -> AnyResponse:
    actor = visitor.actor()
    everybody = "everybody" in request.form
    chosen = waiting.ready(reading(), actor, PROGRAMME, _wanted()) if everybody else _chosen()
    if not chosen:
        flash(_("Nobody was chosen."), "info")
        return redirect(url_for("certificates_admin.queue"))
    within = reading().scalars(people_administered_by(actor).where(Person.id.in_(chosen)))
    if set(within) != set(chosen):
        abort(404)
    with writing() as session:
        batch_id = batches.begin(session, actor, PROGRAMME, chosen, now=now())
    _work(batch_id)
    return redirect(url_for("certificates_admin.batch", batch_id=batch_id))


@pages.page("/admin/certificates/batches/<uuid:batch_id>", allow=Permission.ISSUE_CERTIFICATES)
def batch(batch_id: UUID) -> str:
    actor = visitor.actor()
    found = batches.progress(reading(), actor, batch_id)
    if found is None:
        abort(404)
    people = [one.person_id for one in found.passed_over]
    names = dict(reading().execute(select(Person.id, Person.name).where(Person.id.in_(people))).all())
    note_look(Event.ELIGIBLE_LOOKED_AT, names)
    return render_template("certificates/admin_batch.html", batch_id=batch_id, progress=found, names=names, why=_why())


@pages.page("/admin/certificates/batches/<uuid:batch_id>/go-on", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def go_on(batch_id: UUID) -> AnyResponse:
    """Work on a batch for a moment: it goes on wherever it stopped, whoever had begun it and whatever had ended it."""
    if batches.progress(reading(), visitor.actor(), batch_id) is None:
        abort(404)
    _work(batch_id)
    return redirect(url_for("certificates_admin.batch", batch_id=batch_id))


@pages.page("/admin/certificates/remind", allow=Permission.ISSUE_CERTIFICATES, methods=("POST",))
def remind() -> AnyResponse:
    """Ask those who have not confirmed their name to do so: a letter each, once a week at most."""
    people = waiting.unconfirmed(reading(), visitor.actor(), PROGRAMME, _wanted())
    with writing() as session:
        sent = sum(letters.ask_for_name(session, one.person_id, office(), now=now()) for one in people)
    flash(
        ngettext("One person gets a letter.", "%(num)d people get a letter.", sent)
        if sent
        else _("Everybody was asked this week already."),
        "success" if sent else "info",
    )
    return redirect(url_for("certificates_admin.queue"))


def _work(batch_id: UUID) -> None:
    reading().close()  # the batch takes connections of its own
    try:
        batches.work(Workshop(database=database(), library=library(), office=office()), batch_id, seconds=AT_ONCE)
    except SealingFailed:
        flash(_("The time-stamp authority does not answer. What is open will be sealed when it does."), "caution")


def _chosen() -> Sequence[UUID]:
    try:
        chosen = [UUID(identity) for identity in request.form.getlist("person")]
    except ValueError:
        abort(422)
    if len(chosen) > LARGEST_BATCH:
        abort(422)
    return chosen


def _why() -> dict[str, str]:
    return {
        "not-eligible": _("holds a certificate already, or is not within your reach"),
        "name-not-confirmed": _("has not confirmed the name yet"),
        "no-issuer": _("nobody has said in whose name certificates are issued"),
        batches.UNPRINTABLE: _(
            "issued; the document cannot be printed: its fonts lack letters of the place or the group"
        ),
    }


def _wanted() -> Filter:
    """Return whom the administrator wants to see; what is no identifier is left out."""
    return Filter(authority_id=_identifier("authority"), group_id=_identifier("group"))


def _identifier(name: str) -> UUID | None:
    try:
        return UUID(request.values.get(name, ""))
    except ValueError:
        return None


def _authorities() -> Sequence[LocalAuthority]:
    found = reading().scalars(authorities_administered_by(visitor.actor())).all()
    return sorted(found, key=lambda one: sort_key(authority_name(one.names, language()), language()))


def _own_authority() -> UUID | None:
    """Return an authority of which the administrator's issuer can be told: of several, any."""
    return next(iter(sorted(visitor.actor().administers - {None}, key=str)), None)


def _place(text: str) -> tuple[datetime, UUID] | None:
    """Return the place in the queue after which a page begins; a broken one begins at the beginning."""
    moment, _bar, identity = text.partition("|")
    completed_at = moment_in(moment)
    try:
        return (completed_at, UUID(identity)) if completed_at else None
    except ValueError:
        return None
