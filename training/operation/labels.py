"""How letters, their states and the events of the audit are called."""

from training.audit.models import AuditEntry
from training.audit.rules import Event
from training.mail.rules import State
from training.operation.queries import Known
from training.operation.rules import CONCERNED, Concerned
from training.people.forms import authority_name
from training.web.words import _, language, ngettext


def state_label(state: str) -> str:
    """Return where a letter is."""
    labels = {
        State.WAITING: _("waiting"),
        State.SENDING: _("perhaps sent"),
        State.SENT: _("sent"),
        State.FAILED: _("given up"),
    }
    return labels[State(state)]


def kind_label(kind: str) -> str:
    """Return what a letter is about."""
    labels = {
        "confirm": _("Confirm the address of a new account"),
        "registered-already": _("There is an account already"),
        "reset": _("Choose a new password"),
        "no-account": _("No account with this address"),
        "new-email": _("Confirm a new address"),
        "address-in-use": _("The address has an account"),
        "email-changed": _("The address was changed"),
        "password-changed": _("The password was changed"),
        "invitation": _("Invitation to a training group"),
        "barrier": _("A barrier was reported"),
        "certificate-issued": _("A certificate was issued"),
        "certificate-revoked": _("A certificate was revoked"),
        "certificate-replaced": _("A certificate was replaced"),
        "certificate-name": _("Confirm the name for the certificate"),
    }
    return labels.get(kind, kind)


def event_label(event: str) -> str:
    """Return what was done, in a few words."""
    labels = {
        Event.ACCOUNT_MADE: _("made an account"),
        Event.ACCOUNT_CLOSED: _("closed an account"),
        Event.ACCOUNT_OPENED: _("opened an account again"),
        Event.WELCOME_LINK_MADE: _("made a link to choose a password"),
        Event.ROLE_GRANTED: _("gave a role"),
        Event.ROLE_WITHDRAWN: _("withdrew a role"),
        Event.AUTHORITY_CHANGED: _("changed a city or region"),
        Event.CONTACT_CARD_CHANGED: _("changed the contacts of a city or region"),
        Event.CONTACT_CARD_REMOVED: _("took away the contacts of a city or region"),
        Event.PERSON_MOVED: _("moved somebody to another city or region"),
        Event.PERSON_ERASED: _("erased their own account"),
        Event.GROUP_MADE: _("made a training group"),
        Event.GROUP_CHANGED: _("changed a training group"),
        Event.GROUP_LOOKED_AT: _("looked at a training group (first time that day)"),
        Event.GROUP_TABLE_EXPORTED: _("downloaded the table of a group"),
        Event.PEOPLE_INVITED: _("invited people to a training group"),
        Event.SESSION_PLANNED: _("planned a session of a training group"),
        Event.SESSION_CHANGED: _("changed a session of a training group"),
        Event.SESSION_CANCELLED: _("cancelled a session of a training group"),
        Event.ATTENDANCE_NOTED: _("noted who attended a session of a training group"),
        Event.CERTIFICATE_ISSUED: _("issued a certificate"),
        Event.CERTIFICATE_REVOKED: _("revoked a certificate"),
        Event.CERTIFICATE_REPLACED: _("replaced a certificate"),
        Event.CERTIFICATES_TAKEN_AWAY: _("downloaded documents of certificates"),
        Event.REGISTER_EXPORTED: _("downloaded the register of certificates"),
        Event.ELIGIBLE_LOOKED_AT: _("looked at who may be issued a certificate (first time that day)"),
        Event.REGISTER_LOOKED_AT: _("looked at the register of certificates (first time that day)"),
        Event.CERTIFICATE_LOOKED_AT: _("looked at a certificate (first time that day)"),
        Event.EVIDENCE_TAKEN_AWAY: _("downloaded the evidence file of a certificate (first time that day)"),
        Event.LETTERS_LOOKED_AT: _("looked at the list of letters, some about certificates (first time that day)"),
        Event.REGISTER_READ: _("read the register of certificates (first time that day)"),
        Event.ISSUER_CHANGED: _("changed who issues and signs certificates"),
        Event.REGISTER_TOKEN_MADE: _("made a token for the register"),
        Event.REGISTER_TOKEN_REVOKED: _("revoked a token for the register"),
        Event.LETTER_SENT_AGAIN: _("sent a letter again"),
    }
    return labels.get(Event(event), event)


def concerned_label(entry: AuditEntry, known: Known) -> str:
    """Return what an entry concerns, by the name that the reader knows; of what has none any more, that it is gone."""
    kind = CONCERNED[Event(entry.event)]
    if kind is Concerned.PEOPLE:
        return ngettext("%(num)d person", "%(num)d people", entry.facts["people"])
    if kind is Concerned.CERTIFICATES:
        return ngettext("%(num)d certificate", "%(num)d certificates", entry.facts["certificates"])
    if kind is Concerned.AUTHORITY:
        names = known.authorities.get(entry.subject)
        return authority_name(names, language()) if names else _("The whole installation")
    if entry.subject in known.elsewhere:
        return _("somebody from another city or region")
    return known.names[kind].get(entry.subject) or _gone(kind)


def _gone(kind: Concerned) -> str:
    return {
        Concerned.PERSON: _("somebody who has left"),
        Concerned.GROUP: _("a group that is gone"),
        Concerned.CERTIFICATE: _("the certificate of somebody who has left"),
        Concerned.TOKEN: _("a token that is gone"),
        Concerned.LETTER: _("a letter that is not kept any more"),
    }[kind]
