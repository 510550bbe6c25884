"""Tables of training groups. The work of a person is not here: it belongs to the enrolment (`progress`)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped

from training.cohorts.rules import PrivacyMode, SessionKind
from training.db import Base, column
from training.terms import NOT_ABOUT_PEOPLE, Erasure, OnErasure, Privacy, Purpose


class TrainingGroup(Base):
    """People who take the course together. A due date ends at midnight of the group's zone."""

    __tablename__ = "training_group"
    __table_args__ = (
        CheckConstraint(
            "privacy_mode IN ({})".format(", ".join(f"'{mode}'" for mode in PrivacyMode)), name="privacy_mode_is_known"
        ),
        CheckConstraint("sessions_asked >= 0", name="sessions_asked_is_a_number"),
    )
    erasure = Erasure(OnErasure.CUT, "The group belongs to its members; only who made it is cut.")
    serves = Purpose.TRAINING

    id: Mapped[UUID] = column(Privacy.NONE, primary_key=True)
    name: Mapped[str] = column(Privacy.NONE, String(120))
    course: Mapped[str] = column(Privacy.NONE, String(60))
    languages: Mapped[list[Any]] = column(Privacy.NONE)
    time_zone: Mapped[str] = column(Privacy.NONE, String(64))
    starts_on: Mapped[date] = column(Privacy.NONE)
    privacy_mode: Mapped[str] = column(Privacy.NONE, String(20))
    sessions_asked: Mapped[int] = column(Privacy.NONE, default=0)
    """How many of its sessions a member has to attend for their course to be completed."""
    code: Mapped[str] = column(Privacy.NONE, String(12), unique=True)
    made_at: Mapped[datetime] = column(Privacy.NONE)
    made_by: Mapped[UUID | None] = column(Privacy.TRACE)


class DueDate(Base):
    """The day by which a group wants a chapter done. It closes nothing."""

    __tablename__ = "due_date"
    erasure = NOT_ABOUT_PEOPLE

    group_id: Mapped[UUID] = column(Privacy.NONE, ForeignKey("training_group.id"), primary_key=True)
    chapter: Mapped[str] = column(Privacy.NONE, String(60), primary_key=True)
    due_on: Mapped[date] = column(Privacy.NONE)


class GroupSession(Base):
    """A meeting of a group: its time is that of its place. `recorded_at` says when attendance was last noted."""

    __tablename__ = "group_session"
    __table_args__ = (
        CheckConstraint(
            "kind IN ({})".format(", ".join(f"'{kind}'" for kind in SessionKind)), name="session_kind_is_known"
        ),
    )
    erasure = NOT_ABOUT_PEOPLE

    group_id: Mapped[UUID] = column(Privacy.NONE, ForeignKey("training_group.id"), primary_key=True)
    id: Mapped[UUID] = column(Privacy.NONE, primary_key=True)
    title: Mapped[str] = column(Privacy.NONE, String(120))
    kind: Mapped[str] = column(Privacy.NONE, String(20))
    place: Mapped[str] = column(Privacy.NONE, String(300))
    time_zone: Mapped[str] = column(Privacy.NONE, String(64))
    starts_at: Mapped[datetime] = column(Privacy.NONE)
    ends_at: Mapped[datetime] = column(Privacy.NONE)
    recorded_at: Mapped[datetime | None] = column(Privacy.NONE)


class Attendance(Base):
    """Whether a member attended a session of their group, as its trainers noted."""

    __tablename__ = "attendance"
    __table_args__ = (
        ForeignKeyConstraint(["group_id", "session_id"], ["group_session.group_id", "group_session.id"]),
        Index(None, "group_id", "session_id"),
    )
    erasure = Erasure(OnErasure.DELETE, "It says where one person was; the session stands without it.")
    serves = Purpose.TRAINING

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    group_id: Mapped[UUID] = column(Privacy.BELONGING, primary_key=True)
    session_id: Mapped[UUID] = column(Privacy.BELONGING, primary_key=True)
    attended: Mapped[bool] = column(Privacy.LEARNING)
    recorded_at: Mapped[datetime] = column(Privacy.LEARNING)


class GroupTrainer(Base):
    """That a person leads a group; several may share one."""

    __tablename__ = "group_trainer"
    __table_args__ = (Index(None, "person_id", "group_id"),)
    erasure = Erasure(OnErasure.DELETE, "Who has left leads nothing.")
    serves = Purpose.TRAINING

    group_id: Mapped[UUID] = column(Privacy.BELONGING, ForeignKey("training_group.id"), primary_key=True)
    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    since: Mapped[datetime] = column(Privacy.BELONGING)


class Invitation(Base):
    """That somebody was invited by letter. Of the link only the hash of its secret is kept, and only a POST uses it."""

    __tablename__ = "invitation"
    __table_args__ = (Index(None, "key"), Index(None, "email_key"))
    erasure = Erasure(OnErasure.DELETE, "An invitation of somebody who has left invites nobody.")
    serves = Purpose.TRAINING

    group_id: Mapped[UUID] = column(Privacy.BELONGING, ForeignKey("training_group.id"), primary_key=True)
    id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    person_id: Mapped[UUID | None] = column(Privacy.LINK, ForeignKey("person.id"))
    email: Mapped[str] = column(Privacy.IDENTITY, String(254))
    email_key: Mapped[str] = column(Privacy.IDENTITY, String(254))
    name: Mapped[str] = column(Privacy.IDENTITY, String(200))
    language: Mapped[str] = column(Privacy.SETTING, String(2))
    key: Mapped[str] = column(Privacy.CREDENTIAL, String(64))
    made_at: Mapped[datetime] = column(Privacy.BELONGING)
    made_by: Mapped[UUID | None] = column(Privacy.TRACE)
    ends_at: Mapped[datetime] = column(Privacy.BELONGING)
    used_at: Mapped[datetime | None] = column(Privacy.BELONGING)


class Membership(Base):
    """That a person takes part in a group. `reference` stands for the member in exported tables."""

    __tablename__ = "membership"
    __table_args__ = (Index(None, "group_id", "person_id"),)
    erasure = Erasure(OnErasure.DELETE, "It exists for the person alone.")
    serves = Purpose.TRAINING

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    group_id: Mapped[UUID] = column(Privacy.BELONGING, ForeignKey("training_group.id"), primary_key=True)
    reference: Mapped[UUID] = column(Privacy.LINK)
    joined_at: Mapped[datetime] = column(Privacy.BELONGING)
    mode_seen: Mapped[str] = column(Privacy.BELONGING, String(20))
    left_at: Mapped[datetime | None] = column(Privacy.BELONGING)
