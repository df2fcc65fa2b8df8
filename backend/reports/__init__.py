"""Reports (市民反映) of residents that a shop did not honour an incentive that holds there.

The unit answers, the office closes, the resident is told. A unit learns shop, incentive, what happened and
when; who reported it stands in a column that no request can read.
"""
