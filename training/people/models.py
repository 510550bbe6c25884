"""Tables of people: a person can be erased, an account signs in, a role is granted, a belonging has dates."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped

from training.access import Role
from training.db import Base, column
from training.terms import NOT_ABOUT_PEOPLE, Erasure, OnErasure, Privacy, Purpose

LONGEST_KEY = 600
"""Of a sort key: letters that unfold into many are cut there, and sort as far as they go."""
KEY = String(LONGEST_KEY).with_variant(String(LONGEST_KEY, collation="C"), "postgresql")
"""Sort keys compare byte by byte: they are made so that this is the order wanted, whatever the locale of the server."""
OF_THE_PERSON = Erasure(OnErasure.DELETE, "It exists for the person alone.")
LONGEST_NAME = 200
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3


class LocalAuthority(Base):
    """A city, town or region. `names` holds its name by language, English at least."""

    __tablename__ = "local_authority"
    erasure = NOT_ABOUT_PEOPLE

    id: Mapped[UUID] = column(Privacy.NONE, primary_key=True)
    slug: Mapped[str] = column(Privacy.NONE, String(80), unique=True)
    names: Mapped[dict[str, Any]] = column(Privacy.NONE)
    country: Mapped[str] = column(Privacy.NONE, String(2))
    population: Mapped[int | None] = column(Privacy.NONE)
    population_year: Mapped[int | None] = column(Privacy.NONE)
    member_since: Mapped[int | None] = column(Privacy.NONE)
    liaise: Mapped[list[Any]] = column(Privacy.NONE)
    website: Mapped[str] = column(Privacy.NONE, String(300), default="")
    made_at: Mapped[datetime] = column(Privacy.NONE)


class Person(Base):
    """Somebody who learns, trains or administers. The name is kept exactly as it was written."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "name_key", "id"),)
    erasure = OF_THE_PERSON
    serves = Purpose.ACCOUNT

    id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    name: Mapped[str] = column(Privacy.IDENTITY, String(LONGEST_NAME))
    name_key: Mapped[str] = column(Privacy.IDENTITY, KEY)
    language: Mapped[str] = column(Privacy.SETTING, String(2))
    time_zone: Mapped[str] = column(Privacy.SETTING, String(64))
    field_of_work: Mapped[str] = column(Privacy.SETTING, String(20))
    employer: Mapped[str] = column(Privacy.SETTING, String(200), default="")
    made_at: Mapped[datetime] = column(Privacy.LEARNING)


class Account(Base):
    """The way in of one person. `email_key` is what makes an address unique, whatever its case."""

    __tablename__ = "account"
    erasure = OF_THE_PERSON
    serves = Purpose.ACCOUNT

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    email: Mapped[str] = column(Privacy.IDENTITY, String(LONGEST_EMAIL))
    email_key: Mapped[str] = column(Privacy.IDENTITY, String(LONGEST_EMAIL), unique=True)
    password_hash: Mapped[str | None] = column(Privacy.CREDENTIAL, String(200))
    made_at: Mapped[datetime] = column(Privacy.LEARNING)
    confirmed_at: Mapped[datetime | None] = column(Privacy.LEARNING)
    closed_at: Mapped[datetime | None] = column(Privacy.LEARNING)


class Belonging(Base):
    """That a person belongs to an authority, from a day to a day; a move ends what its administrators may see."""

    __tablename__ = "belonging"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
        Index(
            "uq_belonging_current",
            "person_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index(None, "authority_id", "person_id"),
    )
    erasure = OF_THE_PERSON
    serves = Purpose.ACCOUNT

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    authority_id: Mapped[UUID] = column(Privacy.BELONGING, ForeignKey("local_authority.id"), primary_key=True)
    since: Mapped[date] = column(Privacy.BELONGING, primary_key=True)
    until: Mapped[date | None] = column(Privacy.BELONGING)


class RoleGrant(Base):
    """That somebody was given a role, by whom and when. An administrator's may be limited to one authority."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(f"role IN ('{Role.TRAINER}', '{Role.ADMINISTRATOR}')", name="role_is_granted"),
        CheckConstraint(
            f"authority_id IS NULL OR role = '{Role.ADMINISTRATOR}'", name="only_administrators_are_scoped"
        ),
    )
    erasure = OF_THE_PERSON
    serves = Purpose.ACCOUNT

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    role: Mapped[str] = column(Privacy.BELONGING, String(20))
    authority_id: Mapped[UUID | None] = column(Privacy.BELONGING, ForeignKey("local_authority.id"))
    granted_at: Mapped[datetime] = column(Privacy.BELONGING)
    granted_by: Mapped[UUID | None] = column(Privacy.TRACE)
    withdrawn_at: Mapped[datetime | None] = column(Privacy.BELONGING)


class SignIn(Base):
    """One sign-in on one device: revocable, because it is a row. `key` is the hash of the secret in the cookie."""

    __tablename__ = "sign_in"
    erasure = OF_THE_PERSON
    serves = Purpose.ACCOUNT

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = column(Privacy.CREDENTIAL, String(64), primary_key=True)
    made_at: Mapped[datetime] = column(Privacy.DETAIL)
    seen_at: Mapped[datetime] = column(Privacy.DETAIL)
    ends_at: Mapped[datetime] = column(Privacy.DETAIL)
    own_device: Mapped[bool] = column(Privacy.DETAIL)
    strong: Mapped[bool] = column(Privacy.DETAIL)
    device: Mapped[str] = column(Privacy.DETAIL, String(80))
    ended_at: Mapped[datetime | None] = column(Privacy.DETAIL)


class AccountLink(Base):
    """A secret link for one person; only the hash of its secret is kept, and only a POST uses it up."""

    __tablename__ = "account_link"
    erasure = OF_THE_PERSON
    serves = Purpose.ACCOUNT

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = column(Privacy.CREDENTIAL, String(64), primary_key=True)
    purpose: Mapped[str] = column(Privacy.DETAIL, String(20))
    email: Mapped[str] = column(Privacy.IDENTITY, String(LONGEST_EMAIL), default="")
    back: Mapped[str] = column(Privacy.NONE, String(300), default="")
    made_at: Mapped[datetime] = column(Privacy.DETAIL)
    ends_at: Mapped[datetime] = column(Privacy.DETAIL)
    used_at: Mapped[datetime | None] = column(Privacy.DETAIL)


class SecondFactor(Base):
    """The shared secret of a person's authenticator (RFC 6238), encrypted; good once a first code has proved it.

    `last_step` is the time step of the last code that was accepted: a code is good once.
    """

    __tablename__ = "second_factor"
    erasure = OF_THE_PERSON
    serves = Purpose.ACCOUNT

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = column(Privacy.CREDENTIAL, String(300))
    made_at: Mapped[datetime] = column(Privacy.DETAIL)
    proved_at: Mapped[datetime | None] = column(Privacy.DETAIL)
    last_step: Mapped[int] = column(Privacy.DETAIL)


class RecoveryCode(Base):
    """A code that stands in for the authenticator, once; only its hash is kept."""

    __tablename__ = "recovery_code"
    erasure = OF_THE_PERSON
    serves = Purpose.ACCOUNT

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = column(Privacy.CREDENTIAL, String(64), primary_key=True)
    used_at: Mapped[datetime | None] = column(Privacy.DETAIL)


class SignInFailure(Base):
    """Failed sign-ins of late, by a keyed hash of the account or of the address: neither can be read from it."""

    __tablename__ = "sign_in_failure"
    erasure = Erasure(OnErasure.NOTHING, "The key is a keyed hash, and the row is deleted within a day.")
    serves = Purpose.ACCOUNT

    key: Mapped[str] = column(Privacy.NONE, String(64), primary_key=True)
    failures: Mapped[int] = column(Privacy.NONE)
    last_at: Mapped[datetime] = column(Privacy.NONE)
