"""read the audit by time.

Who saw what somebody has reached is on record for each of them: a page of the audit, the newest first, does not read
all that came before.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = ["at", "chain", "number"]


def upgrade() -> None:
    with op.batch_alter_table("audit_entry") as batch:
        batch.create_index(op.f("ix_audit_entry_at_chain_number"), COLUMNS)


def downgrade() -> None:
    with op.batch_alter_table("audit_entry") as batch:
        batch.drop_index(op.f("ix_audit_entry_at_chain_number"))
