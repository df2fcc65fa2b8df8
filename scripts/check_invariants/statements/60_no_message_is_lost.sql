-- 规则 5：微信消息没有丢：没有到时 15 分钟还没发的，也没有收到 15 分钟还没处理的
SELECT
    'message ' || notice_id AS id,
    state IN ('queued', 'sending') AND due_at < now() - interval '15 minutes' AS broken
FROM messages
UNION ALL
SELECT
    'push ' || id,
    handled_at IS NULL AND received_at < now() - interval '15 minutes'
FROM wechat_pushes
