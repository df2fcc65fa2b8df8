"""Who someone is: residents (市民) and shop clerks (店员), their proof of identity and their sessions.

A WeChat account signs in first and is nobody yet; binding a proven identity makes it a resident. One
person has one account. Whether a person agreed to anything is `consents`; what a shop is, `partners`.
"""
