"""hold sessions.

A group meets: face to face, online, on a field visit; and it is noted who attended.
"""

import sqlalchemy as sa
from alembic import op

from training import db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_session",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", db.Instant(), nullable=False),
        sa.Column("ends_at", db.Instant(), nullable=False),
        sa.Column("recorded_at", db.Instant(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('face-to-face', 'online', 'field-visit')", name=op.f("ck_group_session_session_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["training_group.id"], name=op.f("fk_group_session_group_id_training_group")
        ),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_group_session")),
    )
    op.create_table(
        "attendance",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id_person")),
        sa.ForeignKeyConstraint(
            ["group_id", "session_id"],
            ["group_session.group_id", "group_session.id"],
            name=op.f("fk_attendance_group_id_session_id_group_session"),
        ),
        sa.PrimaryKeyConstraint("person_id", "group_id", "session_id", name=op.f("pk_attendance")),
    )
    with op.batch_alter_table("attendance") as batch:
        batch.create_index(op.f("ix_attendance_group_id_session_id"), ["group_id", "session_id"])


def downgrade() -> None:
    op.drop_table("attendance")
    op.drop_table("group_session")
