"""Documents of applications: what they are, and the keys of their files."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OF_A_SEEN_APPLICATION = "application_id IN (SELECT id FROM unit_applications)"


def upgrade() -> None:
    op.create_table(
        "unit_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("key_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'application/pdf')", name=op.f("ck_unit_documents_media_type")
        ),
        sa.CheckConstraint("size BETWEEN 1 AND 10485760", name=op.f("ck_unit_documents_size")),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_unit_documents_sha256")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["unit_applications.id"], name=op.f("fk_unit_documents_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_documents")),
    )
    op.create_index("ix_unit_documents_application_id", "unit_documents", ["application_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON unit_documents TO city_system")
    # An applicant works as the system, behind the link's token; all others only read.
    op.execute("GRANT SELECT ON unit_documents TO city_request")
    op.execute("ALTER TABLE unit_documents ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY system ON unit_documents TO city_system USING (true)")
    op.execute(
        "CREATE POLICY of_a_seen_application ON unit_documents FOR SELECT TO city_request "
        f"USING ({OF_A_SEEN_APPLICATION})"
    )


def downgrade() -> None:
    op.drop_table("unit_documents")
