"""Partner units (成员单位) that grant advantages, and their shops (门店), where these are honoured.

The clerk's session starts here because its answer names the shop. Which incentives hold at which shop
belongs to `incentives`.
"""
