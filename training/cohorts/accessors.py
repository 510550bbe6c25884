"""How privacy modes are worded (the same before joining, in the group and for the member), and fates of a list."""

from training.cohorts.rules import Fate, PrivacyMode
from training.web.words import _


def mode_label(mode: str) -> str:
    """Return the name of a privacy mode."""
    labels = {
        PrivacyMode.AGGREGATE: _("Figures of the group only"),
        PrivacyMode.MILESTONES: _("Milestones only"),
        PrivacyMode.INDIVIDUAL: _("Individual results"),
    }
    return labels[PrivacyMode(mode)]


def mode_explained(mode: str) -> str:
    """Return what the trainers of a group see in a privacy mode."""
    texts = {
        PrivacyMode.AGGREGATE: _(
            "The trainers see your name and figures about the whole group, never about fewer than five people. "
            "They do not see how far you are."
        ),
        PrivacyMode.MILESTONES: _(
            "The trainers see your name, your city or region, and which chapters you have completed and when. "
            "They do not see marks, attempts, times or answers."
        ),
        PrivacyMode.INDIVIDUAL: _(
            "The trainers see your name, your city or region, which chapters you have completed and when, and for each "
            "quiz your attempts and how many answers were right. They do not see which answers you gave."
        ),
    }
    return texts[PrivacyMode(mode)]


def fate_word(fate: Fate) -> str:
    """Return what happens to a line of a list of people."""
    words = {
        Fate.INVITE: _("gets an invitation"),
        Fate.INVITE_AGAIN: _("gets another invitation; the first one stays good"),
        Fate.MEMBER: _("is a member already"),
        Fate.TWICE: _("stands in the list twice"),
        Fate.NO_ADDRESS: _("no complete e-mail address"),
        Fate.NAME_TOO_LONG: _("the name is too long"),
    }
    return words[fate]
