"""The second factor: a code from an authenticator (TOTP, RFC 6238), or one of the recovery codes."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from training.access import Actor
from training.db import insert_once
from training.people import rules
from training.people.models import RecoveryCode, SecondFactor

ISSUER = "LIAISE Training"


class Vault:
    """Encrypts the shared secrets with a key that is not in the database; keys rotate like the program's own."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._key = _derived(keys[0])
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def derive(self, purpose: str) -> str:
        """Return a secret for a purpose, always the same (RFC 4648, section 6: 32 letters and digits)."""
        derived = hmac.new(self._key, b"proposal\0" + purpose.encode(), hashlib.sha256).digest()
        return base64.b32encode(derived[:20]).decode()

    def seal(self, secret: str) -> str:
        """Return a secret as it is stored."""
        return str(self._fernet.encrypt(secret.encode()).decode())

    def open(self, sealed: str) -> str | None:
        """Return a stored secret, or nothing when its key is gone."""
        try:
            return str(self._fernet.decrypt(sealed.encode()).decode())
        except InvalidToken:
            return None


def proposal(vault: Vault, actor: Actor) -> str:
    """Return the shared secret that a person may enter in their authenticator: one for each sign-in.

    It is kept nowhere before a code has proved it: to look at the page changes nothing.
    """
    return vault.derive(f"{actor.person_id}\0{actor.session_key}")


def address(secret: str, email: str) -> str:
    """Return what an authenticator reads from the QR code (the otpauth key format)."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def prove(session: Session, actor: Actor, vault: Vault, code: str, *, now: datetime) -> list[str]:
    """Keep the secret that was proposed if the first code of an authenticator proves it; return the recovery codes.

    They are shown only now. There are none if the code is wrong, or if the person has a second factor that works.
    """
    secret = proposal(vault, actor)
    step = _matching_step(secret, code, after=0, now=now)
    if step is None:
        return []
    row = {"person_id": actor.person_id, "made_at": now, "last_step": 0, "secret": "", "proved_at": None}
    insert_once(session, SecondFactor, [row])
    kept = session.get_one(SecondFactor, actor.person_id, with_for_update=True, populate_existing=True)
    if kept.proved_at is not None:
        return []
    kept.secret, kept.proved_at, kept.last_step = vault.seal(secret), now, step
    return renew_recovery_codes(session, actor.person_id)


def renew_recovery_codes(session: Session, person_id: UUID) -> list[str]:
    """Return new recovery codes; the former ones are void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [rules.new_recovery_code() for _number in range(rules.RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(person_id=person_id, key=rules.secret_key_of(rules.recovery_key(code))) for code in codes
    )
    session.flush()
    return codes


def accepts(session: Session, person_id: UUID, vault: Vault, code: str, *, now: datetime) -> bool:
    """Whether a code is right, one step early or late at most, and was not used before."""
    kept = session.get(SecondFactor, person_id, with_for_update=True)
    secret = vault.open(kept.secret) if kept is not None and kept.proved_at is not None else None
    if kept is None or secret is None:
        return False
    step = _matching_step(secret, code, after=kept.last_step, now=now)
    if step is None:
        return False
    kept.last_step = step
    session.flush()
    return True


def _matching_step(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """Return the time step of which a code is the right one, among the present and those beside it."""
    digits = "".join(character for character in code if character.isdecimal())
    if len(digits) != 6:
        return None
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // rules.CODE_STEP
    for step in (present, present - 1, present + 1):
        if step > after and secrets.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def accepts_recovery(session: Session, person_id: UUID, code: str, *, now: datetime) -> bool:
    """Whether a recovery code is one of the person's, and use it up."""
    key = rules.secret_key_of(rules.recovery_key(code))
    changed = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.key == key, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def is_proved(session: Session, person_id: UUID) -> bool:
    """Whether a person has a second factor that works."""
    kept = session.get(SecondFactor, person_id)
    return kept is not None and kept.proved_at is not None


def recovery_codes_left(session: Session, person_id: UUID) -> int:
    """Return how many recovery codes are unused."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def remove(session: Session, person_id: UUID) -> None:
    """Take the second factor away, with its recovery codes."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"second factor\0" + key.encode()).digest())
