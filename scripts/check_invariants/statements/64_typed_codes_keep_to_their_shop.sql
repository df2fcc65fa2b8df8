-- 规则 5：数字码和它的凭证属于同一个人、同一项权益，只在它的门店使用过
SELECT
    encode(code.ticket_id, 'hex') AS id,
    ticket.anchor IS NOT NULL
        OR (ticket.resident_id, ticket.incentive_id, ticket.voucher_id) IS DISTINCT FROM
            (code.resident_id, code.incentive_id, code.voucher_id)
        OR coalesce(redemption.shop_id <> code.shop_id, false) AS broken
FROM typed_codes AS code
INNER JOIN tickets AS ticket USING (ticket_id)
LEFT JOIN redemptions AS redemption USING (ticket_id)
