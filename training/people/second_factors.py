"""The second factor: a code from an authenticator (TOTP, RFC 6238), or one of the recovery codes."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from training.people import rules
from training.people.models import RecoveryCode, SecondFactor

ISSUER = "LIAISE Training"


class Vault:
    """Encrypts the shared secrets with a key that is not in the database; keys rotate like the program's own."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def seal(self, secret: str) -> str:
        """Return a secret as it is stored."""
        return str(self._fernet.encrypt(secret.encode()).decode())

    def open(self, sealed: str) -> str | None:
        """Return a stored secret, or nothing when its key is gone."""
        try:
            return str(self._fernet.decrypt(sealed.encode()).decode())
        except InvalidToken:
            return None


def propose(session: Session, person_id: UUID, vault: Vault, *, now: datetime) -> str:
    """Return the shared secret that a person enters in their authenticator; a proved one is never replaced by this."""
    kept = session.get(SecondFactor, person_id)
    if kept is not None and kept.proved_at is None:
        found = vault.open(kept.secret)
        if found is not None:
            return found
    secret = str(pyotp.random_base32())
    if kept is None:
        kept = SecondFactor(person_id=person_id, made_at=now, last_step=0, secret=vault.seal(secret))
        session.add(kept)
    elif kept.proved_at is None:
        kept.secret, kept.made_at = vault.seal(secret), now
    session.flush()
    return secret


def address(secret: str, email: str) -> str:
    """Return what an authenticator reads from the QR code (the otpauth key format)."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def prove(session: Session, person_id: UUID, vault: Vault, code: str, *, now: datetime) -> list[str]:
    """Accept the first code of an authenticator and return the recovery codes, shown only now; none if it is wrong."""
    if not accepts(session, person_id, vault, code, now=now, proved=False):
        return []
    session.get_one(SecondFactor, person_id).proved_at = now
    return renew_recovery_codes(session, person_id)


def renew_recovery_codes(session: Session, person_id: UUID) -> list[str]:
    """Return new recovery codes; the former ones are void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [rules.new_recovery_code() for _number in range(rules.RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(person_id=person_id, key=rules.secret_key_of(rules.recovery_key(code))) for code in codes
    )
    session.flush()
    return codes


def accepts(session: Session, person_id: UUID, vault: Vault, code: str, *, now: datetime, proved: bool = True) -> bool:
    """Whether a code is right, one step early or late at most, and was not used before."""
    kept = session.get(SecondFactor, person_id, with_for_update=True)
    if kept is None or (kept.proved_at is None) == proved:
        return False
    secret = vault.open(kept.secret)
    digits = "".join(character for character in code if character.isdecimal())
    if secret is None or len(digits) != 6:
        return False
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // rules.CODE_STEP
    for step in (present, present - 1, present + 1):
        if step > kept.last_step and secrets.compare_digest(totp.generate_otp(step), digits):
            kept.last_step = step
            session.flush()
            return True
    return False


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
