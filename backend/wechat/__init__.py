"""WeChat, spoken to in our own types: the only part that knows wechatpy.

`accounts.build_wechat` makes the `WeChat` that others hold; it signs people in and can be asked
whether WeChat is in reach. Refusals are in `errors`. An openid is secret from the client and from
logs; session keys are not kept at all. The real host and a simulator differ in the base address only.
"""
