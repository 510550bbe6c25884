"""The settings of an installation: read once from the environment, every fault named at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "TRAINING_"
ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32  # characters: 128 bits even when the secret is written in hexadecimal
DEMO_SECRET = "only-for-demonstration-" + "0" * 32


class SettingsFault(Exception):
    """The environment does not describe an installation; `faults` names each variable and what is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation decides. Addresses are without a trailing slash; paths are absolute."""

    database_url: URL
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    public_url: str
    trusted_proxies: int
    data_dir: Path
    demo: bool
    free_registration: bool
    issuer: str
    contact: str
    """Whom people reach about their data; empty: the notice sends them to their city or region."""
    mail_url: str
    mail_from: str
    second_factor: bool
    """Whether trainers and administrators must use a second factor. Only a demonstration does without."""
    seal_key: Path | None
    seal_certificate: Path | None
    """PEM files; a demonstration without them makes its own pair."""
    timestamp_url: str
    """A time-stamp authority (RFC 3161) for the seals; empty: none."""
    courses_dir: Path
    manifest_file: Path

    @property
    def behind_tls(self) -> bool:
        """Whether browsers reach the platform over TLS: cookies are then marked Secure."""
        return self.public_url.startswith("https://")


def content_places(environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Return the folder of the courses and the file of the films: all that checking content needs to know."""
    reader = _Reader(environment)
    return (
        Path(reader.text("COURSES_DIR", default=str(ROOT / "courses"))).absolute(),
        Path(reader.text("VIDEOS_MANIFEST", default=str(ROOT / "videos_manifest.json"))).absolute(),
    )


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that `environment` describes.

    Raises `SettingsFault` with every fault at once. Outside demonstration mode a secret of at least 32 characters
    is demanded: a guessed one lets anybody sign a session.
    """
    reader = _Reader(environment)
    demo = reader.flag("DEMO", default=False)
    data_dir = Path(reader.text("DATA_DIR", default=str(ROOT / "var"))).absolute()
    courses_dir, manifest_file = content_places(environment)
    settings = Settings(
        database_url=reader.database("DATABASE_URL", default=f"sqlite:///{data_dir / 'training.sqlite3'}"),
        secret_key=reader.secret("SECRET_KEY", demo=demo),
        secret_key_fallbacks=tuple(reader.text("SECRET_KEY_FALLBACKS", default="").split()),
        public_url=reader.address("PUBLIC_URL", default="http://127.0.0.1:8000"),
        trusted_proxies=reader.whole_number("TRUSTED_PROXIES", default=0),
        data_dir=data_dir,
        demo=demo,
        free_registration=reader.flag("FREE_REGISTRATION", default=demo),
        issuer=reader.text("ISSUER", default="LIAISE Training"),
        contact=reader.text("CONTACT", default=""),
        mail_url=reader.mail("MAIL_URL", default=f"file://{data_dir / 'outbox'}" if demo else ""),
        mail_from=reader.text("MAIL_FROM", default="no-reply@localhost"),
        second_factor=not demo,
        seal_key=reader.seal("SEAL_KEY", demo=demo),
        seal_certificate=reader.seal("SEAL_CERTIFICATE", demo=demo),
        timestamp_url=reader.stamping("TIMESTAMP_URL"),
        courses_dir=courses_dir,
        manifest_file=manifest_file,
    )
    reader.refuse_unknown()
    if reader.faults:
        raise SettingsFault(reader.faults)
    return settings


class _Reader:
    """Reads one variable after another, remembers which, and collects the faults."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._known: set[str] = {f"{PREFIX}COURSES_DIR", f"{PREFIX}VIDEOS_MANIFEST"}
        self.faults: list[str] = []

    def text(self, name: str, *, default: str) -> str:
        self._known.add(PREFIX + name)
        return self._environment.get(PREFIX + name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, default="1" if default else "0").lower()
        if value not in {"0", "1", "yes", "no", "true", "false"}:
            self.faults.append(f"{PREFIX}{name} is {value!r}: say 1 or 0")
        return value in {"1", "yes", "true"}

    def whole_number(self, name: str, *, default: int) -> int:
        value = self.text(name, default=str(default))
        if not value.isdecimal():
            self.faults.append(f"{PREFIX}{name} is {value!r}: say a whole number, 0 or more")
            return default
        return int(value)

    def address(self, name: str, *, default: str) -> str:
        value = self.text(name, default=default).rstrip("/")
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
            self.faults.append(f"{PREFIX}{name} is {value!r}: say an address such as https://training.example.org")
        return value

    def database(self, name: str, *, default: str) -> URL:
        value = self.text(name, default=default)
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):
            self.faults.append(f"{PREFIX}{name} is not a database address: say sqlite:///file or postgresql://…")
            return make_url(default)
        if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
            self.faults.append(f"{PREFIX}{name} names no file: processes share a database; say sqlite:///file")
        if url.get_backend_name() not in {"sqlite", "postgresql"}:
            self.faults.append(f"{PREFIX}{name} names {url.get_backend_name()}: SQLite and PostgreSQL are supported")
        if url.get_backend_name() == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return url

    def mail(self, name: str, *, default: str) -> str:
        value = self.text(name, default=default)
        if urlsplit(value).scheme not in {"smtp", "smtps", "file"}:
            self.faults.append(
                f"{PREFIX}{name} is {value!r}: say smtp://user:password@host:587, or file:///folder to collect letters"
            )
        return value

    def seal(self, name: str, *, demo: bool) -> Path | None:
        value = self.text(name, default="")
        if not value and demo:
            return None
        if not value or not Path(value).is_file():
            found = f"{value!r} is not a file" if value else "is missing"
            self.faults.append(
                f"{PREFIX}{name} {found}: name the PEM file of the installation's seal; `training seal make` makes a "
                "self-signed pair (TRAINING_SEAL_KEY and TRAINING_SEAL_CERTIFICATE)"
            )
        return Path(value).absolute()

    def stamping(self, name: str) -> str:
        value = self.text(name, default="")
        if value and urlsplit(value).scheme not in {"http", "https"}:
            self.faults.append(f"{PREFIX}{name} is {value!r}: say an address such as http://timestamp.example.org")
        return value

    def secret(self, name: str, *, demo: bool) -> str:
        value = self.text(name, default=DEMO_SECRET if demo else "")
        weak = len(value) < SHORTEST_SECRET or len(set(value)) < 10 or (value == DEMO_SECRET and not demo)
        if weak:
            self.faults.append(
                f"{PREFIX}{name} is missing or weak: set {SHORTEST_SECRET} random characters or more, for instance "
                "the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return value

    def refuse_unknown(self) -> None:
        """A misspelt variable is a setting that silently does not hold: name it."""
        for name in sorted(self._environment):
            if name.startswith(PREFIX) and name not in self._known:
                self.faults.append(f"{name} is not a setting of this program (known: {', '.join(sorted(self._known))})")
