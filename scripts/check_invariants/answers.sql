-- 规则 5：手机和收银台收到的每个成功回答都在数据库里，重复的请求只有一个结果
WITH answered AS (
    SELECT kind, key, id, count(*) OVER (PARTITION BY kind, key) AS results
    FROM (
        SELECT DISTINCT kind, key, id
        FROM jsonb_to_recordset(CAST(:answers AS jsonb)) AS answer (kind text, key text, id uuid)
    ) AS told
)
SELECT
    concat_ws(' ', kind, key, answered.id) AS id,
    results <> 1 OR CASE kind
        WHEN 'claim' THEN NOT EXISTS (SELECT FROM vouchers WHERE vouchers.id = answered.id)
        WHEN 'redeem' THEN NOT EXISTS (SELECT FROM redemptions WHERE redemptions.id = answered.id)
        WHEN 'reverse' THEN NOT EXISTS (
            SELECT FROM redemptions WHERE redemptions.id = answered.id AND redemptions.state = 'reversed'
        )
        ELSE true
    END AS broken
FROM answered
