"""A mail server of the tests: it speaks SMTP (RFC 5321) on the loopback and keeps what it takes."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


class HangUp(Exception):
    """The server breaks the connection, without a word."""


def nothing(_receiver: str) -> None:
    """What a server does at a moment at which nothing happens."""


@dataclass
class Post:
    """What the server has taken, and what it does at the two moments that matter; an answer that it gives is said."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    when_called: Callable[[str], str | None] = nothing
    """A receiver is named: nothing of the letter has left yet."""
    when_taken: Callable[[str], str | None] = nothing
    """The letter is kept, and the sender does not know yet."""
    url: str = ""

    def letters_to(self, receiver: str) -> list[EmailMessage]:
        return [read(data) for address, data in self.taken if address == receiver]


def read(data: bytes) -> EmailMessage:
    """A letter as a mail program reads it."""
    return message_from_bytes(data, policy=policy.default)


class _Conversation(socketserver.StreamRequestHandler):
    post: Post

    def handle(self) -> None:
        self._say("220 post.example")
        receiver = ""
        try:
            while line := self.rfile.readline().decode("ascii").strip():
                command = line[:4].upper()
                if command == "RCPT":
                    receiver = line[line.index("<") + 1 : line.index(">")]
                    self._say(self.post.when_called(receiver) or "250 go on")
                elif command == "DATA":
                    self._say("354 go on")
                    self.post.taken.append((receiver, self._letter()))
                    self._say(self.post.when_taken(receiver) or "250 taken")
                elif command == "QUIT":
                    self._say("221 goodbye")
                    return
                else:
                    self._say("250 post.example")
        except (HangUp, ConnectionError):
            return

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def open_post() -> Iterator[Post]:
    """Give a mail server that takes everything."""
    post = Post()
    conversation = type("Conversation", (_Conversation,), {"post": post})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), conversation) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        post.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        yield post
        server.shutdown()
        thread.join()
