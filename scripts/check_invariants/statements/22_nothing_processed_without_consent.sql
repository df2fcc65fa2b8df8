-- 规则 2：每次算分、领券、出码、使用时都有同意，撤回 60 秒以后再没有处理
WITH processed AS (
    SELECT subject_id::uuid AS resident_id, occurred_at AS at, 'audit ' || id AS id
    FROM audit_events WHERE action = 'score.computed' AND subject_kind = 'resident'
    UNION ALL
    SELECT actor_id, occurred_at, 'audit ' || id
    FROM audit_events WHERE action = 'ticket.signed' AND actor_kind = 'resident'
    UNION ALL
    SELECT resident_id, issued_at, 'voucher ' || id FROM vouchers
    UNION ALL
    SELECT resident_id, accepted_at, 'redemption ' || id FROM redemptions
)
SELECT
    processed.id,
    last.decision IS NULL
        OR (last.decision <> 'given' AND processed.at > last.decided_at + interval '60 seconds') AS broken
FROM processed
LEFT JOIN LATERAL (
    SELECT decision, decided_at
    FROM consent_events AS decided
    WHERE decided.resident_id = processed.resident_id
        AND decided.purpose = 'scoring' AND decided.decided_at <= processed.at
    ORDER BY decided.decided_at DESC, decided.id DESC
    LIMIT 1
) AS last ON true
