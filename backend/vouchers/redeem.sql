-- Redemptions of one batch, judged and made in one statement.
--
-- The signature and the chain of each code were checked before. A code is honoured here only where
-- everything is plainly in order; whatever is not, or is just being changed by somebody else, is left
-- out, and the plain way (honouring.py) judges it and says why. Nobody is waited for but the holders of
-- a shop's quota: rows of one person are skipped when they are locked.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(redemption_id)s::uuid[],
        %(clerk_id)s::uuid[],
        %(session_id)s::uuid[],
        %(ticket_id)s::bytea[],
        %(incentive_id)s::uuid[],
        %(incentive_version)s::bigint[],
        %(match)s::text[],
        %(scan_id)s::text[],
        %(order_ref)s::text[],
        %(amount_fen)s::bigint[],
        %(now)s::timestamptz[],
        %(today)s::date[],
        %(period_start)s::date[],
        %(offer)s::text[],
        %(purpose)s::text[],
        %(access_id)s::uuid[],
        %(notice_id)s::uuid[],
        %(request_id)s::text[],
        %(answer_id)s::text[],
        %(request_digest)s::text[],
        %(body_cipher)s::bytea[]
    ) WITH ORDINALITY AS asked (
        redemption_id, clerk_id, session_id, ticket_id, incentive_id, incentive_version, match, scan_id,
        order_ref, amount_fen, now, today, period_start, offer, purpose, access_id, notice_id, request_id,
        answer_id, request_digest, body_cipher, position
    )
),

shown AS MATERIALIZED (
    SELECT ticket_id, resident_id, incentive_id, voucher_id, match_number
    FROM tickets
    WHERE
        ticket_id IN (SELECT ticket_id FROM asked)
        AND revoked_at IS NULL
        AND (match_number IS NULL OR match_failures < %(most_wrong_matches)s)
    ORDER BY ticket_id
    FOR NO KEY UPDATE SKIP LOCKED
),

-- The consent is held until the commit: a withdrawal comes before or after, never between.
consenting AS MATERIALIZED (
    SELECT resident_id
    FROM consents
    WHERE purpose = 'scoring' AND decision = 'given' AND resident_id IN (SELECT resident_id FROM shown)
    ORDER BY resident_id
    FOR SHARE SKIP LOCKED
),

held AS MATERIALIZED (
    SELECT id, uses, expires_at, incentive_version
    FROM vouchers
    WHERE id IN (SELECT voucher_id FROM shown) AND state = 'issued' AND uses_left > 0
    ORDER BY id
    FOR NO KEY UPDATE SKIP LOCKED
),

-- How often the person used a standing entitlement in this period.
counted AS MATERIALIZED (
    SELECT resident_id, incentive_id, period_start, times, most
    FROM personal_counts
    WHERE
        counted = 'use'
        AND (resident_id, incentive_id, period_start) IN (
            SELECT shown.resident_id, shown.incentive_id, asked.period_start
            FROM asked JOIN shown USING (ticket_id)
            WHERE shown.voucher_id IS NULL
        )
    ORDER BY resident_id, incentive_id
    FOR NO KEY UPDATE SKIP LOCKED
),

-- Genuine codes, of a till that is signed in, for an offer that holds at its shop, not used before.
genuine AS MATERIALIZED (
    SELECT
        asked.*,
        shown.resident_id,
        shown.voucher_id,
        clerks.shop_id,
        shops.name AS shop_name,
        row_number() OVER (
            PARTITION BY coalesce(shown.voucher_id, shown.resident_id), asked.incentive_id
            ORDER BY asked.position
        ) AS turn
    FROM asked
    JOIN sessions
        ON sessions.id = asked.session_id
        AND sessions.clerk_id = asked.clerk_id
        AND sessions.ended_at IS NULL
        AND sessions.expires_at > asked.now
    JOIN clerks ON clerks.id = asked.clerk_id AND num_nonnulls(clerks.removed_at, clerks.paused_at) = 0
    JOIN shops ON shops.id = clerks.shop_id AND shops.closed_at IS NULL
    JOIN shown
        ON shown.ticket_id = asked.ticket_id
        AND shown.incentive_id = asked.incentive_id
        AND (shown.match_number IS NULL OR shown.match_number = asked.match)
    JOIN consenting ON consenting.resident_id = shown.resident_id
    JOIN incentive_shops
        ON incentive_shops.incentive_id = asked.incentive_id AND incentive_shops.shop_id = clerks.shop_id
    LEFT JOIN idempotent_answers AS answered ON answered.id = asked.answer_id
    WHERE
        answered.id IS NULL
        AND NOT EXISTS (SELECT FROM redemptions WHERE redemptions.ticket_id = asked.ticket_id)
        AND NOT EXISTS (
            SELECT FROM redemptions
            WHERE redemptions.shop_id = clerks.shop_id AND redemptions.scan_id = asked.scan_id
        )
),

-- A voucher that is held stays good, by the version it was claimed under: one of an older version is for
-- the plain way. A standing entitlement is judged at each use.
usable AS MATERIALIZED (
    SELECT
        genuine.*,
        counted.times,
        incentives.limit_times,
        row_number() OVER (
            PARTITION BY genuine.incentive_id, genuine.shop_id ORDER BY genuine.position
        ) AS rank
    FROM genuine
    JOIN incentives
        ON incentives.id = genuine.incentive_id AND incentives.version = genuine.incentive_version
    LEFT JOIN held ON held.id = genuine.voucher_id
    LEFT JOIN scores ON scores.resident_id = genuine.resident_id AND scores.as_of = genuine.today
    LEFT JOIN personal_counts AS before
        ON before.resident_id = genuine.resident_id
        AND before.incentive_id = genuine.incentive_id
        AND before.counted = 'use'
        AND before.period_start = genuine.period_start
    LEFT JOIN counted
        ON counted.resident_id = genuine.resident_id
        AND counted.incentive_id = genuine.incentive_id
        AND counted.period_start = genuine.period_start
    WHERE
        genuine.turn = 1
        AND CASE
            WHEN genuine.voucher_id IS NOT NULL THEN
                held.expires_at > genuine.now
                AND held.incentive_version = genuine.incentive_version
            ELSE
                incentives.state = 'published'
                AND incentives.unavailable_reason IS NULL
                AND genuine.today BETWEEN incentives.valid_from AND incentives.valid_until
                AND incentives.needed_milli <= scores.score_milli
                AND (before.resident_id IS NULL OR counted.times < counted.most)
        END
),

-- Everybody waits here, so in one order.
quotas AS MATERIALIZED (
    SELECT incentive_id, place, quota - taken AS free
    FROM quota_counts
    WHERE
        scope = 'shop' AND (incentive_id, place) IN (SELECT incentive_id, shop_id::text FROM usable)
    ORDER BY incentive_id, place
    FOR NO KEY UPDATE
),

-- First come, first served. A shop's first use finds no count yet: the plain way makes it.
accepted AS MATERIALIZED (
    SELECT usable.*
    FROM usable
    LEFT JOIN quota_rules
        ON quota_rules.incentive_id = usable.incentive_id AND quota_rules.scope = 'shop'
    LEFT JOIN quotas ON quotas.incentive_id = usable.incentive_id AND quotas.place = usable.shop_id::text
    WHERE quota_rules.incentive_id IS NULL OR usable.rank <= quotas.free
),

used AS (
    UPDATE vouchers
    SET
        uses_left = uses_left - 1,
        state = CASE WHEN uses_left = 1 THEN 'redeemed' ELSE 'issued' END
    FROM accepted
    WHERE vouchers.id = accepted.voucher_id
),

counted_first AS (
    INSERT INTO personal_counts (resident_id, incentive_id, counted, period_start, times, most)
    SELECT resident_id, incentive_id, 'use', period_start, 1, limit_times
    FROM accepted
    WHERE voucher_id IS NULL AND times IS NULL
),

counted_again AS (
    UPDATE personal_counts
    SET times = personal_counts.times + 1
    FROM accepted
    WHERE
        accepted.voucher_id IS NULL
        AND accepted.times IS NOT NULL
        AND personal_counts.resident_id = accepted.resident_id
        AND personal_counts.incentive_id = accepted.incentive_id
        AND personal_counts.counted = 'use'
        AND personal_counts.period_start = accepted.period_start
),

taken AS (
    UPDATE quota_counts
    SET taken = quota_counts.taken + uses.number
    FROM (
        SELECT incentive_id, shop_id::text AS place, count(*) AS number
        FROM accepted
        GROUP BY incentive_id, shop_id
    ) AS uses
    WHERE
        quota_counts.incentive_id = uses.incentive_id
        AND quota_counts.scope = 'shop'
        AND quota_counts.place = uses.place
),

honoured AS (
    INSERT INTO redemptions (
        id, ticket_id, voucher_id, use_number, incentive_id, incentive_version, resident_id, shop_id, clerk_id,
        scan_id, order_ref, amount_fen, state, accepted_at
    )
    SELECT
        accepted.redemption_id, accepted.ticket_id, accepted.voucher_id,
        -- The lowest number that no standing use has: an earlier use may have been undone.
        (
            SELECT min(number)
            FROM held, generate_series(1, held.uses) AS number
            WHERE
                held.id = accepted.voucher_id
                AND NOT EXISTS (
                    SELECT FROM redemptions AS other
                    WHERE
                        other.voucher_id = held.id
                        AND other.use_number = number
                        AND other.state = 'accepted'
                )
        ),
        accepted.incentive_id, accepted.incentive_version, accepted.resident_id, accepted.shop_id,
        accepted.clerk_id, accepted.scan_id,
        accepted.order_ref, accepted.amount_fen, 'accepted', accepted.now
    FROM accepted
),

recorded AS (
    INSERT INTO audit_events (
        occurred_at, action, actor_kind, actor_id, subject_kind, subject_id, data, request_id
    )
    SELECT
        now,
        CASE WHEN voucher_id IS NULL THEN 'entitlement.used' ELSE 'voucher.redeemed' END,
        'clerk', clerk_id, 'redemption', redemption_id::text,
        jsonb_build_object('shop', shop_id, 'incentive', incentive_id, 'voucher', voucher_id), request_id
    FROM accepted
),

looked AS (
    INSERT INTO access_log (id, resident_id, occurred_at, actor_kind, actor_id, looked_by, purpose, shown)
    SELECT access_id, resident_id, now, 'clerk', clerk_id, shop_name, purpose, '可享受'
    FROM accepted
),

noticed AS (
    INSERT INTO notices (id, resident_id, kind, values, created_at)
    SELECT
        notice_id, resident_id, 'voucher_redeemed',
        jsonb_build_object('offer', offer, 'shop', shop_name), now
    FROM accepted
),

answered AS (
    INSERT INTO idempotent_answers (id, request_digest, status, content_type, body_cipher)
    SELECT answer_id, request_digest, 201, 'application/json', body_cipher
    FROM accepted
    WHERE answer_id IS NOT NULL
),

-- WeChat messages for those who agreed to one; the job sends them after the commit.
told AS (
    INSERT INTO messages (notice_id, resident_id, template_id, state, attempts, created_at, due_at)
    SELECT
        accepted.notice_id, accepted.resident_id, message_credits.template_id, 'queued', 0,
        accepted.now, accepted.now
    FROM accepted
    JOIN message_credits
        ON message_credits.resident_id = accepted.resident_id
        AND message_credits.template_id = %(template_id)s::text
    WHERE message_credits.credits > 0 OR message_credits.hinted
    RETURNING notice_id
)

SELECT
    accepted.position IS NOT NULL AS accepted,
    incentives.version IS DISTINCT FROM asked.incentive_version AS outdated,
    (
        SELECT procrastinate_defer_jobs_v1(
            ARRAY[
                ROW(
                    'default', %(sending_task)s::text, 0, NULL, NULL,
                    jsonb_build_object('notice_ids', jsonb_agg(told.notice_id)), NULL
                )::procrastinate_job_to_defer_v1
            ]
        )
        FROM told
        HAVING count(*) > 0
    ) AS job_ids
FROM asked
LEFT JOIN accepted USING (position)
LEFT JOIN incentives ON incentives.id = asked.incentive_id
ORDER BY asked.position
