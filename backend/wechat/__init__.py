"""WeChat, spoken to in our own types: the only part that knows wechatpy.

`accounts.WeChat` is what others hold: signing in, phone numbers, face checks, messages, codes, text
checks. Each kind of call has a door (`doors`) that holds it back while WeChat fails. What WeChat pushes
to us is stored once and told by a signal (`pushes`). Refusals are in `errors`. An openid is secret from
the client and from logs; session keys are not kept at all. docs/wechat.md tells the whole.
"""
