"""When each sentence is heard and each picture moves. Values in, values out; milliseconds throughout.

The sound leads: sentences have the length that their voice gave them, everything else is laid out around them. All
places lie on whole frames, so that sound, picture and captions agree to the millisecond.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.courses.content import Scene

FRAME = 40
"""The length of a frame: 25 a second."""
OPENING = 920
"""Before the first sentence: the viewer arrives."""
AFTER_SENTENCE = 400
AFTER_STEP = 520
AFTER_SCENE = 1160
CLOSING = 1800
"""After the last sentence: the last picture stands."""
LEAD = 200
"""A picture begins to move this long before its sentence."""
FADE = 200
"""A scene fades into paper, and the next out of it, for this long each."""
MOTION = 1200
"""How long a picture moves at a sentence, unless its drawing says otherwise."""
LONGEST_STILL = 8000
"""The longest time for which a picture may stand unchanged."""

CAPTION_EARLY = 80
CAPTION_LATE = 170
"""A caption comes and goes this long before and after its words: within 300 of the speech on either side."""
WANTED_PACE = 15.0
"""Characters a second that a caption should not exceed."""
HIGHEST_PACE = 17.0
"""Characters a second that no caption may exceed."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """When a sentence is spoken."""

    sentence: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """When a step of a scene is on screen, with its sentences. A step ends where the next one begins."""

    scene: str
    step: str
    start: int
    end: int
    heard: Sequence[Heard]


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """A film's plan."""

    steps: Sequence[Shown]
    duration: int

    @property
    def heard(self) -> list[Heard]:
        """The sentences in their order."""
        return [one for step in self.steps for one in step.heard]

    def scene_starts(self) -> list[tuple[str, int]]:
        """Return each scene with the moment at which it begins."""
        starts: dict[str, int] = {}
        for step in self.steps:
            starts.setdefault(step.scene, step.start)
        return list(starts.items())


@dataclass(frozen=True)
class State:
    """How a frame looks: how far each step of its scene is drawn (0 to its number of sentences), and the paper that
    lies over it (0 none, 1 nothing else is seen)."""

    scene: str
    drawn: tuple[tuple[str, float], ...]
    paper: float


def whole_frames(milliseconds: float) -> int:
    """Return the next moment at which a frame begins."""
    return -(-round(milliseconds) // FRAME) * FRAME


def lay_out(scenes: Sequence[Scene], lengths: Mapping[str, int]) -> Timeline:
    """Return the plan of a film whose sentences last as long as `lengths` says, by sentence."""
    clock = whole_frames(OPENING)
    begin = 0
    steps: list[Shown] = []
    for scene in scenes:
        for step in scene.steps:
            heard = []
            for spoken in step.sentences:
                heard.append(Heard(sentence=spoken.id, start=clock, end=clock + lengths[spoken.id]))
                clock = whole_frames(heard[-1].end + AFTER_SENTENCE)
            last = step is scene.steps[-1]
            clock = whole_frames(heard[-1].end + (AFTER_SCENE if last else AFTER_STEP))
            end = whole_frames(heard[-1].end + AFTER_SCENE // 2) if last else clock - LEAD
            steps.append(Shown(scene=scene.id, step=step.id, start=begin, end=end, heard=heard))
            begin = end
    duration = whole_frames(steps[-1].heard[-1].end + CLOSING)
    closing = steps.pop()
    steps.append(Shown(scene=closing.scene, step=closing.step, start=closing.start, end=duration, heard=closing.heard))
    return Timeline(steps=steps, duration=duration)


def frames(timeline: Timeline, motion: Mapping[str, Sequence[int]]) -> list[State]:
    """Return how each frame of the film looks.

    `motion` names steps whose pictures move for another time than usual, sentence by sentence.
    """
    moves = _moves(timeline, motion)
    starts = timeline.scene_starts()
    ends = [start for _, start in starts[1:]] + [timeline.duration]
    row = []
    for index, ((scene, start), end) in enumerate(zip(starts, ends, strict=True)):
        steps = [step.step for step in timeline.steps if step.scene == scene]
        for moment in range(start, end, FRAME):
            drawn = tuple((step, _drawn(moves[scene, step], moment)) for step in steps)
            fresh = 0.0 if index == 0 else 1 - (moment - start + FRAME) / FADE
            going = 0.0 if index == len(starts) - 1 else 1 - (end - moment) / FADE
            row.append(State(scene, drawn, round(min(1.0, max(0.0, fresh, going)), 3)))
    return row


def finished_states(scene: Scene) -> list[tuple[str, State]]:
    """Return how the picture looks at the end of each of a scene's steps."""
    row = []
    for index, step in enumerate(scene.steps):
        drawn = tuple(
            (other.id, float(len(other.sentences)) if place <= index else 0.0)
            for place, other in enumerate(scene.steps)
        )
        row.append((step.id, State(scene.id, drawn, 0.0)))
    return row


def longest_run(row: Sequence[object]) -> int:
    """Return the longest time for which a row of frames stays the same."""
    longest = run = 0
    for index, one in enumerate(row):
        run = run + 1 if index and one == row[index - 1] else 1
        longest = max(longest, run)
    return longest * FRAME


def slower(usual: int, slowest: int, captions: Sequence[tuple[int, int]]) -> int:
    """Return the speed of the voice, in percent, at which the captions of a sentence can be read as it is heard.

    `captions` are their lengths (milliseconds) and characters at the usual speed.
    """
    silence = CAPTION_EARLY + CAPTION_LATE
    shares = [(length - silence) / max(1.0, count * 1000 / WANTED_PACE - silence) for length, count in captions]
    return max(slowest, int(usual * min(1.0, *shares)))


@dataclass(frozen=True)
class _Move:
    start: int
    length: int


def _moves(timeline: Timeline, motion: Mapping[str, Sequence[int]]) -> dict[tuple[str, str], list[_Move]]:
    begins = [one.start - LEAD for one in timeline.heard]
    room = [after - before for before, after in zip(begins, [*begins[1:], timeline.duration], strict=True)]
    moves: dict[tuple[str, str], list[_Move]] = {}
    index = 0
    for step in timeline.steps:
        own = motion.get(step.step, ())
        for place in range(len(step.heard)):
            length = own[min(place, len(own) - 1)] if own else MOTION
            move = _Move(begins[index], min(length, room[index] - FRAME))
            moves.setdefault((step.scene, step.step), []).append(move)
            index += 1
    return moves


def _drawn(moves: Sequence[_Move], moment: int) -> float:
    return round(sum(min(1.0, max(0.0, (moment - move.start) / move.length)) for move in moves), 4)
