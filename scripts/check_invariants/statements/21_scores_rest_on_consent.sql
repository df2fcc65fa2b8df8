-- 规则 2：有分数和分数历史的人，现在都同意评分
SELECT kept.resident_id::text AS id, given.resident_id IS NULL AS broken
FROM (SELECT resident_id FROM scores UNION SELECT resident_id FROM score_months) AS kept
LEFT JOIN consents AS given
    ON given.resident_id = kept.resident_id AND given.purpose = 'scoring' AND given.decision = 'given'
