-- 规则 2：信用办关闭了的账户，没有分数，没有还能用的券
SELECT
    resident.id::text AS id,
    resident.closed_at IS NOT NULL AND (
        EXISTS (SELECT FROM scores WHERE scores.resident_id = resident.id)
        OR EXISTS (
            SELECT FROM vouchers WHERE vouchers.resident_id = resident.id AND vouchers.state = 'issued'
        )
    ) AS broken
FROM residents AS resident
WHERE resident.bound_at IS NOT NULL
