-- 规则 4：分数等于基础分、每一行和每次封顶之和
SELECT
    resident_id::text AS id,
    score_milli IS DISTINCT FROM (explanation ->> 'score_milli')::bigint
        OR score_milli IS DISTINCT FROM (explanation ->> 'base_milli')::bigint + (
            SELECT coalesce(sum(part::bigint), 0)
            FROM (
                SELECT jsonb_path_query(explanation, '$.dimensions[*].lines[*].points_milli')
                UNION ALL
                SELECT jsonb_path_query(explanation, '$.dimensions[*].adjustments[*].cut_milli')
                UNION ALL
                SELECT jsonb_path_query(explanation, '$.adjustments[*].cut_milli')
            ) AS parts (part)
        ) AS broken
FROM scores
WHERE explanation IS NOT NULL
