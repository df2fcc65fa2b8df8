-- 规则 6：每条查看记录都有同一时刻、同一个人的审计记录
WITH events AS (
    SELECT occurred_at, actor_kind, coalesce(actor_id::text, '') AS actor, count(*) AS times
    FROM audit_events GROUP BY 1, 2, 3
)
SELECT look.id::text AS id, events.times IS NULL AS broken
FROM access_log AS look
LEFT JOIN events
    ON events.occurred_at = look.occurred_at AND events.actor_kind = look.actor_kind
    AND events.actor = coalesce(look.actor_id::text, '')
