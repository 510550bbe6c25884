"""What fits into the time that somebody has. Values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass

from training.progress.rules import Demand, MilestoneKind, Standing, Step


@dataclass(frozen=True)
class OpenStep:
    """A step that is still open, and the minutes that it takes."""

    step: Step
    minutes: int


def open_steps(demand: Demand, standing: Standing) -> list[OpenStep]:
    """Return what is still open, in the order of the course: film, sections, quiz of each chapter."""
    found = []
    for asked in demand.chapters:
        own = standing.chapter(asked.chapter)
        still = set(own.open) if own else set()
        steps = [OpenStep(step, minutes) for step, minutes in asked.steps.items() if step in still]
        steps.sort(key=lambda step: _ORDER.get(step.step.kind, 1))
        found += steps
    return found


_ORDER = {MilestoneKind.FILM_WATCHED: 0, MilestoneKind.SECTION_READ: 1, MilestoneKind.QUIZ_PASSED: 2}


def fitting(steps: Sequence[OpenStep], minutes: int) -> list[OpenStep]:
    """Return the next steps that fit into `minutes`, in their order; the first one where none fits."""
    chosen: list[OpenStep] = []
    left = minutes
    for step in steps:
        if step.minutes > left:
            break
        chosen.append(step)
        left -= step.minutes
    return chosen or list(steps[:1])
