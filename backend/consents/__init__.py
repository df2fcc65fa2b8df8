"""Consent (同意): what a resident agreed to, purpose by purpose, in which version of which text.

The ledger only grows. Other parts attach to the signals in `service`: they do what begins with a
consent and what ends with its withdrawal, in the same transaction, and say beforehand what would end.
"""
