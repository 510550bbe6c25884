"""The seal of the tests' installation: one pair for a whole run, since making one costs time and proves nothing."""

import functools
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from training.certificates import keys
from training.certificates.keys import SealKey
from training.certificates.models import INSTALLATION, Issuer

MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


@functools.cache
def seal_files() -> Mapping[str, str]:
    """The settings that name the two files of the seal."""
    folder = Path(tempfile.mkdtemp(prefix="seal"))
    for name, content in keys.make("City of Tests", now=MADE_AT).items():
        (folder / f"{name}.pem").write_bytes(content)
    return {
        "TRAINING_SEAL_KEY": str(folder / "key.pem"),
        "TRAINING_SEAL_CERTIFICATE": str(folder / "certificate.pem"),
    }


@functools.cache
def seal() -> SealKey:
    """The pair itself."""
    files = seal_files()
    return keys.read(Path(files["TRAINING_SEAL_KEY"]), Path(files["TRAINING_SEAL_CERTIFICATE"]))


def another_seal() -> SealKey:
    """A pair that belongs to somebody else, or comes after the first."""
    folder = Path(tempfile.mkdtemp(prefix="seal"))
    for name, content in keys.make("Somebody else", now=MADE_AT).items():
        (folder / name).write_bytes(content)
    return keys.read(folder / "key", folder / "certificate")


def appoint(session: Session) -> None:
    """Say in whose name the installation issues, and who signs."""
    session.add(
        Issuer(
            id=INSTALLATION,
            authority_id=None,
            name="LIAISE Training",
            signatories=[{"name": "Alba Romero", "function": {"en": "Mayor", "fr": "Maire"}}],
            funding={},
            logo=None,
            changed_at=MADE_AT,
        )
    )
    session.flush()
