"""The log of the program: what happened and where, never what people wrote."""

import logging
import traceback

LOG = logging.getLogger("training")


class _WithoutValues(logging.Filter):
    """Lets an error into the log as its kind and its place, and none of what it says.

    What a database or a parser says of an error quotes what people wrote; a log outlives their erasure.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text, record.exc_info = _place(record.exc_info[1]), None
        return True


def _place(error: BaseException | None) -> str:
    """Return of what kind an error is and where it happened, with what caused it."""
    said = []
    while error is not None:
        said.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
        error = error.__cause__ or error.__context__
    return "\ncaused by\n".join(said)


LOG.addFilter(_WithoutValues())
