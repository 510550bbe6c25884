"""Who is asked which form, and when. Values in, values out.

Crossed over: who gets one form before the course gets the other after it, so that neither knowing the questions nor
one form being easier shows as learning.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeVar

from training.courses.parallel import FormName

Shown = TypeVar("Shown")

LARGEST_DIFFERENCE = 2
"""People: by how many more one form may have been asked first than the other."""


class Moment(StrEnum):
    """When somebody is asked."""

    BEFORE = "before"
    """Before the course: as long as no quiz of it is passed."""
    AFTER = "after"
    """After its last chapter."""


class Confidence(IntEnum):
    """How sure somebody is of an answer."""

    GUESSED = 1
    RATHER_UNSURE = 2
    RATHER_SURE = 3
    SURE = 4


class Stage(StrEnum):
    """How a person stands towards one of the two moments."""

    CLOSED = "closed"
    """Not yet, or no longer."""
    OPEN = "open"
    BEGUN = "begun"
    DONE = "done"
    SKIPPED = "skipped"
    """The person does not want to be asked: neither now nor later."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What is kept of a person at one moment. Without a form it was skipped."""

    form: FormName | None
    done: bool = False


Record = Mapping[Moment, Taken]


def stage(moment: Moment, record: Record, *, passed: Collection[str], last: str) -> Stage:
    """Return how a person stands. `passed` are the chapters whose quiz is passed, `last` is the course's last one.

    Who skips one of the two is not asked the other either: there would be nothing to compare.
    """
    if any(taken.form is None for taken in record.values()):
        return Stage.SKIPPED
    own = record.get(moment)
    if own is not None and own.done:
        return Stage.DONE
    if not _fits(moment, record, passed=passed, last=last):
        return Stage.CLOSED
    return Stage.OPEN if own is None else Stage.BEGUN


def _fits(moment: Moment, record: Record, *, passed: Collection[str], last: str) -> bool:
    if moment is Moment.BEFORE:
        return not passed
    before = record.get(Moment.BEFORE)
    return before is not None and before.done and last in passed


def offered(record: Record, *, passed: Collection[str], last: str) -> Moment | None:
    """Return the moment for which a person is asked now, if there is one."""
    stages = {moment: stage(moment, record, passed=passed, last=last) for moment in Moment}
    return next((moment for moment, found in stages.items() if found in {Stage.OPEN, Stage.BEGUN}), None)


def first_form(assigned: Mapping[FormName, int], *, coin: FormName) -> FormName:
    """Return the form that the next person is asked first; `assigned` says how many were asked each.

    The coin decides, until one form is `LARGEST_DIFFERENCE` ahead: then the other one's turn has come (big stick
    design, Soares and Wu 1983). So the two stay even at any moment, and as good as nobody can foretell the next one.
    """
    ahead = assigned.get(FormName.A, 0) - assigned.get(FormName.B, 0)
    if ahead >= LARGEST_DIFFERENCE:
        return FormName.B
    return FormName.A if ahead <= -LARGEST_DIFFERENCE else coin


def other(form: FormName) -> FormName:
    """Return the form that is asked after the course, if this one was asked before it."""
    return FormName.B if form is FormName.A else FormName.A


def in_order_for(person: str, item: str, options: Sequence[Shown]) -> list[Shown]:
    """Return the options as a person sees them: the same in every language and on every device, the key anywhere."""
    shown = list(options)
    random.Random(f"{person}:{item}").shuffle(shown)  # noqa: S311  an order, not a secret
    return shown
