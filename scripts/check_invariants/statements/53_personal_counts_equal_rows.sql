-- 规则 5：每人每期的次数等于他的券和使用，不超过限次
-- Given back to the quota: cancelled in time while no use of it stood.
WITH kept AS (
    SELECT * FROM vouchers
    WHERE NOT (
        state = 'cancelled' AND ended_at < expires_at AND NOT EXISTS (
            SELECT FROM redemptions AS used
            WHERE used.voucher_id = vouchers.id AND used.accepted_at <= vouchers.ended_at
                AND (used.reversed_at IS NULL OR used.reversed_at > vouchers.ended_at)
        )
    )
),
events AS (
    SELECT resident_id, incentive_id, 'claim' AS counted, issued_at AS at FROM kept
    UNION ALL
    SELECT resident_id, incentive_id, 'use', accepted_at
    FROM redemptions WHERE voucher_id IS NULL AND state = 'accepted'
),
dated AS (SELECT *, (at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM events),
expected AS (
    SELECT
        resident_id,
        incentive_id,
        counted,
        CASE limit_period
            WHEN 'day' THEN day
            WHEN 'ever' THEN DATE '1970-01-01'
            ELSE date_trunc(limit_period, day::timestamp)::date
        END AS period_start,
        count(*) AS events
    FROM dated JOIN incentives ON incentives.id = dated.incentive_id
    GROUP BY 1, 2, 3, 4
)
SELECT
    concat_ws(' ', resident_id, incentive_id, counted, period_start) AS id,
    coalesce(times, 0) <> coalesce(events, 0) OR times > most AS broken
FROM personal_counts FULL JOIN expected USING (resident_id, incentive_id, counted, period_start)
