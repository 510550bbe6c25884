"""Secret links by which people choose a password or prove an e-mail address; only a POST uses one up."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from training.people import queries, rules, sign_ins
from training.people.models import Account, AccountLink
from training.people.rules import LinkPurpose


class EmailTaken(Exception):
    """Another account has this e-mail address by now."""


def make_link(
    session: Session, person_id: UUID, purpose: LinkPurpose, *, now: datetime, email: str = "", back: str = ""
) -> str:
    """Return the secret of a new link. Older links stay good until one is used."""
    secret = secrets.token_urlsafe(32)
    session.add(
        AccountLink(
            person_id=person_id,
            key=rules.secret_key_of(secret),
            purpose=purpose.value,
            email=email,
            back=back,
            made_at=now,
            ends_at=now + rules.LINK_LASTS[purpose],
        )
    )
    session.flush()
    return secret


def set_password(session: Session, link: AccountLink, password_hash: str, *, now: datetime) -> None:
    """Use up a link by which a password is chosen; whoever reads the mailbox has proved the address as well."""
    change_password(session, link.person_id, password_hash, now=now, but=None)
    _confirm(session, link.person_id, now)
    _use_up(session, link, now)


def confirm(session: Session, link: AccountLink, *, now: datetime) -> None:
    """Use up a link by which the address of a new account is proved."""
    _confirm(session, link.person_id, now)
    _use_up(session, link, now)


def change_email(session: Session, link: AccountLink, *, now: datetime) -> str:
    """Use up a link by which another address is proved; return the former one. Raises `EmailTaken`."""
    key = rules.email_key(link.email)
    taken = session.scalar(select(Account.person_id).where(Account.email_key == key))
    if taken is not None and taken != link.person_id:
        raise EmailTaken
    account = queries.account(session, link.person_id)
    former, account.email, account.email_key = account.email, link.email, key
    _use_up(session, link, now)
    _close(session, link.person_id, now)
    session.flush()
    return former


def change_password(session: Session, person_id: UUID, password_hash: str, *, now: datetime, but: str | None) -> None:
    """Set a new password, and end every other sign-in and every link that would change password or address."""
    queries.account(session, person_id).password_hash = password_hash
    _close(session, person_id, now)
    sign_ins.end_all_sign_ins(session, person_id, now=now, but=but)
    session.flush()


def _close(session: Session, person_id: UUID, now: datetime) -> None:
    """Close every link that was made before the account changed hands: whoever had asked for it may be a stranger."""
    powerful = [purpose.value for purpose in LinkPurpose if purpose is not LinkPurpose.CONFIRM]
    session.execute(
        update(AccountLink)
        .where(AccountLink.person_id == person_id, AccountLink.purpose.in_(powerful), AccountLink.used_at.is_(None))
        .values(used_at=now)
    )


def _confirm(session: Session, person_id: UUID, now: datetime) -> None:
    account = queries.account(session, person_id)
    account.confirmed_at = account.confirmed_at or now


def _use_up(session: Session, link: AccountLink, now: datetime) -> None:
    """Close a link, and every other of its kind: the first letter that was opened is the one that counts."""
    session.execute(
        update(AccountLink)
        .where(
            AccountLink.person_id == link.person_id,
            AccountLink.purpose == link.purpose,
            AccountLink.used_at.is_(None),
        )
        .values(used_at=now)
    )
