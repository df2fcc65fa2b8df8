"""Partner units (成员单位) that grant advantages, and their shops (门店), where these are honoured.

A unit applies (`applying`) by a link that it gets by mail, the office decides (`reviewing`), and the unit
becomes active by signing the commitment to truth (`committing`), which the city seals (`seal`). The
clerk's session starts here because its answer names the shop. Which incentives hold at which shop belongs
to `incentives`.
"""
