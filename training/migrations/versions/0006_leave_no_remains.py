"""leave no remains of the erased.

When the database was last rewritten, and, on PostgreSQL, that no sample of what somebody wrote is kept for planning:
the samples of a table stay when its last row goes.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

from training import db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WRITTEN: Mapping[str, Sequence[str]] = {
    "account": ("email", "email_key"),
    "account_link": ("email",),
    "answer": ("device",),
    "certificate": ("claims",),
    "certificate_badge": ("badge",),
    "certificate_document": ("pdf", "token"),
    "invitation": ("email", "email_key", "name"),
    "letter": ("address", "subject", "text", "html", "fault"),
    "name_confirmation": ("name",),
    "person": ("name", "name_key", "employer"),
    "sign_in": ("device",),
    "watching_device": ("device",),
}


def upgrade() -> None:
    op.add_column("installation", sa.Column("rewritten_at", db.Instant(), nullable=True))
    _sample(0)


def downgrade() -> None:
    _sample(-1)
    with op.batch_alter_table("installation") as batch:
        batch.drop_column("rewritten_at")


def _sample(target: int) -> None:
    """Set how much of a column PostgreSQL keeps as statistics; -1 is the server's own choice."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in WRITTEN.items():
        for column in columns:
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS {target}')
