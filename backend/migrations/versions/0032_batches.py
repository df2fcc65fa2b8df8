"""Records come in batches from departments: their programs, the batches, the rows that were refused."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

COUNTS = (
    "rows_read",
    "new_rows",
    "corrected_rows",
    "unchanged_rows",
    "refused_rows",
    "held_rows",
    "mended_rows",
    "withdrawn_records",
)
STATES = "('waiting', 'taking', 'taken', 'failed', 'withdrawing', 'withdrawn')"
VERDICTS = (
    "('wrong_type', 'old_or_locked', 'unreadable', 'too_complex', 'active', 'linked', 'encoding', 'empty', "
    "'too_many_rows', 'too_wide', 'no_heading', 'wrong_heading')"
)
WHOLE_CITY = "(SELECT scoped_office()) = '*'"
OF_MY_SOURCE = "source = (SELECT scoped_source())"
RECORD_TABLES = ("credit_records", "held_records")
FUNCTIONS = """
CREATE FUNCTION scoped_source() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.source', true), '') $$;

-- The way from an access token into a scope: the source of a program that may deliver, for which the
-- transaction works from then on.
CREATE FUNCTION enter_source(sought uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found_source text;
BEGIN
    SELECT source INTO found_source FROM source_clients WHERE id = sought AND ended_at IS NULL;
    IF FOUND THEN
        PERFORM set_config('app.source', found_source, true);
    END IF;
    RETURN found_source;
END $$;
REVOKE EXECUTE ON FUNCTION enter_source FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_source TO city_request, city_system;
"""


def upgrade() -> None:
    op.create_table(
        "source_clients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_source_clients_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_clients")),
    )
    op.create_index("ix_source_clients_source", "source_clients", ["source"])
    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("mends_id", sa.Uuid(), nullable=True),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("key_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rows_total", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("indicators", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("median_delay_days", sa.BigInteger(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_batches_state")),
        sa.CheckConstraint(f"verdict IN {VERDICTS}", name=op.f("ck_batches_verdict")),
        sa.CheckConstraint(
            "(state = 'failed') = (verdict IS NOT NULL)", name=op.f("ck_batches_failed_for_a_reason")
        ),
        sa.CheckConstraint(
            "num_nonnulls(client_id, account_id) = 1", name=op.f("ck_batches_handed_in_by_somebody")
        ),
        sa.CheckConstraint(f"least({', '.join(COUNTS)}) >= 0", name=op.f("ck_batches_counts")),
        sa.CheckConstraint(
            "rows_read = new_rows + corrected_rows + unchanged_rows + refused_rows",
            name=op.f("ck_batches_no_row_lost"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["source_clients.id"], name=op.f("fk_batches_client_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_batches_account_id")),
        sa.ForeignKeyConstraint(["mends_id"], ["batches.id"], name=op.f("fk_batches_mends_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_source_id", "batches", ["source", "id"])
    op.create_index(
        "ix_batches_file_ends_at",
        "batches",
        ["file_ends_at"],
        postgresql_where=sa.text("key_cipher IS NOT NULL"),
    )
    op.create_table(
        "refused_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("values_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("row > 0", name=op.f("ck_refused_rows_somewhere")),
        sa.CheckConstraint("jsonb_array_length(faults) > 0", name=op.f("ck_refused_rows_for_a_reason")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], ondelete="CASCADE", name=op.f("fk_refused_rows_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_rows")),
        sa.UniqueConstraint("batch_id", "row", name=op.f("uq_refused_rows_batch_id_row")),
    )
    for table in RECORD_TABLES:
        op.add_column(table, sa.Column("source", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("source_key", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("batch_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_batch_id"), table, "batches", ["batch_id"], ["id"])
        op.create_check_constraint(
            op.f(f"ck_{table}_delivered"), table, "num_nulls(source, source_key, batch_id) IN (0, 3)"
        )
        op.create_index(
            f"ix_{table}_batch_id", table, ["batch_id"], postgresql_where=sa.text("batch_id IS NOT NULL")
        )
    op.add_column("credit_records", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_credit_records_ended"), "credit_records", "ended_at IS NULL OR status = 'withdrawn'"
    )
    op.create_index(
        "uq_credit_records_source_key",
        "credit_records",
        ["source", "source_key"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND source_key IS NOT NULL"),
    )
    op.create_index(
        "uq_held_records_source_key",
        "held_records",
        ["source", "source_key"],
        unique=True,
        postgresql_where=sa.text("source_key IS NOT NULL"),
    )

    op.execute(FUNCTIONS)
    op.execute("GRANT SELECT, INSERT, UPDATE ON source_clients, batches TO city_request")
    op.execute("GRANT SELECT ON refused_rows TO city_request")
    for table in ("source_clients", "batches", "refused_rows"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO city_system")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} TO city_system USING (true)")
    op.execute(f"CREATE POLICY whole_city ON source_clients TO city_request USING ({WHOLE_CITY})")
    op.execute(f"CREATE POLICY whole_city ON batches TO city_request USING ({WHOLE_CITY})")
    op.execute(f"CREATE POLICY my_source ON batches TO city_request USING ({OF_MY_SOURCE})")
    op.execute(
        "CREATE POLICY of_a_batch ON refused_rows TO city_request USING (batch_id IN (SELECT id FROM batches))"
    )


def downgrade() -> None:
    op.drop_column("credit_records", "ended_at")
    for table in RECORD_TABLES:
        for name in ("batch_id", "source_key", "source"):
            op.drop_column(table, name)
    for table in ("refused_rows", "batches", "source_clients"):
        op.drop_table(table)
    op.execute("DROP FUNCTION enter_source, scoped_source")
