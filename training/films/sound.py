"""Samples of speech: where it begins, ends and pauses, how loud it is, and a whole film's track of it.

One channel, 48,000 samples of 16 bits a second. No program is called here.
"""

import wave
from array import array
from collections.abc import Iterable, Sequence
from math import sqrt
from pathlib import Path
from typing import TypeAlias

from training.films.captions import Pause

RATE = 48_000
WINDOW = RATE // 100  # ten milliseconds
WINDOW_MS = 10
SILENT = 0.012
"""What is quieter than this share of the loudest moment is silence (-38 dB)."""
EDGE = 30
"""Milliseconds kept before and after the speech: a soft consonant may lie below the threshold."""
SHORTEST_PAUSE = 120
LEVEL = 2600.0
"""The root mean square that every sentence is brought to (-22 dB), so that none stands out before mastering."""
LOUDEST = 30_000

Samples: TypeAlias = "array[int]"  # Python 3.11 cannot subscript it


def read_wave(path: Path) -> Samples:
    """Return the samples of a file that is already in our format."""
    with wave.open(str(path), "rb") as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
            raise ValueError(f"{path.name} is not one channel of 16 bits at {RATE} a second")
        return array("h", file.readframes(file.getnframes()))


def write_wave(path: Path, samples: Samples) -> None:
    """Write samples in our format."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, len(samples), "NONE", "not compressed"))
        file.writeframes(samples.tobytes())


def milliseconds(samples: Samples) -> int:
    """Return how long samples last."""
    return len(samples) * 1000 // RATE


def trimmed(samples: Samples) -> Samples:
    """Return the speech without the silence around it. Raises `ValueError` where nothing is heard."""
    loud = [index for index, silent in enumerate(_silent(samples)) if not silent]
    if not loud:
        raise ValueError("nothing is heard in this sentence")
    first = max(0, loud[0] * WINDOW - EDGE * RATE // 1000)
    last = min(len(samples), (loud[-1] + 1) * WINDOW + EDGE * RATE // 1000)
    return samples[first:last]


def pauses_in(samples: Samples) -> list[Pause]:
    """Return the silences within a sentence that are long enough for a caption to change."""
    pauses = []
    begin: int | None = None
    for index, silent in enumerate([*_silent(samples), False]):
        if silent and begin is None:
            begin = index
        elif not silent and begin is not None:
            start, end = begin * WINDOW_MS, index * WINDOW_MS
            if begin > 0 and end - start >= SHORTEST_PAUSE and end < milliseconds(samples) - EDGE:
                pauses.append(Pause(start=start, end=end))
            begin = None
    return pauses


def levelled(samples: Samples) -> Samples:
    """Return the sentence at the level that all have, never clipped."""
    spoken = [level for level, silent in zip(_levels(samples), _silent(samples), strict=True) if not silent]
    mean = sqrt(sum(level * level for level in spoken) / len(spoken))
    peak = max(abs(sample) for sample in samples)
    gain = min(LEVEL / mean, LOUDEST / peak)
    return array("h", (round(sample * gain) for sample in samples))


def widened(samples: Samples, pauses: Sequence[Pause], least: int) -> Samples:
    """Return the sentence with each of these pauses at least so many milliseconds long, by silence in its middle."""
    whole = array("h")
    done = 0
    for pause in pauses:
        middle = (pause.start + pause.end) // 2 * RATE // 1000
        missing = max(0, least - (pause.end - pause.start)) * RATE // 1000
        whole += samples[done:middle] + array("h", bytes(2 * missing))
        done = middle
    return whole + samples[done:]


def track(parts: Iterable[tuple[int, Samples]], duration: int) -> Samples:
    """Return one track on which each part begins at its millisecond."""
    whole = array("h", bytes(2 * (duration * RATE // 1000)))
    for start, samples in parts:
        place = start * RATE // 1000
        whole[place : place + len(samples)] = samples
    return whole


def _levels(samples: Samples) -> list[float]:
    windows = (samples[place : place + WINDOW] for place in range(0, len(samples), WINDOW))
    return [sqrt(sum(sample * sample for sample in window) / len(window)) for window in windows]


def _silent(samples: Samples) -> Sequence[bool]:
    levels = _levels(samples)
    threshold = max(levels, default=0.0) * SILENT
    return [level <= threshold for level in levels]
