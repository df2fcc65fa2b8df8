"""The catalogue (激励项目): what a resident may obtain, from whom, from which level or score.

Two forms: a voucher (券) is claimed from a quota and used up; a standing entitlement (常享权益) is open
again and again within a limit per period. Whether a given resident may have one is asked in `vouchers`.
"""
