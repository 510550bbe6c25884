"""compare before and after."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from training import db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparison_form",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("first_used_at", db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_form")),
    )
    op.create_table(
        "comparison",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("moment", sa.String(length=6), nullable=False),
        sa.Column("form", sa.String(length=1), nullable=True),
        sa.Column("revision", sa.String(length=64), nullable=True),
        sa.Column("decided_at", db.Instant(), nullable=False),
        sa.Column("handed_in_at", db.Instant(), nullable=True),
        sa.CheckConstraint("moment IN ('before', 'after')", name=op.f("ck_comparison_moment_is_known")),
        sa.CheckConstraint("form IN ('a', 'b')", name=op.f("ck_comparison_form_is_known")),
        sa.CheckConstraint("(form IS NULL) = (revision IS NULL)", name=op.f("ck_comparison_a_form_has_its_revision")),
        sa.CheckConstraint(
            "form IS NOT NULL OR handed_in_at IS NULL", name=op.f("ck_comparison_what_was_skipped_is_not_done")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comparison_person_id_person")),
        sa.ForeignKeyConstraint(
            ["revision"], ["comparison_form.id"], name=op.f("fk_comparison_revision_comparison_form")
        ),
        sa.PrimaryKeyConstraint("person_id", "course", "moment", name=op.f("pk_comparison")),
    )
    with op.batch_alter_table("comparison", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comparison_course_moment_form"), ["course", "moment", "form"], unique=False
        )
    op.create_table(
        "comparison_answer",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("moment", sa.String(length=6), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("option", sa.String(length=60), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("given_at", db.Instant(), nullable=True),
        sa.CheckConstraint("confidence BETWEEN 1 AND 4", name=op.f("ck_comparison_answer_confidence_is_known")),
        sa.ForeignKeyConstraint(
            ["person_id", "course", "moment"],
            ["comparison.person_id", "comparison.course", "comparison.moment"],
            name=op.f("fk_comparison_answer_person_id_course_moment_comparison"),
        ),
        sa.PrimaryKeyConstraint("person_id", "course", "moment", "item", name=op.f("pk_comparison_answer")),
    )


def downgrade() -> None:
    op.drop_table("comparison_answer")
    with op.batch_alter_table("comparison", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comparison_course_moment_form"))

    op.drop_table("comparison")
    op.drop_table("comparison_form")
