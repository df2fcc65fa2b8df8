"""What a resident holds and uses: claim, give back, show (tickets), honour, reverse, expire.

A voucher (券) comes out of a quota and is used up; a standing entitlement is honoured again and again
within its limit. `ticket` is the HS1 code on the phone. A shop learns "entitled or not", nothing more.
"""
