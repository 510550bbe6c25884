"""What an installation brings to its certificates: its seal, its address, its time-stamp authority."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from training.certificates import keys
from training.certificates.keys import SealKey
from training.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Office:
    """The seal, and where documents say that they are checked. `public_url` is without a trailing slash."""

    seal: SealKey
    public_url: str
    timestamp_url: str = ""

    @property
    def did(self) -> str:
        """Who the installation is, as others resolve it: did:web of its host (did:web Method Specification, 2.5)."""
        return "did:web:" + urlsplit(self.public_url).netloc.replace(":", "%3A")

    def method(self, kid: str) -> str:
        """Return the identifier of a key in the installation's document."""
        return f"{self.did}#{kid}"


def open_office(settings: Settings) -> Office:
    """Return the office of an installation. Raises `SealFault` when its files hold no pair that goes together."""
    if settings.seal_key is None or settings.seal_certificate is None:
        seal = keys.of_demonstration(settings.data_dir / "seal")
    else:
        seal = keys.read(settings.seal_key, settings.seal_certificate, demonstration=settings.demo)
    return Office(seal=seal, public_url=settings.public_url, timestamp_url=settings.timestamp_url)
