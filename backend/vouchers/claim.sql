-- Claims of one batch, judged and made in one statement.
--
-- A claim is accepted only where everything is plainly in order. Whatever is not, or is just being
-- changed by somebody else, is left out, and the plain way (claiming.py) judges it and says why.
-- Nobody is waited for but the holders of a quota: rows of one person are skipped when they are locked.
WITH asked AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(voucher_id)s::uuid[],
        %(resident_id)s::uuid[],
        %(session_id)s::uuid[],
        %(incentive_id)s::uuid[],
        %(incentive_version)s::bigint[],
        %(now)s::timestamptz[],
        %(today)s::date[],
        %(period_start)s::date[],
        %(expires_at)s::timestamptz[],
        %(notice_id)s::uuid[],
        %(notice_values)s::jsonb[],
        %(request_id)s::text[],
        %(answer_id)s::text[],
        %(request_digest)s::text[],
        %(body_cipher)s::bytea[]
    ) WITH ORDINALITY AS asked (
        voucher_id, resident_id, session_id, incentive_id, incentive_version, now, today, period_start,
        expires_at, notice_id, notice_values, request_id, answer_id, request_digest, body_cipher, position
    )
),

-- The consent is held until the commit: a withdrawal comes before or after, never between.
consenting AS MATERIALIZED (
    SELECT resident_id
    FROM consents
    WHERE purpose = 'scoring' AND decision = 'given' AND resident_id IN (SELECT resident_id FROM asked)
    ORDER BY resident_id
    FOR SHARE SKIP LOCKED
),

-- What the person claimed before in this period.
counted AS MATERIALIZED (
    SELECT resident_id, incentive_id, period_start, times, most
    FROM personal_counts
    WHERE
        counted = 'claim'
        AND (resident_id, incentive_id, period_start)
            IN (SELECT resident_id, incentive_id, period_start FROM asked)
    ORDER BY resident_id, incentive_id
    FOR NO KEY UPDATE SKIP LOCKED
),

entitled AS MATERIALIZED (
    SELECT
        asked.*,
        incentives.uses,
        incentives.limit_times,
        counted.times,
        row_number() OVER (PARTITION BY asked.incentive_id ORDER BY asked.position) AS rank
    FROM asked
    JOIN sessions
        ON sessions.id = asked.session_id
        AND sessions.resident_id = asked.resident_id
        AND sessions.ended_at IS NULL
        AND sessions.expires_at > asked.now
    JOIN consenting ON consenting.resident_id = asked.resident_id
    JOIN scores ON scores.resident_id = asked.resident_id AND scores.as_of = asked.today
    JOIN incentives
        ON incentives.id = asked.incentive_id
        AND incentives.version = asked.incentive_version
        AND incentives.form = 'voucher'
        AND incentives.state = 'published'
        AND incentives.unavailable_reason IS NULL
        AND incentives.needed_milli <= scores.score_milli
        AND asked.today BETWEEN incentives.valid_from AND incentives.valid_until
    LEFT JOIN personal_counts AS before
        ON before.resident_id = asked.resident_id
        AND before.incentive_id = asked.incentive_id
        AND before.counted = 'claim'
        AND before.period_start = asked.period_start
    LEFT JOIN counted
        ON counted.resident_id = asked.resident_id
        AND counted.incentive_id = asked.incentive_id
        AND counted.period_start = asked.period_start
    LEFT JOIN idempotent_answers AS answered ON answered.id = asked.answer_id
    WHERE
        answered.id IS NULL
        AND (before.resident_id IS NULL OR counted.times < counted.most)
),

-- The quotas these claims have to find room in.
limits AS MATERIALIZED (
    SELECT DISTINCT
        entitled.incentive_id,
        quota_rules.scope,
        CASE quota_rules.scope WHEN 'day' THEN to_char(entitled.today, 'YYYY-MM-DD') ELSE '' END AS place
    FROM entitled
    JOIN quota_rules
        ON quota_rules.incentive_id = entitled.incentive_id AND quota_rules.scope IN ('day', 'total')
),

-- Everybody waits here, so in one order: by incentive, the day before the total.
quotas AS MATERIALIZED (
    SELECT incentive_id, scope, place, quota - taken AS free
    FROM quota_counts
    WHERE (incentive_id, scope, place) IN (SELECT incentive_id, scope, place FROM limits)
    ORDER BY incentive_id, scope, place
    FOR NO KEY UPDATE
),

-- First come, first served. The first claim of a day finds no count yet: the plain way makes it.
accepted AS MATERIALIZED (
    SELECT *
    FROM entitled
    WHERE NOT EXISTS (
        SELECT
        FROM limits
        LEFT JOIN quotas USING (incentive_id, scope, place)
        WHERE
            limits.incentive_id = entitled.incentive_id
            AND limits.place IN ('', to_char(entitled.today, 'YYYY-MM-DD'))
            AND (quotas.free IS NULL OR quotas.free < entitled.rank)
    )
),

issued AS (
    INSERT INTO vouchers (
        id, resident_id, incentive_id, incentive_version, state, uses, uses_left, issued_at, expires_at
    )
    SELECT
        voucher_id, resident_id, incentive_id, incentive_version, 'issued', uses, uses, now, expires_at
    FROM accepted
),

counted_first AS (
    INSERT INTO personal_counts (resident_id, incentive_id, counted, period_start, times, most)
    SELECT resident_id, incentive_id, 'claim', period_start, 1, limit_times
    FROM accepted
    WHERE times IS NULL
),

counted_again AS (
    UPDATE personal_counts
    SET times = personal_counts.times + 1
    FROM accepted
    WHERE
        accepted.times IS NOT NULL
        AND personal_counts.resident_id = accepted.resident_id
        AND personal_counts.incentive_id = accepted.incentive_id
        AND personal_counts.counted = 'claim'
        AND personal_counts.period_start = accepted.period_start
),

taken AS (
    UPDATE quota_counts
    SET taken = quota_counts.taken + claims.number
    FROM (
        SELECT limits.incentive_id, limits.scope, limits.place, count(*) AS number
        FROM limits
        JOIN accepted
            ON accepted.incentive_id = limits.incentive_id
            AND limits.place IN ('', to_char(accepted.today, 'YYYY-MM-DD'))
        GROUP BY limits.incentive_id, limits.scope, limits.place
    ) AS claims
    WHERE
        quota_counts.incentive_id = claims.incentive_id
        AND quota_counts.scope = claims.scope
        AND quota_counts.place = claims.place
),

recorded AS (
    INSERT INTO audit_events (
        occurred_at, action, actor_kind, actor_id, subject_kind, subject_id, data, request_id
    )
    SELECT
        now, 'voucher.issued', 'resident', resident_id, 'voucher', voucher_id::text,
        jsonb_build_object('incentive', incentive_id), request_id
    FROM accepted
),

noticed AS (
    INSERT INTO notices (id, resident_id, kind, values, created_at)
    SELECT notice_id, resident_id, 'voucher_claimed', notice_values, now
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
