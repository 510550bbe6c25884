"""Doing things at the same moment, in real threads on a real database."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy.orm import Session

from training.db import Database

Result = TypeVar("Result")


def at_once(database: Database, acts: Sequence[Callable[[Session], Result]]) -> list[Result | Exception]:
    """Do each act in a thread and a transaction of its own, all begun together; return what came of each, in order."""
    gate = Barrier(len(acts))

    def run(act: Callable[[Session], Result]) -> Result | Exception:
        gate.wait()
        try:
            with database.transaction() as session:
                return act(session)
        except Exception as refusal:  # noqa: BLE001  whatever it is, the test looks at it
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def succeeded(results: Sequence[Result | Exception]) -> list[Result]:
    """Return the results of the acts that did not fail."""
    return [result for result in results if not isinstance(result, Exception)]
