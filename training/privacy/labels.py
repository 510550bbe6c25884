"""How tables, purposes and bases are called in the words of the reader: for the export, the notice and the record."""

from training.privacy.rules import Basis
from training.terms import Privacy, Purpose
from training.web.words import _


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
        "enrolment": _("Courses that you take"),
        "milestone": _("What you have reached"),
        "attempt": _("Quiz attempts"),
        "answer": _("Answers"),
        "dilemma_choice": _("Choices in dilemmas"),
        "watched": _("What you have watched"),
        "watching_device": _("Devices on which you watched"),
        "certificate": _("Certificates"),
        "name_confirmation": _("Name for the certificate"),
    }
    return labels.get(name, name)


def purpose_label(purpose: Purpose) -> str:
    """Return what data is kept for."""
    labels = {
        Purpose.ACCOUNT: _("Letting you in, and nobody else in your name"),
        Purpose.LEARNING: _("Taking the course and finding your place again on any device"),
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
            "As long as the account. Ended sign-ins and used links: 30 days. Unconfirmed accounts: 7 days."
        ),
        Purpose.LEARNING: _(
            "What you have reached: as long as the account. Answers, watched parts and their times: six months."
        ),
        Purpose.TRAINING: _("Your membership: as long as the account, or until you leave the group."),
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
        Purpose.TRAINING: _("trainers of your groups"),
        Purpose.CERTIFICATES: _("administrators of your city or region; whoever holds the code of your certificate"),
        Purpose.LETTERS: _("administrators of the installation see that a letter was sent, not what it said"),
        Purpose.ACCOUNTABILITY: _("administrators, within their scope; you see who looked at your progress"),
        Purpose.OPERATION: "",
    }
    return labels[purpose]


def privacy_label(privacy: str) -> str:
    """Return what a class of columns says of a person."""
    labels = {
        Privacy.IDENTITY: _("who you are and how to reach you"),
        Privacy.SETTING: _("what you chose"),
        Privacy.CREDENTIAL: _("what proves that it is you (hashed or encrypted)"),
        Privacy.LEARNING: _("what you reached"),
        Privacy.DETAIL: _("how and when you did it"),
        Privacy.BELONGING: _("groups, cities and roles"),
        Privacy.TRACE: _("what somebody did to others’ records"),
        Privacy.LINK: _("identifiers"),
        Privacy.NONE: _("nothing about a person"),
    }
    return labels[Privacy(privacy)]
