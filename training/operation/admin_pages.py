"""The outbox (what waits, what was sent, what failed; never what a letter said) and the audit."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from training.access import Permission
from training.audit import queries as audit_queries
from training.audit.actions import record
from training.audit.looks import note_look
from training.audit.models import AuditEntry
from training.audit.rules import Event
from training.certificates.letters import KINDS as ABOUT_CERTIFICATES
from training.mail import actions
from training.mail import queries as outbox_queries
from training.mail.models import Letter
from training.mail.rules import State
from training.operation import queries
from training.operation.labels import concerned_label, event_label, kind_label, state_label
from training.operation.rules import Concerned
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import LARGEST_NUMBER, moment_in, now, reading, writing
from training.web.words import _

pages = Pages("operation_admin", __name__)


@pages.page("/admin/letters", allow=Permission.OPERATE)
def outbox() -> str:
    letters, more = outbox_queries.letters_page(reading(), before=_identity(request.args.get("before", "")))
    note_look(Event.LETTERS_LOOKED_AT, [one.person_id for one in letters if one.kind in ABOUT_CERTIFICATES])
    return render_template(
        "operation/outbox.html",
        letters=letters,
        counts=outbox_queries.counts(reading()),
        following=letters[-1].id if more else None,
        state=State,
        state_label=state_label,
        kind_label=kind_label,
    )


@pages.page("/admin/letters/<uuid:letter_id>/again", allow=Permission.OPERATE, methods=("POST",))
def again(letter_id: UUID) -> Response:
    if reading().get(Letter, letter_id) is None:
        abort(404)
    with writing() as session:
        if actions.send_again(session, letter_id, now=now()):
            record(
                session,
                Event.LETTER_SENT_AGAIN,
                actor_id=visitor.actor().person_id,
                subject=str(letter_id),
                now=now(),
            )
    flash(_("The letter goes out again."), "success")
    return redirect(url_for("operation_admin.outbox"))


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@pages.page("/admin/audit", allow=Permission.READ_THE_AUDIT)
def audit() -> str:
    actor = visitor.actor()
    chains = None if actor.administers_everywhere else [one for one in actor.administers if one is not None]
    found, more = audit_queries.entries_page(reading(), chains, before=_place(request.args.get("before", "")))
    known = queries.known_to(reading(), actor, found)
    return render_template(
        "operation/audit.html",
        entries=found,
        names=queries.names_of(reading(), [entry.actor_id for entry in found if entry.actor_id]),
        following=f"{found[-1].at.isoformat()}|{found[-1].chain}|{found[-1].number}" if more else None,
        event_label=event_label,
        known=known,
        concerned_label=concerned_label,
        way_to=lambda entry: _way_to(entry, known),
    )


def _place(text: str) -> audit_queries.Place | None:
    """Return the place in the audit before which a page begins; a broken one begins at the end."""
    moment, _bar, rest = text.partition("|")
    chain, _bar, number = rest.partition("|")
    at = moment_in(moment)
    try:
        return (at, UUID(chain), int(number)) if at and abs(int(number)) <= LARGEST_NUMBER else None
    except ValueError:
        return None


def _way_to(entry: AuditEntry, known: queries.Known) -> str | None:
    """Return the address of what an entry concerns, where the reader has a page about it."""
    if entry.subject in known.names[Concerned.PERSON]:
        return url_for("people_admin.person", person_id=entry.subject)
    if entry.subject in known.names[Concerned.CERTIFICATE]:
        return url_for("certificates_register.certificate", certificate_id=entry.subject)
    return None
