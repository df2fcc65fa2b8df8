-- 规则 6：每次使用，本人正好能读到一条门店的查看记录
WITH expected AS (
    SELECT resident_id, clerk_id AS actor_id, accepted_at AS at, count(*) AS uses
    FROM redemptions GROUP BY 1, 2, 3
),
looked AS (
    SELECT resident_id, actor_id, occurred_at AS at, count(*) AS looks
    FROM access_log WHERE actor_kind = 'clerk' AND purpose LIKE '使用“%' GROUP BY 1, 2, 3
)
SELECT concat_ws(' ', resident_id, actor_id, at) AS id, uses IS DISTINCT FROM looks AS broken
FROM expected FULL JOIN looked USING (resident_id, actor_id, at)
