-- 规则 4：分数的每一行都指着本人的一条记录，写明来源单位、依据和目录条目
SELECT
    line ->> 'record_id' AS id,
    record.id IS NULL
        OR coalesce(line ->> 'source_unit', '') = ''
        OR coalesce(line ->> 'legal_basis', '') = ''
        OR coalesce(line ->> 'catalogue_item', '') = '' AS broken
FROM scores
CROSS JOIN LATERAL jsonb_path_query(explanation, '$.dimensions[*].lines[*]') AS line
LEFT JOIN credit_records AS record
    ON record.id = (line ->> 'record_id')::uuid AND record.resident_id = scores.resident_id
