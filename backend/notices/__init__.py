"""The resident's inbox: notices (消息) that something happened to a voucher, a score, an account.

A notice holds a kind and a few harmless values; the sentence is made when it is read. Where the
resident agreed, a WeChat message (微信消息) tells it too: queued with the notice, sent by a job after
the commit, at most once (`messages`). Who agreed to what stands in `credits`.
"""
