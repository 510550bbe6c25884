"""Rules of people: passwords, sign-ins, throttling. Values in, values out."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST_PASSWORD = 8  # NIST SP 800-63B, 5.1.1.2
LONGEST_PASSWORD = 200
LONGEST_SIGN_IN = timedelta(hours=12)
LONGEST_IDLE = timedelta(minutes=60)
OWN_DEVICE_SIGN_IN = timedelta(days=30)
OWN_DEVICE_IDLE = timedelta(days=14)
SEEN_PRECISION = timedelta(minutes=5)
LINK_LASTS = {
    "welcome": timedelta(days=14),
    "confirm": timedelta(days=7),
    "reset": timedelta(hours=2),
    "email": timedelta(days=1),
}
LETTERS_FREE = 5  # an hour, to one address: nobody's mailbox is filled by somebody else
CODE_STEP = 30  # seconds (RFC 6238, 4.1)
RECOVERY_CODES = 10
FAILURES_FREE = 5
FAILURES_FORGOTTEN = timedelta(hours=1)
FAILURES_FROM_ADDRESS_FREE = 50  # a town hall is one address


class FieldOfWork(StrEnum):
    """What a local actor works in (`domain.md`, 6.1)."""

    ADMINISTRATION = "administration"
    SOCIAL = "social"
    YOUTH = "youth"
    TEACHER = "teacher"
    POLICE = "police"
    ELECTED = "elected"
    HEALTH = "health"
    HOUSING = "housing"
    SPORT_CULTURE = "sport-culture"
    ASSOCIATION = "association"
    JUSTICE = "justice"
    OTHER = "other"


class LinkPurpose(StrEnum):
    """What a secret link is for."""

    WELCOME = "welcome"
    """Choose the first password of an account that an administrator made."""
    CONFIRM = "confirm"
    """Say that the e-mail address of a new account is one's own."""
    RESET = "reset"
    """Choose another password, having forgotten the present one."""
    EMAIL = "email"
    """Say that another e-mail address is one's own too."""


def email_key(email: str) -> str:
    """Return what makes an e-mail address unique: its form without case."""
    return email.strip().casefold()


def secret_key_of(secret: str) -> str:
    """Return the hash under which a secret is kept (64 hexadecimal digits). The secret has 256 bits: no salt needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def throttle_key(kind: str, value: str, *, pepper: str) -> str:
    """Return the key under which failures of an account or an address are counted, unreadable without `pepper`."""
    return hmac.new(pepper.encode(), f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()


def new_recovery_code() -> str:
    """Return a code of ten letters and digits (50 bits), in two halves."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789x"
    code = "".join(secrets.choice(letters) for _letter in range(10))
    return f"{code[:5]}-{code[5:]}"


def recovery_key(typed: str) -> str:
    """Return a recovery code as it is compared, however it was typed."""
    return "".join(character for character in typed.casefold() if character.isalnum())


def wait_after(failures: int, *, free: int) -> timedelta:
    """Return how long the next sign-in has to wait: nothing at first, then twice as long each time, an hour at most."""
    if failures < free:
        return timedelta()
    return min(timedelta(seconds=15 * 2 ** min(failures - free, 10)), timedelta(hours=1))


def sign_in_holds(*, now: datetime, seen_at: datetime, ends_at: datetime, own_device: bool) -> bool:
    """Whether a sign-in is still good."""
    idle = OWN_DEVICE_IDLE if own_device else LONGEST_IDLE
    return now < ends_at and now - seen_at < idle


def device_name(user_agent: str) -> str:
    """Return what a browser calls itself, as far as a person recognises it: `Firefox · Windows`."""
    browsers = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    browser = next((name for name in browsers if name in user_agent), "")
    system = next((name for name in systems if name in user_agent), "")
    shown = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS"}
    return " · ".join(shown.get(name, name) for name in (browser, system) if name)
