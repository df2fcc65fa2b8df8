"""Sheets of incentives: what goes out, what comes in, its bad cells, and the drafts that came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OWN = "account_id = (SELECT scoped_account())"
OF_AN_OWN_SHEET = "import_id IN (SELECT id FROM sheet_imports)"
COUNTS = (
    "rows_read",
    "new_rows",
    "changed_rows",
    "unchanged_rows",
    "bad_rows",
    "bad_cells",
    "drafts_made",
    "drafts_changed",
    "drafts_submitted",
    "drafts_removed",
)
STATES = "('checking', 'checked', 'importing', 'imported', 'failed', 'cancelled', 'undoing', 'undone')"
VERDICTS = (
    "('wrong_type', 'old_or_locked', 'unreadable', 'too_complex', 'active', 'linked', 'encoding', 'empty', "
    "'too_many_rows', 'too_wide', 'no_heading')"
)
UNTOUCHED = (
    "sheet_import_id IS NOT NULL AND revision = 1 AND reviewer_id IS NULL AND state IN ('draft', 'submitted')"
)


def upgrade() -> None:
    op.create_table(
        "sheet_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("key_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("bad_file_id", sa.Uuid(), nullable=True),
        sa.Column("rows_total", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("submits", sa.Boolean(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_sheet_imports_state")),
        sa.CheckConstraint(f"verdict IN {VERDICTS}", name=op.f("ck_sheet_imports_verdict")),
        sa.CheckConstraint(
            "(state = 'failed') = (verdict IS NOT NULL)", name=op.f("ck_sheet_imports_failed_for_a_reason")
        ),
        sa.CheckConstraint(f"least({', '.join(COUNTS)}) >= 0", name=op.f("ck_sheet_imports_counts")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sheet_imports_account_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sheet_imports_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_imports")),
    )
    op.create_index("ix_sheet_imports_account_id_id", "sheet_imports", ["account_id", "id"])
    op.create_index("ix_sheet_imports_ends_at", "sheet_imports", ["ends_at"])
    op.create_index(
        "uq_sheet_imports_working",
        "sheet_imports",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('checking', 'importing', 'undoing')"),
    )
    op.create_table(
        "sheet_bad_cells",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("column_title", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("value_cipher", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("row > 0 AND place > 0", name=op.f("ck_sheet_bad_cells_somewhere")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["sheet_imports.id"], ondelete="CASCADE", name=op.f("fk_sheet_bad_cells_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_bad_cells")),
        sa.UniqueConstraint("import_id", "row", "place", name=op.f("uq_sheet_bad_cells_import_id_row_place")),
    )
    op.create_table(
        "sheet_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("key_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'ready', 'too_many')", name=op.f("ck_sheet_exports_state")),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_sheet_exports_rows")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sheet_exports_account_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sheet_exports_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_exports")),
    )
    op.create_index("ix_sheet_exports_ends_at", "sheet_exports", ["ends_at"])

    op.add_column("incentive_drafts", sa.Column("sheet_import_id", sa.Uuid(), nullable=True))
    op.add_column("incentive_drafts", sa.Column("sheet_digest", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(
        op.f("fk_incentive_drafts_sheet_import_id"),
        "incentive_drafts",
        "sheet_imports",
        ["sheet_import_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_check_constraint(
        op.f("ck_incentive_drafts_sheet_digest"), "incentive_drafts", "octet_length(sheet_digest) = 32"
    )
    op.create_index(
        "uq_incentive_drafts_sheet_row",
        "incentive_drafts",
        ["unit_id", "sheet_digest"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn' AND sheet_digest IS NOT NULL"),
    )
    op.create_index(
        "ix_incentive_drafts_sheet_import_id",
        "incentive_drafts",
        ["sheet_import_id"],
        postgresql_where=sa.text("sheet_import_id IS NOT NULL"),
    )

    op.execute("GRANT SELECT, INSERT, UPDATE ON sheet_imports TO city_request")
    op.execute("GRANT SELECT, INSERT ON sheet_bad_cells TO city_request")
    op.execute("GRANT SELECT, INSERT, UPDATE ON sheet_exports TO city_request")
    for table in ("sheet_imports", "sheet_bad_cells", "sheet_exports"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO city_system")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} TO city_system USING (true)")
    op.execute(f"CREATE POLICY own ON sheet_imports TO city_request USING ({OWN})")
    op.execute(f"CREATE POLICY own ON sheet_exports TO city_request USING ({OWN})")
    op.execute(f"CREATE POLICY of_an_own_sheet ON sheet_bad_cells TO city_request USING ({OF_AN_OWN_SHEET})")
    op.execute("GRANT DELETE ON incentive_drafts TO city_system")
    op.execute(
        "CREATE POLICY untouched_only ON incentive_drafts AS RESTRICTIVE FOR DELETE TO city_system "
        f"USING ({UNTOUCHED})"
    )


def downgrade() -> None:
    op.execute("DROP POLICY untouched_only ON incentive_drafts")
    op.execute("REVOKE DELETE ON incentive_drafts FROM city_system")
    op.drop_column("incentive_drafts", "sheet_digest")
    op.drop_column("incentive_drafts", "sheet_import_id")
    for table in ("sheet_exports", "sheet_bad_cells", "sheet_imports"):
        op.drop_table(table)
