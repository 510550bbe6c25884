"""The HTTP server, with the process that works beside it."""

import gc
import signal
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

THREADS = 16
LONGEST_STOP = 20  # seconds in which a worker finishes what it answers
Made = TypeVar("Made")


def serve(make_app: Callable[[], Flask], work: Callable[[], None], *, host: str, port: int, workers: int) -> None:
    """Serve until told to stop. Each worker makes its own app; one that ends unexpectedly is started again.

    `work` goes on in a process of its own, which ends with the server. It is a copy of this one: nothing is read anew.
    """
    get_context("fork").Process(target=_uninterrupted, args=(work,), daemon=True).start()
    Server(
        "training",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=THREADS * 8,
        respawn_failed_workers=True,
        workers_kill_timeout=LONGEST_STOP,
        websockets=False,
    ).serve(target_loader=partial(_uninterrupted, partial(_settled, make_app)), wrap_loader=False)


def _settled(make_app: Callable[[], Flask]) -> Flask:
    """Return an app whose content the garbage collector looks through no more: it stays as long as the process, and
    each look would hold up a page for a tenth of a second."""
    app = make_app()
    gc.collect()
    gc.freeze()
    return app


def _uninterrupted(act: Callable[[], Made]) -> Made:
    """Do something in a process that ends when the server says so.

    Ctrl-C reaches every process of a terminal. A worker that was told twice, by the terminal and by the server, could
    wait for itself and never end.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    return act()
