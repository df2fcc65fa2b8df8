-- 规则 5：每次使用有一个二维码和一条审计记录，撤销的正好还有一条
WITH traces AS (
    SELECT
        subject_id,
        count(*) FILTER (WHERE action IN ('voucher.redeemed', 'entitlement.used')) AS used,
        count(*) FILTER (WHERE action = 'redemption.reversed') AS reversed
    FROM audit_events WHERE subject_kind = 'redemption' GROUP BY subject_id
)
SELECT
    coalesce(redemption.id::text, subject_id) AS id,
    redemption.id IS NULL OR subject_id IS NULL OR used <> 1
        OR reversed <> (redemption.state = 'reversed')::int
        OR (ticket.resident_id, ticket.incentive_id, ticket.voucher_id) IS DISTINCT FROM
            (redemption.resident_id, redemption.incentive_id, redemption.voucher_id) AS broken
FROM redemptions AS redemption
LEFT JOIN tickets AS ticket USING (ticket_id)
FULL JOIN traces ON subject_id = redemption.id::text
