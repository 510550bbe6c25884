"""How tables, purposes and bases are called in the words of the reader: for the export, the notice and the record."""

import json
from datetime import date, datetime

from training.audit.rules import Event
from training.privacy.rules import Basis
from training.terms import Privacy, Purpose
from training.web.words import Speech, _


def table_label(name: str) -> str:
    """Return what people call a table of their data."""
    labels = {
        "person": _("You"),
        "account": _("Your account"),
        "belonging": _("Cities and regions that you belong to"),
        "role_grant": _("Roles"),
        "sign_in": _("Devices on which you signed in"),
        "account_link": _("Links that were sent to you"),
        "second_factor": _("Second step of signing in"),
        "recovery_code": _("Recovery codes"),
        "letter": _("Letters to you"),
        "group_trainer": _("Groups that you lead"),
        "membership": _("Groups in which you take part"),
        "attendance": _("Sessions of your groups at which you were expected"),
        "enrolment": _("Courses that you take"),
        "milestone": _("What you have reached"),
        "attempt": _("Quiz attempts"),
        "answer": _("Answers"),
        "dilemma_choice": _("Choices in dilemmas"),
        "comparison": _("Questions before and after the course"),
        "comparison_answer": _("Answers before and after the course"),
        "watched": _("What you have watched"),
        "watching_device": _("Devices on which you watched"),
        "certificate": _("Certificates"),
        "name_confirmation": _("Name for the certificate"),
        "invitation": _("Invitations to you"),
        "issue_item": _("Issues of certificates that you are in"),
    }
    return labels[name]


def column_label(name: str) -> str:
    """Return what people call a column of their data."""
    labels = {
        "accounted_until": _("Counted up to"),
        "address": _("Address"),
        "attempt_id": _("Attempt (identifier)"),
        "authority_id": _("City or region (identifier)"),
        "attended": _("Attended"),
        "back": _("Page to go back to"),
        "batch_id": _("Issue of certificates (identifier)"),
        "certificate_id": _("Certificate (identifier)"),
        "change_id": _("Change (identifier)"),
        "chapter": _("Chapter"),
        "choice": _("Choice"),
        "chosen_at": _("Chosen on"),
        "claims": _("What the certificate states"),
        "closed_at": _("Closed on"),
        "code": _("Code"),
        "confidence": _("How sure (1 to 4)"),
        "confirmed_at": _("Confirmed on"),
        "correct": _("Right answers"),
        "course": _("Course"),
        "covered": _("Covered"),
        "decided_at": _("Begun or skipped on"),
        "device": _("Device"),
        "dilemma": _("Dilemma"),
        "done_at": _("Done on"),
        "drawn": _("Questions drawn"),
        "email": _("E-mail address"),
        "email_key": _("E-mail address, as it is looked up"),
        "employer": _("Employer"),
        "ended_at": _("Ended on"),
        "ends_at": _("Open until"),
        "enrolled_at": _("Enrolled on"),
        "erased_at": _("Name erased on"),
        "fault": _("What went wrong"),
        "field_of_work": _("Field of work"),
        "film": _("Film"),
        "form": _("Form"),
        "given_at": _("Given on"),
        "granted_at": _("Granted on"),
        "group_id": _("Training group (identifier)"),
        "handed_in_at": _("Handed in on"),
        "html": _("As a web page"),
        "id": _("Identifier"),
        "issued_at": _("Issued on"),
        "item": _("Item"),
        "joined_at": _("Joined on"),
        "key_id": _("Key of the seal"),
        "kind": _("Kind"),
        "language": _("Language"),
        "last_step": _("Last code used"),
        "late": _("Late"),
        "left_at": _("Left on"),
        "made_at": _("Made on"),
        "mode_seen": _("Privacy mode shown when joining"),
        "moment": _("Before or after"),
        "name": _("Name"),
        "name_key": _("Name, as it is looked up"),
        "next_try_at": _("Next try"),
        "number": _("Number"),
        "occurrence": _("Occasion"),
        "option": _("Answer"),
        "own_device": _("Own device"),
        "parts": _("Parts"),
        "passed": _("Passed"),
        "person_id": _("You (identifier)"),
        "position": _("Place in the row"),
        "proved_at": _("Set up on"),
        "purpose": _("Purpose"),
        "question": _("Question"),
        "reached_at": _("Reached on"),
        "received_at": _("Received on"),
        "recorded_at": _("Noted on"),
        "reference": _("Number in the group’s table"),
        "refresher_on": _("Refresher advised from"),
        "replaced_at": _("Replaced on"),
        "replaced_by_id": _("Replaced by (identifier)"),
        "replaced_reason": _("Reason of the replacement"),
        "response": _("Answer"),
        "revision": _("Revision"),
        "revoked_at": _("Revoked on"),
        "revoked_reason": _("Reason of the revocation"),
        "role": _("Role"),
        "rule_version": _("Version of the completion rule"),
        "seed": _("Number that shuffles the answers"),
        "seen_at": _("Last seen on"),
        "sent_at": _("Sent on"),
        "session_id": _("Session (identifier)"),
        "since": _("Since"),
        "started_at": _("Begun on"),
        "state": _("State"),
        "strong": _("With the second step"),
        "subject": _("Subject"),
        "submitted_at": _("Handed in on"),
        "text": _("Text"),
        "time_zone": _("Time zone"),
        "tries": _("Tries"),
        "until": _("Until"),
        "updated_at": _("Changed on"),
        "used_at": _("Used on"),
        "why": _("Reason"),
        "withdrawn_at": _("Withdrawn on"),
    }
    return labels[name]


def value_label(value: object, speech: Speech) -> str:
    """Return a value in the words of the reader; structures as JSON, since they are a machine's."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return speech.moment(value)
    if isinstance(value, date):
        return speech.date(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def purpose_label(purpose: Purpose) -> str:
    """Return what data is kept for."""
    labels = {
        Purpose.ACCOUNT: _("Letting you in, and nobody else in your name"),
        Purpose.LEARNING: _("Taking the course and finding your place again on any device"),
        Purpose.COMPARISON: _("Seeing what the course achieves, from answers before and after it"),
        Purpose.TRAINING: _("Leading training groups"),
        Purpose.CERTIFICATES: _("Issuing certificates that an employer can check"),
        Purpose.LETTERS: _("Writing to you about your account, your groups and your certificates"),
        Purpose.ACCOUNTABILITY: _("Showing afterwards who did what with the data of others"),
        Purpose.OPERATION: _("Running the platform; nothing about people"),
    }
    return labels[purpose]


def basis_label(basis: Basis) -> str:
    """Return a legal basis in words, with its place in the regulation."""
    labels = {
        Basis.CONTRACT: _("what you asked for (GDPR art. 6(1)(b))"),
        Basis.PUBLIC_TASK: _(
            "a task in the public interest of the authority that trains its people (GDPR art. 6(1)(e))"
        ),
        Basis.LEGITIMATE_INTEREST: _("the interest of others in a record that can be relied on (GDPR art. 6(1)(f))"),
        Basis.CONSENT: _("your consent, for extras only (GDPR art. 6(1)(a))"),
    }
    return labels[basis]


def kept_label(purpose: Purpose) -> str:
    """Return how long data of a purpose is kept."""
    labels = {
        Purpose.ACCOUNT: _(
            "As long as the account exists. Ended sign-ins and used links: 30 days. Unconfirmed accounts: 7 days."
        ),
        Purpose.LEARNING: _(
            "What you have completed: as long as the account exists. Answers, watched parts and their times: six "
            "months."
        ),
        Purpose.COMPARISON: _(
            "How sure you were and when you answered: six months. Answers: six months after the second time, a year at "
            "most. That you took part: as long as the account exists. You can delete all of it at any time."
        ),
        Purpose.TRAINING: _(
            "Your membership and your attendance: as long as the account exists; once you have left a group, its "
            "trainers no longer see you. Invitations: 30 days after they have ended."
        ),
        Purpose.CERTIFICATES: _("The register: for good, without your name once you erase your account."),
        Purpose.LETTERS: _("The words of a letter: until it is sent. That it was sent: 30 days."),
        Purpose.ACCOUNTABILITY: _("For good, as identifiers without names."),
        Purpose.OPERATION: "",
    }
    return labels[purpose]


def seen_label(purpose: Purpose) -> str:
    """Return who sees data of a purpose, besides the person."""
    labels = {
        Purpose.ACCOUNT: _("administrators of your city or region, and of the installation; never your password"),
        Purpose.LEARNING: _(
            "trainers of your groups, as far as the group’s privacy mode allows; never which answers you gave"
        ),
        Purpose.COMPARISON: _("nobody; trainers see how many members answered both times, from five people up"),
        Purpose.TRAINING: _("trainers of your groups"),
        Purpose.CERTIFICATES: _("administrators of your city or region; whoever holds the code of your certificate"),
        Purpose.LETTERS: _("administrators of the installation see that a letter was sent, not what it said"),
        Purpose.ACCOUNTABILITY: _("administrators, within their scope; you see who looked at your progress"),
        Purpose.OPERATION: "",
    }
    return labels[purpose]


def look_label(event: Event, group: str) -> str:
    """Return what somebody did who looked at the reader's progress."""
    labels = {
        Event.GROUP_LOOKED_AT: _("looked at the group “%(group)s”", group=group),
        Event.GROUP_TABLE_EXPORTED: _("downloaded the table of the group “%(group)s”", group=group),
        Event.ELIGIBLE_LOOKED_AT: _("looked at the list of people who may be issued a certificate"),
        Event.REGISTER_LOOKED_AT: _("looked at the page of the register of certificates on which you are listed"),
        Event.CERTIFICATE_LOOKED_AT: _("looked at your certificate"),
        Event.EVIDENCE_TAKEN_AWAY: _(
            "downloaded the evidence file of your certificate, which shows when you completed each step"
        ),
        Event.LETTERS_LOOKED_AT: _("looked at the list of letters, with one to you about your certificate"),
        Event.REGISTER_EXPORTED: _("downloaded the register of certificates as a table, with your entry"),
        Event.CERTIFICATES_TAKEN_AWAY: _("downloaded the document of your certificate"),
        Event.REGISTER_READ: _("read your entry in the register of certificates"),
    }
    return labels[event]


def looker_label(event: Event, who: str, system: str) -> str:
    """Return who looked: somebody, or another system under the name that administrators gave it."""
    if event is Event.REGISTER_READ:
        return _("another system: %(system)s", system=system)
    return who or _("somebody who has left")


def privacy_label(privacy: str) -> str:
    """Return what a class of columns says of a person."""
    labels = {
        Privacy.IDENTITY: _("who you are and how to reach you"),
        Privacy.SETTING: _("what you chose"),
        Privacy.CREDENTIAL: _("what proves that it is you (hashed or encrypted)"),
        Privacy.LEARNING: _("what you have completed"),
        Privacy.DETAIL: _("the detail of how you did it, with times"),
        Privacy.BELONGING: _("groups, cities and roles"),
        Privacy.TRACE: _("what somebody did to others’ records"),
        Privacy.LINK: _("identifiers"),
        Privacy.NONE: _("nothing about a person"),
    }
    return labels[Privacy(privacy)]
