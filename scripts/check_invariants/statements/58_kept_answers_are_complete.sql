-- 规则 5：为重复请求保存的回答都是完整的
SELECT id, status IS NULL OR body_cipher IS NULL AS broken FROM idempotent_answers
