"""ask for sessions.

A group may ask its members to attend some of its sessions before their course is completed. Those that are there ask
for none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("training_group") as batch:
        batch.add_column(sa.Column("sessions_asked", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("training_group") as batch:
        batch.alter_column("sessions_asked", existing_type=sa.Integer(), server_default=None)
        batch.create_check_constraint(batch.f("ck_training_group_sessions_asked_is_a_number"), "sessions_asked >= 0")


def downgrade() -> None:
    with op.batch_alter_table("training_group") as batch:
        batch.drop_constraint(batch.f("ck_training_group_sessions_asked_is_a_number"), type_="check")
        batch.drop_column("sessions_asked")
