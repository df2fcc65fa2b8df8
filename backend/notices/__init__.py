"""The resident's inbox: notices (消息) that something happened to a voucher, a score, an account.

A notice holds a kind and a few harmless values; the sentence is made when it is read. Later these
also leave as WeChat messages, from jobs queued beside them.
"""
