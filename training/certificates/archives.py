"""Many documents as one archive, written while it is sent: whatever its size, one document is in memory at a time."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase

from sqlalchemy import Select

from training.certificates import actions, registers, shelf
from training.certificates.documents import UnsupportedScript
from training.certificates.models import Certificate
from training.certificates.office import Office
from training.certificates.rules import Claims
from training.certificates.seals import SealingFailed
from training.certificates.snapshots import ISSUER_ZONE
from training.db import Database
from training.languages import Language
from training.web.spreadsheets import as_csv, csv_rows
from training.web.words import Speech

OWN_LANGUAGE, ALL_LANGUAGES = "own", "all"
PAGE = 50
REGISTER, MISSING = "register.csv", "missing.txt"


@dataclass(frozen=True)
class Wanted:
    """Which documents: of these certificates, in a language, in each holder's own, or in all."""

    certificates: Select[Certificate]
    languages: str

    def of(self, claims: Claims) -> Sequence[Language]:
        """Return the languages in which the documents of a certificate are wanted."""
        if self.languages == OWN_LANGUAGE:
            return [claims.language]
        return list(Language) if self.languages == ALL_LANGUAGES else [Language(self.languages)]


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


def stream(database: Database, office: Office, wanted: Wanted, speech: Speech, *, now: datetime) -> Iterator[bytes]:
    """Give the archive piece by piece: the register of what is in it as a table, then the documents.

    A document that cannot be made is left out, and named in a list at the end.
    """
    pipe, missing = _Pipe(), list[str]()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        with archive.open(_entry(REGISTER, now), "w", force_zip64=True) as register:
            headings, _none = registers.table([], office.public_url, now, speech)
            register.write(as_csv(headings, [], speech.language))
            for page in _pages(database, wanted.certificates):
                _headings, rows = registers.table(page, office.public_url, now, speech)
                register.write(csv_rows(rows, speech.language))
                yield pipe.take()
        for page in _pages(database, wanted.certificates):
            for certificate in page:
                missing += _add_documents(archive, database, office, certificate, wanted)
                yield pipe.take()
        if missing:
            archive.writestr(_entry(MISSING, now), "".join(f"{name}\r\n" for name in missing))
    yield pipe.take()


def _add_documents(
    archive: zipfile.ZipFile, database: Database, office: Office, certificate: Certificate, wanted: Wanted
) -> Sequence[str]:
    """Add the documents of a certificate, and return the names of those that cannot be made."""
    claims, missing = Claims.model_validate(certificate.claims), []
    for language in wanted.of(claims):
        name = f"{claims.number}-{language.value}.pdf"
        try:
            pdf = shelf.pdf(database, office, certificate.id, language)
        except (actions.NoSuchCertificate, UnsupportedScript, SealingFailed):
            missing.append(name)
        else:
            archive.writestr(_entry(name, certificate.issued_at), pdf)
    return missing


def _pages(database: Database, certificates: Select[Certificate]) -> Iterator[Sequence[Certificate]]:
    """Give certificates by register number, a page at a time, each in a short reading of its own."""
    last = 0
    while True:
        lines = certificates.where(Certificate.number > last).order_by(Certificate.number).limit(PAGE)
        with database.reading() as session:
            page = session.scalars(lines).all()
        if not page:
            return
        yield page
        last = page[-1].number


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, moment.astimezone(ISSUER_ZONE).timetuple()[:6])
