"""Pushing letters: over SMTP, or, in demonstration, into files that a person can open."""

import smtplib
import ssl
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from training.db import Database
from training.languages import Language
from training.mail import actions
from training.mail.models import Letter
from training.web.words import catalogue

TIMEOUT = 20  # seconds
Carry = Callable[[EmailMessage], object]
"""Hands a message to whoever delivers it; raises one of `FAULTS` when that fails."""
FAULTS = (OSError, smtplib.SMTPException)


class InDoubt(smtplib.SMTPServerDisconnected):
    """The connection broke while a letter was on its way: nobody knows whether the mail server has taken it."""


class _Server(smtplib.SMTP):
    """A mail server that tells a refusal, which is tried again, from a doubt, which a person decides."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            raise InDoubt(str(error)) from error


class _TlsServer(_Server, smtplib.SMTP_SSL):
    """The same, over TLS from the first byte."""


def message(letter: Letter, *, sender: str, host: str) -> EmailMessage:
    """Return a letter as it travels: text and HTML, under an identifier that stays the same when it is tried again."""
    found = EmailMessage()
    found["Subject"] = letter.subject
    found["From"] = formataddr((catalogue(Language(letter.language)).gettext("LIAISE Training"), sender))
    found["To"] = _on_the_wire(letter.address)
    found["Date"] = format_datetime(letter.made_at)
    found["Message-ID"] = f"<{letter.id}@{host}>"
    found["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    found.set_content(letter.text)
    found.add_alternative(letter.html, subtype="html")
    for part in found.walk():  # a multipart takes none over from its parts, nor do they from it
        part["Content-Language"] = letter.language
    return found


def _on_the_wire(address: str) -> str:
    """Return an address as every mail server takes it: a domain with accents in its ASCII form (RFC 5891)."""
    try:
        found = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return address
    return found.ascii_email or found.normalized


@contextmanager
def carrier(mail_url: str, *, host: str) -> Iterator[Carry]:
    """Give who delivers: `smtp://user:password@host:587`, `smtps://host:465`, or `file:///folder`.

    The server is reached before any letter is handed over, and greeted in the name of `host`. Raises one of `FAULTS`
    when it is not.
    """
    parts = urlsplit(mail_url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        yield lambda found: _into_file(found, folder)
        return
    with _server(parts, greeting=host) as server:
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server.send_message


def push_due(database: Database, mail_url: str, *, sender: str, host: str) -> int:
    """Send the letters that are due and return how many were taken.

    Before a letter goes out, a committed row says so: whatever happens to this process, no letter goes twice by itself.
    When the connection is lost, the letters that have not gone out wait.
    """
    with database.transaction() as session:
        due = list(actions.claim(session, now=datetime.now(UTC)))
    if not due:
        return 0
    taken, rest = 0, iter(due)
    try:
        with carrier(mail_url, host=host) as carry:
            for letter in rest:
                taken += _push(database, carry, letter, sender=sender, host=host)
    except FAULTS as error:
        for letter in rest:
            with database.transaction() as session:
                actions.mark_unreached(session, letter.id, _words(error), now=datetime.now(UTC))
    return taken


def _push(database: Database, carry: Carry, letter: Letter, *, sender: str, host: str) -> bool:
    """Send one letter and return whether it was taken. Raises `SMTPServerDisconnected` when the next ones must wait."""
    with database.transaction() as session:
        if not actions.hand_over(session, letter.id):
            return False
    try:
        carry(message(letter, sender=sender, host=host))
    except InDoubt as error:
        with database.transaction() as session:
            actions.mark_doubtful(session, letter.id, _words(error))
        raise
    except FAULTS as error:
        with database.transaction() as session:
            actions.mark_failed(session, letter.id, _words(error), now=datetime.now(UTC))
        if isinstance(error, smtplib.SMTPServerDisconnected):
            raise
        return False
    with database.transaction() as session:
        actions.mark_sent(session, letter.id, now=datetime.now(UTC))
    return True


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _server(address: SplitResult, *, greeting: str) -> smtplib.SMTP:
    secure, host = ssl.create_default_context(), address.hostname or "localhost"
    if address.scheme == "smtps":
        return _TlsServer(host, address.port or 465, local_hostname=greeting, timeout=TIMEOUT, context=secure)
    server = _Server(host, address.port or 587, local_hostname=greeting, timeout=TIMEOUT)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=secure)
            server.ehlo()
    except FAULTS:
        server.close()
        raise
    return server


def forget_files(mail_url: str, letters: Collection[UUID], *, speaking_of: Sequence[str]) -> None:
    """Delete the files of letters, where letters are files, and of those to others that speak of somebody."""
    parts = urlsplit(mail_url)
    if parts.scheme != "file":
        return
    names = {str(letter) for letter in letters}
    for file in Path(unquote(parts.path)).glob("*.eml"):
        body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",))
        said = str(body.get_content()).casefold() if body else ""
        if file.stem in names or any(word.casefold() in said for word in speaking_of):
            file.unlink(missing_ok=True)


def _into_file(found: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = found["Message-ID"].strip("<>").split("@")[0]
    unfinished = folder / f".{name}"
    unfinished.write_bytes(found.as_bytes())
    unfinished.rename(folder / f"{name}.eml")
