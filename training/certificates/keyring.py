"""Which keys have signed here: the present one is published when it is first used, the ones before it stay."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from training.certificates.keys import PublicKey, SealKey
from training.certificates.models import SealKeyUsed
from training.db import insert_once


def use_key(session: Session, seal: SealKey, *, now: datetime) -> None:
    """Publish the key that signs from now on; the one before stays published, with the day until which it signed."""
    known = session.get(SealKeyUsed, seal.kid)
    if known is not None and known.until is None:
        return
    others = update(SealKeyUsed).where(SealKeyUsed.until.is_(None), SealKeyUsed.kid != seal.kid)
    session.execute(others.values(until=now))
    if known is not None:
        known.until = None
        session.flush()
        return
    row = {
        "kid": seal.kid,
        "x": seal.public.x,
        "y": seal.public.y,
        "certificate": seal.pem,
        "since": now,
        "until": None,
        "distrusted_at": None,
    }
    insert_once(session, SealKeyUsed, [row])


def distrust_key(session: Session, kid: str, *, now: datetime) -> bool:
    """Say of a key that it may be in wrong hands; return whether it was known and trusted."""
    known = session.get(SealKeyUsed, kid)
    if known is None or known.distrusted_at is not None:
        return False
    known.distrusted_at = now
    session.flush()
    return True


def distrusted_since(session: Session, kid: str) -> datetime | None:
    """Return since when a key is not trusted any more; nothing for one that is."""
    return session.scalar(select(SealKeyUsed.distrusted_at).where(SealKeyUsed.kid == kid))


def keys_used(session: Session) -> Sequence[SealKeyUsed]:
    """Return every key that has signed here, the latest first."""
    return session.scalars(select(SealKeyUsed).order_by(SealKeyUsed.since.desc(), SealKeyUsed.kid)).all()


def public_keys(session: Session) -> Mapping[str, PublicKey]:
    """Return the public half of every key that has signed here, by its identifier."""
    return {key.kid: PublicKey(key.x, key.y) for key in keys_used(session)}
