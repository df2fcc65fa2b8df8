"""Where records come from: departments (数据源单位) deliver batches (批次) of them, and take records back.

A file is kept sealed and for some days only. Its good rows become records, through `scoring`; each bad one
is kept, sealed as well, with its cell and the reason, until it is mended. What a score makes of records is
none of this part's business.
"""
