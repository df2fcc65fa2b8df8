-- 规则 5：每家门店的名额，已占的等于没有撤销的使用，不超过名额
WITH counted AS (
    SELECT incentive_id, shop_id::text AS place, count(*) AS uses
    FROM redemptions WHERE state = 'accepted' GROUP BY incentive_id, shop_id
),
expected AS (
    SELECT counted.* FROM counted JOIN quota_rules USING (incentive_id) WHERE quota_rules.scope = 'shop'
),
taken AS (SELECT * FROM quota_counts WHERE scope = 'shop')
SELECT
    concat_ws(' ', incentive_id, place) AS id,
    coalesce(taken, 0) <> coalesce(uses, 0) OR taken > quota AS broken
FROM taken FULL JOIN expected USING (incentive_id, place)
