"""The HTTP server, with the process that works beside it."""

import atexit
import subprocess
import sys
from collections.abc import Callable

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

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
