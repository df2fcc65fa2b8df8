-- 规则 5：每项激励的总名额和每天名额，已占的等于没有退回的券，不超过名额
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
counted AS (
    SELECT incentive_id, 'total' AS scope, '' AS place, count(*) AS vouchers FROM kept GROUP BY incentive_id
    UNION ALL
    SELECT incentive_id, 'day', (issued_at AT TIME ZONE 'Asia/Shanghai')::date::text, count(*)
    FROM kept GROUP BY 1, 3
),
expected AS (SELECT counted.* FROM counted JOIN quota_rules USING (incentive_id, scope)),
taken AS (SELECT * FROM quota_counts WHERE scope IN ('total', 'day'))
SELECT
    concat_ws(' ', incentive_id, scope, place) AS id,
    coalesce(taken, 0) <> coalesce(vouchers, 0) OR taken > quota AS broken
FROM taken FULL JOIN expected USING (incentive_id, scope, place)
