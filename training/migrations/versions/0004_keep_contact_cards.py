"""keep contact cards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from training import db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_card",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("card", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_at", db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["local_authority.id"], name=op.f("fk_contact_card_authority_id_local_authority")
        ),
        sa.PrimaryKeyConstraint("authority_id", name=op.f("pk_contact_card")),
    )


def downgrade() -> None:
    op.drop_table("contact_card")
