"""The HTTP server, and what has to be compiled before it starts."""

import atexit
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from training.web.words import TRANSLATIONS

THREADS = 16


def serve(make_app: Callable[[], Flask], *, host: str, port: int, workers: int) -> None:
    """Serve until told to stop. Each worker makes its own app; one that ends unexpectedly is started again."""
    worker = subprocess.Popen([sys.executable, "-m", "training.cli", "work"])
    atexit.register(worker.terminate)
    Server(
        "training",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=THREADS * 8,
        respawn_failed_workers=True,
        websockets=False,
    ).serve(target_loader=make_app, wrap_loader=False)


def compile_catalogues(folder: Path = TRANSLATIONS) -> None:
    """Compile the messages of each language, where the text is newer than what was compiled from it."""
    for source in folder.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name)
        fresh = target.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as compiled:
            write_mo(compiled, catalogue)
        with contextlib.suppress(FileNotFoundError):
            fresh.replace(target)
