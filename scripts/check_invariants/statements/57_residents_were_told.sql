-- 规则 5：每次领券、使用、撤销、到期，本人正好收到一条消息
WITH happened AS (
    SELECT 'voucher_claimed' AS kind, resident_id, issued_at AS at FROM vouchers
    UNION ALL
    SELECT 'voucher_expired', resident_id, ended_at FROM vouchers WHERE state = 'expired'
    UNION ALL
    SELECT 'voucher_redeemed', resident_id, accepted_at FROM redemptions
    UNION ALL
    SELECT 'voucher_reversed', resident_id, reversed_at FROM redemptions WHERE state = 'reversed'
),
expected AS (SELECT kind, resident_id, at, count(*) AS times FROM happened GROUP BY 1, 2, 3),
told AS (
    SELECT kind, resident_id, created_at AS at, count(*) AS notices
    FROM notices
    WHERE kind IN ('voucher_claimed', 'voucher_expired', 'voucher_redeemed', 'voucher_reversed')
    GROUP BY 1, 2, 3
)
SELECT concat_ws(' ', kind, resident_id, at) AS id, times IS DISTINCT FROM notices AS broken
FROM expected FULL JOIN told USING (kind, resident_id, at)
