"""The ticket HS1: what the QR code carries, and how a till tells that its holder is entitled.

A *ticket* is a signed body for one offer; the *chain* gives it a fresh *link* every *step*, so that a
photo of the screen soon is worthless. Decoding (`text`) says what a code is, judging (`judge`) whether
it is good. Whether it was used before only the server knows: that is left to the vouchers' service.
No Flask, no database, no clock in here. The format is explained in docs/ticket.md.
"""
