"""Pushing letters: over SMTP, or, in demonstration, into files that a person can open."""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from training.db import Database
from training.mail import actions
from training.mail.models import Letter

TIMEOUT = 20  # seconds
Carry = Callable[[EmailMessage], object]
"""Hands a message to whoever delivers it; raises one of `FAULTS` when that fails."""
FAULTS = (OSError, smtplib.SMTPException)


def message(letter: Letter, *, sender: str, host: str) -> EmailMessage:
    """Return a letter as it travels: text and HTML, under an identifier that stays the same when it is tried again."""
    found = EmailMessage()
    found["Subject"] = letter.subject
    found["From"] = formataddr(("LIAISE Training", sender))
    found["To"] = letter.address
    found["Date"] = format_datetime(letter.made_at)
    found["Message-ID"] = f"<{letter.id}@{host}>"
    found["Content-Language"] = letter.language
    found["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    found.set_content(letter.text)
    found.add_alternative(letter.html, subtype="html")
    return found


@contextmanager
def carrier(mail_url: str) -> Iterator[Carry]:
    """Give who delivers: `smtp://user:password@host:587`, `smtps://host:465`, or `file:///folder`.

    The server is reached before any letter is handed over. Raises one of `FAULTS` when it is not.
    """
    parts = urlsplit(mail_url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        yield lambda found: _into_file(found, folder)
        return
    with _server(parts.scheme, parts.hostname or "localhost", parts.port) as server:
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server.send_message


def push_due(database: Database, mail_url: str, *, sender: str, host: str) -> int:
    """Send the letters that are due and return how many were taken.

    Before a letter goes out, a committed row says so: whatever happens to this process, no letter goes twice by itself.
    """
    with database.transaction() as session:
        due = list(actions.claim(session, now=datetime.now(UTC)))
    if not due:
        return 0
    try:
        with carrier(mail_url) as carry:
            return sum(_push(database, carry, letter, sender=sender, host=host) for letter in due)
    except FAULTS as error:
        for letter in due:
            with database.transaction() as session:
                actions.mark_unreached(session, letter.id, _words(error), now=datetime.now(UTC))
        return 0


def _push(database: Database, carry: Carry, letter: Letter, *, sender: str, host: str) -> bool:
    with database.transaction() as session:
        if not actions.hand_over(session, letter.id):
            return False
    try:
        carry(message(letter, sender=sender, host=host))
    except FAULTS as error:
        with database.transaction() as session:
            actions.mark_failed(session, letter.id, _words(error), now=datetime.now(UTC))
        return False
    with database.transaction() as session:
        actions.mark_sent(session, letter.id, now=datetime.now(UTC))
    return True


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _server(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=secure)
    server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=secure)
        server.ehlo()
    return server


def forget_files(mail_url: str, letters: Sequence[UUID]) -> None:
    """Delete the files of letters, where letters are files."""
    parts = urlsplit(mail_url)
    if parts.scheme == "file":
        for letter in letters:
            (Path(unquote(parts.path)) / f"{letter}.eml").unlink(missing_ok=True)


def _into_file(found: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = found["Message-ID"].strip("<>").split("@")[0]
    unfinished = folder / f".{name}"
    unfinished.write_bytes(found.as_bytes())
    unfinished.rename(folder / f"{name}.eml")
