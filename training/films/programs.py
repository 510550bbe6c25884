"""The one door to programs that are not Python: ffmpeg, festival, SVOX Pico. Only building films needs them."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

INSTALLER = "scripts/install-film-tools.sh"


class ProgramMissing(Exception):
    """A program that building needs is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not installed; on Debian and its relatives {INSTALLER} installs what films need")
        self.name = name


class ProgramFailed(Exception):
    """A program did not do what it was asked; the message is its own."""


class Said(NamedTuple):
    """What a program wrote."""

    output: str
    report: str
    """Standard error: where ffmpeg says what it measured."""


def run(name: str, *arguments: str | Path) -> Said:
    """Run a program to its end and return what it said. Raises `ProgramMissing` and `ProgramFailed`."""
    program = shutil.which(name)
    if program is None:
        raise ProgramMissing(name)
    done = subprocess.run(  # noqa: S603  # a list of arguments made by our own modules, never a shell's line
        [program, *map(str, arguments)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise ProgramFailed(f"{name} {' '.join(map(str, arguments))[:500]}\n{done.stderr[-2000:]}")
    return Said(done.stdout, done.stderr)


@cache
def ffmpeg_version() -> str:
    """Return what identifies this ffmpeg: another one may encode the same film to other bytes."""
    return run("ffmpeg", "-version").output.splitlines()[0]
