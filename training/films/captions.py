"""Captions as the public broadcasters make them: at most two lines of 37 characters, 15 characters a second.

A sentence that needs more than two lines is split between clauses, and the split falls into a pause of the speech
where there is one near. Values in, values out; milliseconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from training.films.timing import CAPTION_EARLY, CAPTION_LATE, FRAME

LINE = 37
"""Characters in a line."""
NEAR = 500
"""A split inside a clause takes a pause of the speech that lies no further from where it is expected."""
CLAUSE_ENDS = (",", ";", ":", ".", "?", "!", "–", "—", "…", "”", "’", "»", "“")


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A silence within a sentence, counted from the sentence's start."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A caption: its lines, and when it stands."""

    start: int
    end: int
    lines: tuple[str, ...]

    @property
    def characters(self) -> int:
        """How many there are; the line break counts as the space that it replaces."""
        return len(" ".join(self.lines))

    @property
    def pace(self) -> float:
        """Characters a second."""
        return self.characters * 1000 / (self.end - self.start)


@dataclass(frozen=True, kw_only=True)
class Speech:
    """A sentence as it is heard in the film. `free_before` and `free_after` are the silences around it."""

    text: str
    start: int
    end: int
    pauses: Sequence[Pause] = ()
    free_before: int = CAPTION_EARLY + CAPTION_LATE
    free_after: int = CAPTION_EARLY + CAPTION_LATE


def lines_of(text: str) -> tuple[str, ...] | None:
    """Return the text in one line or two, or `None` if it needs more.

    Of two lines the break after a clause is preferred, then the even one, then the longer line below.
    """
    if len(text) <= LINE:
        return (text,)
    words = text.split(" ")
    halves = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    fitting = [pair for pair in halves if max(len(line) for line in pair) <= LINE]
    if not fitting:
        return None
    return min(fitting, key=lambda pair: abs(len(pair[0]) - len(pair[1]) + 2) - (12 if _closes(pair[0]) else 0))


def pieces_of(text: str) -> list[tuple[str, ...]]:
    """Return the captions of a sentence, as few as possible. A word of more than a line stands alone, too long."""
    words = text.split(" ")
    for count in range(1, len(words) + 1):
        splits = [pieces for pieces in _splits(words, count) if all(lines_of(piece) for piece in pieces)]
        if splits:
            best = min(splits, key=_unevenness)
            return [lines for piece in best if (lines := lines_of(piece))]
    return [(word,) for word in words]


def cues_of(speech: Speech) -> list[Cue]:
    """Return the captions of a sentence at their times."""
    pieces = pieces_of(speech.text)
    edges = changes_in(speech)
    first = speech.start - min(CAPTION_EARLY, speech.free_before)
    last = speech.end + min(CAPTION_LATE, max(0, speech.free_after - CAPTION_EARLY - FRAME))
    starts = [first, *(max(silence.end - CAPTION_EARLY, silence.start) for silence in edges)]
    ends = [
        *(
            min(silence.start + CAPTION_LATE, max(silence.start, start - FRAME))
            for silence, start in zip(edges, starts[1:], strict=True)
        ),
        last,
    ]
    return [
        Cue(start=start, end=end, lines=lines)
        for start, end, lines in zip(starts, ends, pieces, strict=True)
    ]  # fmt: skip


def changes_in(speech: Speech) -> list[Pause]:
    """Return the silences in which one caption of the sentence gives way to the next, on the clock of `start`.

    One has no length where nobody pauses.
    """
    length = speech.end - speech.start
    said = _pauses_at_marks(speech)
    changes = []
    before = ""
    for lines in pieces_of(speech.text)[:-1]:
        before = " ".join([before, *lines]).strip()
        expected = round(length * len(before) / len(speech.text))
        pause = said.get(len(before.split(" "))) or _nearest(speech.pauses, expected)
        changes.append(Pause(start=speech.start + pause.start, end=speech.start + pause.end))
    return changes


def webvtt(cues: Sequence[Cue]) -> str:
    """Return the captions as a WebVTT file (W3C WebVTT, section 4.1)."""
    return _vtt((cue.start, cue.end, "\n".join(_escaped(line) for line in cue.lines)) for cue in cues)


def chapters_webvtt(starts: Sequence[tuple[str, int]], duration: int) -> str:
    """Return the titles of a film's parts as a WebVTT file of chapters. Parts with one title in a row are one."""
    parts = [part for index, part in enumerate(starts) if index == 0 or part[0] != starts[index - 1][0]]
    ends = [start for _, start in parts[1:]] + [duration]
    return _vtt((start, end, _escaped(title)) for (title, start), end in zip(parts, ends, strict=True))


def _splits(words: Sequence[str], count: int) -> Iterator[list[str]]:
    for cuts in combinations(range(1, len(words)), count - 1):
        yield [" ".join(words[begin:end]) for begin, end in pairwise((0, *cuts, len(words)))]


def _unevenness(pieces: Sequence[str]) -> float:
    """How far the pieces are from equal; a split inside a clause costs more than any unevenness."""
    mean = sum(len(piece) for piece in pieces) / len(pieces)
    inside = sum(not _closes(piece) for piece in pieces[:-1])
    return max(abs(len(piece) - mean) for piece in pieces) + 100 * inside


def _closes(piece: str) -> bool:
    return piece.endswith(CLAUSE_ENDS)


def _pauses_at_marks(speech: Speech) -> dict[int, Pause]:
    """Return the pause after each clause, by the number of words before it: the longest pauses are those of the marks,
    in their order. Empty where the voice pauses less often than the text has marks."""
    words = speech.text.split(" ")
    marks = [count for count, word in enumerate(words[:-1], start=1) if _closes(word)]
    if len(speech.pauses) < len(marks):
        return {}
    longest = sorted(speech.pauses, key=lambda pause: pause.start - pause.end)[: len(marks)]
    return dict(zip(marks, sorted(longest, key=lambda pause: pause.start), strict=True))


def _nearest(pauses: Sequence[Pause], expected: int) -> Pause:
    def off(pause: Pause) -> float:
        return abs((pause.start + pause.end) / 2 - expected)

    near = [pause for pause in pauses if off(pause) <= NEAR]
    return min(near, key=off, default=Pause(start=expected, end=expected))


def _vtt(entries: Iterator[tuple[int, int, str]]) -> str:
    blocks = [f"{_clock(start)} --> {_clock(end)}\n{text}" for start, end, text in entries]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
