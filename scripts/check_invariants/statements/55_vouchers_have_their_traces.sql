-- 规则 5：每张券有一条领取的审计记录，取消或到期的也正好有一条
WITH traces AS (
    SELECT
        subject_id,
        count(*) FILTER (WHERE action = 'voucher.issued') AS issued,
        count(*) FILTER (WHERE action = 'voucher.cancelled') AS cancelled,
        count(*) FILTER (WHERE action = 'voucher.expired') AS expired
    FROM audit_events WHERE subject_kind = 'voucher' GROUP BY subject_id
)
SELECT
    coalesce(voucher.id::text, subject_id) AS id,
    voucher.id IS NULL OR subject_id IS NULL OR issued <> 1
        OR cancelled <> (state = 'cancelled')::int OR expired <> (state = 'expired')::int AS broken
FROM vouchers AS voucher FULL JOIN traces ON subject_id = voucher.id::text
