-- 规则 6：审计、同意和查看记录只能添加，改不了也删不掉
SELECT
    guarded.name || '.' || guard.name AS id,
    NOT EXISTS (
        SELECT FROM pg_trigger
        WHERE tgrelid = to_regclass('public.' || guarded.name)
            AND tgname = guard.name AND tgenabled IN ('O', 'A')
    ) AS broken
FROM (VALUES ('audit_events'), ('consent_events'), ('access_log')) AS guarded (name)
CROSS JOIN (VALUES ('append_only'), ('no_truncate')) AS guard (name)
