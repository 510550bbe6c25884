"""Many documents as one archive, written while it is sent: whatever its size, one document is in memory at a time."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from uuid import UUID

from training.certificates import actions, shelf
from training.certificates.documents import UnsupportedScript
from training.certificates.office import Office
from training.certificates.snapshots import ISSUER_ZONE
from training.db import Database
from training.languages import Language


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A document for the archive."""

    certificate_id: UUID
    number: str
    language: Language
    issued_at: datetime


class _Pipe(RawIOBase):
    """What the archive is written to: it hands on what it got."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # zipfile writes bytes and memory views
        self._held.append(piece)
        return len(piece)

    def take(self) -> bytes:
        piece = b"".join(self._held)
        self._held.clear()
        return piece


def stream(
    database: Database, office: Office, wanted: Sequence[Wanted], *, index: bytes, index_name: str
) -> Iterator[bytes]:
    """Give the archive piece by piece: a table of what is in it, then a document for each of `wanted`.

    A document that cannot be made is left out; the table says which numbers there should be.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(index_name, index)
        yield pipe.take()
        for one in wanted:
            try:
                pdf = shelf.pdf(database, office, one.certificate_id, one.language)
            except (actions.NoSuchCertificate, UnsupportedScript):
                continue
            moment = one.issued_at.astimezone(ISSUER_ZONE)
            entry = zipfile.ZipInfo(f"{one.number}-{one.language.value}.pdf", moment.timetuple()[:6])
            archive.writestr(entry, pdf)
            yield pipe.take()
    yield pipe.take()
