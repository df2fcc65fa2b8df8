"""Guard the rows of residents, shops and units with row-level security.

The application acts in two roles that own nothing: `city_request` sees, of the tables below, the rows
of whom its transaction works for; `city_system` sees all. The owner of the tables, who runs these
migrations, is not held by the policies. Roles belong to the whole cluster and stay when this is undone.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Tables with rows of one resident, and the column that says whose.
RESIDENTS = {
    "residents": "id",
    "sessions": "resident_id",
    "consents": "resident_id",
    "consent_events": "resident_id",
    "credit_records": "resident_id",
    "residences": "resident_id",
    "scores": "resident_id",
    "score_months": "resident_id",
    "vouchers": "resident_id",
    "tickets": "resident_id",
    "personal_counts": "resident_id",
    "notices": "resident_id",
    "messages": "resident_id",
    "message_credits": "resident_id",
    "identity_checks": "resident_id",
    "access_log": "resident_id",
}
OTHERS = ("redemptions", "clerks", "clerk_invites", "shops", "incentives", "incentive_shops", "quota_rules", "quota_counts")
ONLY_ADDED_TO = ("audit_events", "consent_events", "access_log")
# What no request needs but those that act as the system: signing in and proving who one is.
SYSTEM_ONLY = ("refresh_tokens", "sandbox_people", "held_records", "held_residences")

MY_SHOP = "shop_id = (SELECT scoped_shop())"
SHOP_OF_MY_UNIT = "shop_id IN (SELECT id FROM shops WHERE unit_id = (SELECT scoped_unit()))"
INCENTIVE_OF_MY_UNIT = "incentive_id IN (SELECT id FROM incentives WHERE unit_id = (SELECT scoped_unit()))"
CLERK_OF_MY_SHOP = f"clerk_id IN (SELECT id FROM clerks WHERE {MY_SHOP})"

# table, name, for which statements, which rows
POLICIES = (
    # A till must look up whatever code it is shown; it changes only its customer's.
    ("tickets", "looked_up_by_shops", "SELECT", "(SELECT scoped_shop()) IS NOT NULL"),
    ("sessions", "clerks_of_my_shop", "ALL", CLERK_OF_MY_SHOP),
    ("redemptions", "my_shop", "ALL", MY_SHOP),
    ("redemptions", "read_by_resident", "SELECT", "resident_id = (SELECT scoped_resident())"),
    ("redemptions", "read_by_unit", "SELECT", SHOP_OF_MY_UNIT),
    ("clerks", "my_shop", "ALL", MY_SHOP),
    ("clerks", "my_unit", "ALL", SHOP_OF_MY_UNIT),
    ("clerk_invites", "my_shop", "ALL", MY_SHOP),
    ("clerk_invites", "my_unit", "ALL", SHOP_OF_MY_UNIT),
    # The catalogue is public; only its unit writes it.
    ("shops", "public", "SELECT", "true"),
    ("shops", "my_unit", "ALL", "unit_id = (SELECT scoped_unit())"),
    ("incentives", "public", "SELECT", "true"),
    ("incentives", "my_unit", "ALL", "unit_id = (SELECT scoped_unit())"),
    ("incentive_shops", "public", "SELECT", "true"),
    ("incentive_shops", "my_unit", "ALL", f"{INCENTIVE_OF_MY_UNIT} AND {SHOP_OF_MY_UNIT}"),
    ("quota_rules", "public", "SELECT", "true"),
    ("quota_rules", "my_unit", "ALL", INCENTIVE_OF_MY_UNIT),
    ("quota_counts", "public", "SELECT", "true"),
    ("quota_counts", "my_shop", "ALL", "scope = 'shop' AND place = (SELECT scoped_shop())::text"),
    ("quota_counts", "residents", "ALL", "scope <> 'shop' AND (SELECT scoped_resident()) IS NOT NULL"),
    ("quota_counts", "my_unit", "ALL", INCENTIVE_OF_MY_UNIT),
)

FUNCTIONS = """
CREATE FUNCTION scoped_resident() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.resident_id', true), '')::uuid $$;
CREATE FUNCTION scoped_shop() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.shop_id', true), '')::uuid $$;
CREATE FUNCTION scoped_unit() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.unit_id', true), '')::uuid $$;

-- The way from an access token into a scope: an open session's owner, for whom the transaction works
-- from then on. It runs with the owner's rights, since before it nobody is known.
CREATE FUNCTION enter_session(sought uuid, moment timestamptz)
    RETURNS TABLE (resident_id uuid, clerk_id uuid, shop_id uuid)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT s.resident_id, s.clerk_id, c.shop_id INTO resident_id, clerk_id, shop_id
        FROM sessions AS s LEFT JOIN clerks AS c ON c.id = s.clerk_id
        WHERE s.id = sought AND s.ended_at IS NULL AND s.expires_at > moment AND c.removed_at IS NULL;
    IF FOUND THEN
        PERFORM set_config('app.resident_id', coalesce(resident_id::text, ''), true),
                set_config('app.shop_id', coalesce(shop_id::text, ''), true);
        RETURN NEXT;
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION enter_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_session TO city_request, city_system;
"""

# Another database of the cluster may be making the roles at the same moment, or have made them before.
ROLES = """
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['city_request', 'city_system'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
END $$
"""

GRANTS = """
GRANT USAGE ON SCHEMA public, jobs TO city_request, city_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, jobs TO city_request, city_system;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, jobs TO city_request, city_system;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO city_system;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO city_system;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM city_request, city_system;
REVOKE INSERT, UPDATE, DELETE ON units FROM city_request;
"""


def upgrade() -> None:
    op.execute(ROLES)
    op.execute(GRANTS)
    for table in ONLY_ADDED_TO:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM city_request, city_system")
    for table in SYSTEM_ONLY:
        op.execute(f"REVOKE ALL ON {table} FROM city_request")
    # A request adds events and never reads them; the number of a new one comes back to it.
    op.execute("REVOKE SELECT ON audit_events FROM city_request")
    op.execute("GRANT SELECT (id) ON audit_events TO city_request")
    op.execute(FUNCTIONS)
    for table in (*RESIDENTS, *OTHERS):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} TO city_system USING (true)")
    for table, column in RESIDENTS.items():
        op.execute(f"CREATE POLICY own ON {table} TO city_request USING ({column} = (SELECT scoped_resident()))")
    for table, name, statements, rows in POLICIES:
        op.execute(f"CREATE POLICY {name} ON {table} FOR {statements} TO city_request USING ({rows})")


def downgrade() -> None:
    for table in (*RESIDENTS, *OTHERS):
        op.execute(f"DROP POLICY system ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in RESIDENTS:
        op.execute(f"DROP POLICY own ON {table}")
    for table, name, _statements, _rows in POLICIES:
        op.execute(f"DROP POLICY {name} ON {table}")
    op.execute("DROP FUNCTION enter_session, scoped_resident, scoped_shop, scoped_unit")
    op.execute("DROP OWNED BY city_request, city_system")
