"""Deepen the certificates: keys, documents that are sealed, badges, issuers, batches, evidence.

Documents that were kept before there was a seal are deleted: the next request makes and seals them from the register.
"""

import sqlalchemy as sa
from alembic import op

from training import db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHECKS = {
    "ck_certificate_replaced_with_a_reason": "(replaced_at IS NULL) = (replaced_reason IS NULL)",
    "ck_certificate_replaced_by_another": "(replaced_at IS NULL) = (replaced_by_id IS NULL)",
    "ck_certificate_revoked_or_replaced": "revoked_at IS NULL OR replaced_at IS NULL",
    "ck_certificate_erased_is_nobodys": "erased_at IS NULL OR person_id IS NULL",
}


def upgrade() -> None:
    op.create_table(
        "issue_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("made_at", db.Instant(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("finished_at", db.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_batch")),
    )
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_batch_finished_at"), ["finished_at"], unique=False)

    op.create_table(
        "issuer_logo",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_issuer_logo")),
    )
    op.create_table(
        "seal_key_used",
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("x", sa.String(length=43), nullable=False),
        sa.Column("y", sa.String(length=43), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("since", db.Instant(), nullable=False),
        sa.Column("until", db.Instant(), nullable=True),
        sa.Column("distrusted_at", db.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_seal_key_used")),
    )
    op.create_table(
        "issuer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("signatories", db.Document, nullable=False),
        sa.Column("funding", db.Document, nullable=False),
        sa.Column("logo", sa.String(length=64), nullable=True),
        sa.Column("changed_at", db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["local_authority.id"], name=op.f("fk_issuer_authority_id_local_authority")
        ),
        sa.ForeignKeyConstraint(["logo"], ["issuer_logo.sha256"], name=op.f("fk_issuer_logo_issuer_logo")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer")),
    )
    op.create_table(
        "name_confirmation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("confirmed_at", db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_name_confirmation_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_name_confirmation")),
    )
    op.create_table(
        "register_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("made_at", db.Instant(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", db.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["local_authority.id"], name=op.f("fk_register_token_authority_id_local_authority")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_token")),
        sa.UniqueConstraint("key", name=op.f("uq_register_token_key")),
    )
    op.create_table(
        "certificate_badge",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("badge", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("made_at", db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_badge_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["seal_key_used.kid"], name=op.f("fk_certificate_badge_key_id_seal_key_used")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_badge")),
    )
    op.create_table(
        "certificate_evidence",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("facts", db.Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_evidence_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_evidence")),
    )
    op.create_table(
        "issue_item",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=30), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('registered', 'sealed')) = (certificate_id IS NOT NULL)",
            name=op.f("ck_issue_item_issued_is_there"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'registered', 'sealed', 'passed-over')", name=op.f("ck_issue_item_state_is_known")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["issue_batch.id"], name=op.f("fk_issue_item_batch_id_issue_batch")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_issue_item_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_issue_item_person_id_person")),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_issue_item")),
    )
    with op.batch_alter_table("issue_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_item_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("refresher_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("replaced_at", db.Instant(), nullable=True))
        batch_op.add_column(sa.Column("replaced_reason", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("replaced_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("erased_at", db.Instant(), nullable=True))
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(name), condition)
        batch_op.create_index(
            "uq_certificate_standing",
            ["person_id", "course"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_key_id_seal_key_used"), "seal_key_used", ["key_id"], ["kid"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_replaced_by_id_certificate"),
            "certificate",
            ["replaced_by_id"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )

    op.execute("DELETE FROM certificate_document")
    with op.batch_alter_table("certificate_document", schema=None) as batch_op:
        batch_op.alter_column("pdf", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.add_column(sa.Column("token", sa.String(length=6000), nullable=False))
        batch_op.add_column(sa.Column("key_id", sa.String(length=16), nullable=False))
        batch_op.create_index(batch_op.f("ix_certificate_document_sha256"), ["sha256"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_document_key_id_seal_key_used"), "seal_key_used", ["key_id"], ["kid"]
        )


def downgrade() -> None:
    with op.batch_alter_table("certificate_document", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_certificate_document_key_id_seal_key_used"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_certificate_document_sha256"))
        batch_op.drop_column("key_id")
        batch_op.drop_column("token")
        batch_op.alter_column("pdf", existing_type=sa.LargeBinary(), nullable=True)

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_certificate_replaced_by_id_certificate"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_certificate_key_id_seal_key_used"), type_="foreignkey")
        batch_op.drop_index(
            "uq_certificate_standing",
            sqlite_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
        )
        for name in CHECKS:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        batch_op.drop_column("erased_at")
        batch_op.drop_column("replaced_by_id")
        batch_op.drop_column("replaced_reason")
        batch_op.drop_column("replaced_at")
        batch_op.drop_column("refresher_on")
        batch_op.drop_column("key_id")

    with op.batch_alter_table("issue_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_item_person_id"))

    op.drop_table("issue_item")
    op.drop_table("certificate_evidence")
    op.drop_table("certificate_badge")
    op.drop_table("register_token")
    op.drop_table("name_confirmation")
    op.drop_table("issuer")
    op.drop_table("seal_key_used")
    op.drop_table("issuer_logo")
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_batch_finished_at"))

    op.drop_table("issue_batch")
