-- 规则 5：每张券剩下的次数等于总次数减去没有撤销的使用
SELECT voucher.id::text AS id, uses_left <> uses - coalesce(used.times, 0) AS broken
FROM vouchers AS voucher
LEFT JOIN (
    SELECT voucher_id, count(*) AS times FROM redemptions WHERE state = 'accepted' GROUP BY voucher_id
) AS used ON used.voucher_id = voucher.id
