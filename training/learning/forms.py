"""What a browser sends while somebody learns: its shape, checked before anything is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from werkzeug.datastructures import MultiDict

from training.watching.rules import Report
from training.web.requests import moment_in

CLOCK_AHEAD = timedelta(minutes=1)
LONGEST_NAME = 80
MOST_OPTIONS = 12


class Malformed(Exception):
    """What was sent has not the shape that the page sends."""


@dataclass(frozen=True, kw_only=True)
class AnswerForm:
    """An answer as it was sent. `given_at` is the moment by the browser's count of the server's clock.

    `known` is what the sender believes to be held, if it says so (`quizzes.actions.Change`).
    """

    attempt: UUID
    question: str
    response: Sequence[str]
    change: UUID
    device: str
    given_at: datetime
    known: str | None


def read_answer(sent: MultiDict[str, str], *, now: datetime) -> AnswerForm:
    """Return an answer. Raises `Malformed`. `option` is repeated: in order, or as pairs for a match."""
    try:
        attempt, change = UUID(sent["attempt"]), UUID(sent["change"])
    except (KeyError, ValueError) as error:
        raise Malformed from error
    question = sent.get("question", "")
    device, known = sent.get("device", ""), sent.get("known")
    response = [option for option in sent.getlist("option") if option]
    too_long = [part for part in (question, device, known or "", *response) if len(part) > LONGEST_NAME * 2]
    if not question or len(question) > LONGEST_NAME or len(device) > 36 or too_long or len(response) > MOST_OPTIONS:
        raise Malformed
    return AnswerForm(
        attempt=attempt,
        question=question,
        response=response,
        change=change,
        device=device,
        given_at=read_moment(sent.get("given_at", ""), now=now),
        known=known,
    )


def read_moment(text: str, *, now: datetime) -> datetime:
    """Return a moment that a browser names, or `now` without one. Raises `Malformed`; the future is now."""
    if not text:
        return now
    moment = moment_in(text)
    if moment is None:
        raise Malformed
    return min(moment, now)


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WatchedReport(_Shape):
    """One stretch of film, in milliseconds."""

    begin: Annotated[int, Field(alias="from")]
    end: Annotated[int, Field(alias="to")]
    rate: float

    def report(self) -> Report:
        """Return the same as the rules take it."""
        return Report(begin=self.begin, end=self.end, rate=self.rate)


class WatchedForm(_Shape):
    """What a player reports."""

    film: Annotated[str, Field(max_length=60)]
    revision: Annotated[str, Field(max_length=64)]
    device: Annotated[str, Field(min_length=1, max_length=36, pattern=r"^[!-~]+$")]
    reports: Annotated[list[WatchedReport], Field(max_length=500)]
    given_at: AwareDatetime | None = None
    """When the last of it was watched, if that was before it could be sent."""


def read_watched(sent: Any) -> WatchedForm:
    """Return what a player reports. Raises `Malformed`."""
    try:
        return WatchedForm.model_validate(sent)
    except ValidationError as error:
        raise Malformed from error
