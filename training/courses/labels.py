"""What is called how in the reader's words: the state of a practice, who answers a line, what it serves."""

from training.courses.content import Today
from training.courses.countries import Runner
from training.courses.questions import Extremism
from training.web.words import _


def today_word(today: Today) -> str:
    """Return what is known of a practice today, in a word."""
    words = {
        Today.CONTINUES: _("continues"),
        Today.CHANGED: _("continues in another form"),
        Today.ENDED: _("ended"),
        Today.UNKNOWN: _("not known"),
    }
    return words[today]


def runner_word(runner: Runner) -> str:
    """Return who answers a line, so that the reader chooses knowingly."""
    words = {
        Runner.COUNSELLING: _("Advice"),
        Runner.CHILDREN: _("For and about children"),
        Runner.STATE_SECURITY: _("Run by the security side of the State: also a way to report"),
        Runner.POLICE: _("Run by the police: a way to report"),
    }
    return words[runner]


def covers_word(form: Extremism) -> str:
    """Return which form of extremism a line serves; nothing for a line that is about something else."""
    words = {
        Extremism.JIHADIST: _("Islamist extremism only"),
        Extremism.FAR_RIGHT: _("Far right only"),
        Extremism.FAR_LEFT: _("Far left only"),
        Extremism.SEPARATIST: _("Separatist extremism only"),
        Extremism.ANTI_GOVERNMENT: _("Anti-government extremism only"),
        Extremism.MISOGYNIST: _("Misogynist extremism only"),
        Extremism.MIXED: _("Mixed and unclear ideologies only"),
        Extremism.ALL: _("Every form of extremism"),
        Extremism.NONE: "",
    }
    return words[form]
