-- 规则 2：还能用的券和二维码，主人现在都同意评分
WITH open AS (
    SELECT 'voucher ' || id AS id, resident_id FROM vouchers WHERE state = 'issued'
    UNION ALL
    SELECT 'ticket ' || encode(ticket_id, 'hex'), resident_id
    FROM tickets WHERE revoked_at IS NULL AND expires_at > now()
)
SELECT open.id, given.resident_id IS NULL AS broken
FROM open
LEFT JOIN consents AS given
    ON given.resident_id = open.resident_id AND given.purpose = 'scoring' AND given.decision = 'given'
