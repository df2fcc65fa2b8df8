"""Drafts of incentives, their review, and the versions that were published."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MY_UNIT = "unit_id = (SELECT scoped_unit())"
OFFICE_OF_DISTRICT = (
    "((SELECT scoped_office()) = '*'"
    " OR unit_id IN (SELECT id FROM units WHERE district = (SELECT scoped_office())))"
)
INCENTIVE_OF_DISTRICT = f"incentive_id IN (SELECT id FROM incentives WHERE {OFFICE_OF_DISTRICT})"
PUBLIC_TABLES = ("incentive_shops", "quota_rules", "quota_counts")

# What was published before there were versions is the first of each.
BACKFILL = """
INSERT INTO incentive_versions (incentive_id, version, content, published_at)
SELECT id, version, jsonb_build_object(
    'form', form, 'title', title, 'summary', summary, 'category', category, 'benefit_kind', benefit_kind,
    'benefit', benefit, 'terms', terms, 'level', level,
    'score_milli', CASE WHEN level IS NULL THEN needed_milli END,
    'districts', to_jsonb(districts), 'valid_from', valid_from, 'valid_until', valid_until,
    'weekdays', to_jsonb(weekdays), 'opens_at', to_char(opens_at, 'HH24:MI'),
    'closes_at', to_char(closes_at, 'HH24:MI'), 'limit_times', limit_times, 'limit_period', limit_period,
    'uses', uses, 'voucher_days', voucher_days, 'needs_match', needs_match, 'offline', offline,
    'has_return', has_return, 'cost_bearer', cost_bearer, 'contact', contact
) || jsonb_build_object(
    'shop_ids', (SELECT coalesce(jsonb_agg(shop_id ORDER BY shop_id), '[]') FROM incentive_shops WHERE incentive_id = id),
    'quota_total', (SELECT quota FROM quota_rules WHERE incentive_id = id AND scope = 'total'),
    'quota_per_day', (SELECT quota FROM quota_rules WHERE incentive_id = id AND scope = 'day'),
    'quota_per_shop', (SELECT quota FROM quota_rules WHERE incentive_id = id AND scope = 'shop')
), published_at
FROM incentives
"""
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON incentive_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON incentive_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.add_column("redemptions", sa.Column("incentive_version", sa.BigInteger(), nullable=True))
    op.add_column("incentives", sa.Column("stopped_by", sa.Text(), nullable=True))
    op.add_column("incentives", sa.Column("stopped_because", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_incentives_stopped_by"), "incentives", "stopped_by IN ('office', 'partner')"
    )
    op.create_index("ix_incentives_unit_id_number", "incentives", ["unit_id", "number"])
    op.create_index(
        "ix_incentives_unit_id_valid_until_number", "incentives", ["unit_id", "valid_until", "number"]
    )
    op.create_index("ix_incentives_valid_until_number", "incentives", ["valid_until", "number"])
    op.execute("CREATE SEQUENCE incentive_numbers START 10000001 MAXVALUE 4294967295")
    op.execute("GRANT USAGE ON SEQUENCE incentive_numbers TO city_request, city_system")
    op.create_table(
        "incentive_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incentive_id", sa.Uuid(), nullable=True),
        sa.Column("base_version", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'published', 'withdrawn')",
            name=op.f("ck_incentive_drafts_state"),
        ),
        sa.CheckConstraint(
            "reviewer_id <> author_id AND reviewer_id <> edited_by", name=op.f("ck_incentive_drafts_four_eyes")
        ),
        sa.CheckConstraint(
            "state NOT IN ('returned', 'approved', 'published') OR reviewer_id IS NOT NULL",
            name=op.f("ck_incentive_drafts_reviewed"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR jsonb_array_length(reasons) > 0",
            name=op.f("ck_incentive_drafts_returned_with_reasons"),
        ),
        sa.CheckConstraint(
            "state <> 'submitted' OR submitted_at IS NOT NULL", name=op.f("ck_incentive_drafts_submitted_at")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'published') OR publish_at IS NOT NULL",
            name=op.f("ck_incentive_drafts_publish_at"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR incentive_id IS NOT NULL",
            name=op.f("ck_incentive_drafts_published_as_something"),
        ),
        sa.CheckConstraint(
            "base_version IS NULL OR incentive_id IS NOT NULL", name=op.f("ck_incentive_drafts_base_version")
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_incentive_drafts_revision")),
        sa.ForeignKeyConstraint(["incentive_id"], ["incentives.id"], name=op.f("fk_incentive_drafts_incentive_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_incentive_drafts_unit_id")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_incentive_drafts_author_id")),
        sa.ForeignKeyConstraint(["edited_by"], ["accounts.id"], name=op.f("fk_incentive_drafts_edited_by")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["accounts.id"], name=op.f("fk_incentive_drafts_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentive_drafts")),
    )
    op.create_index(
        "uq_incentive_drafts_open",
        "incentive_drafts",
        ["incentive_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'returned', 'approved')"),
    )
    op.create_index("ix_incentive_drafts_unit_id_id", "incentive_drafts", ["unit_id", "id"])
    op.create_index(
        "ix_incentive_drafts_state_submitted_at_id", "incentive_drafts", ["state", "submitted_at", "id"]
    )
    op.create_index(
        "ix_incentive_drafts_publish_at",
        "incentive_drafts",
        ["publish_at"],
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.create_table(
        "incentive_versions",
        sa.Column("incentive_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incentive_id"], ["incentives.id"], name=op.f("fk_incentive_versions_incentive_id")),
        sa.PrimaryKeyConstraint("incentive_id", "version", name=op.f("pk_incentive_versions")),
    )
    op.execute(BACKFILL)
    op.execute(APPEND_ONLY)
    op.execute("GRANT SELECT, INSERT, UPDATE ON incentive_drafts TO city_request, city_system")
    op.execute("REVOKE DELETE ON incentive_drafts FROM city_system")
    op.execute("GRANT SELECT, INSERT ON incentive_versions TO city_request, city_system")
    op.execute("REVOKE UPDATE, DELETE ON incentive_versions FROM city_system")
    for table in ("incentive_drafts", "incentive_versions"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} TO city_system USING (true)")
    op.execute(f"CREATE POLICY my_unit ON incentive_drafts TO city_request USING ({MY_UNIT})")
    op.execute(f"CREATE POLICY office ON incentive_drafts TO city_request USING ({OFFICE_OF_DISTRICT})")
    # A version was published when it began; a till needs the one a voucher was claimed under.
    op.execute("CREATE POLICY public ON incentive_versions FOR SELECT TO city_request USING (true)")
    op.execute(
        f"CREATE POLICY office ON incentive_versions FOR INSERT TO city_request WITH CHECK ({INCENTIVE_OF_DISTRICT})"
    )
    op.execute(f"CREATE POLICY office ON incentives TO city_request USING ({OFFICE_OF_DISTRICT})")
    for table in PUBLIC_TABLES:
        op.execute(f"CREATE POLICY office ON {table} TO city_request USING ({INCENTIVE_OF_DISTRICT})")


def downgrade() -> None:
    for table in ("incentives", *PUBLIC_TABLES):
        op.execute(f"DROP POLICY office ON {table}")
    op.drop_table("incentive_versions")
    op.drop_table("incentive_drafts")
    op.execute("DROP SEQUENCE incentive_numbers")
    op.drop_index("ix_incentives_valid_until_number", "incentives")
    op.drop_index("ix_incentives_unit_id_valid_until_number", "incentives")
    op.drop_index("ix_incentives_unit_id_number", "incentives")
    op.drop_constraint(op.f("ck_incentives_stopped_by"), "incentives")
    op.drop_column("incentives", "stopped_because")
    op.drop_column("incentives", "stopped_by")
    op.drop_column("redemptions", "incentive_version")
