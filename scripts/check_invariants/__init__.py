"""Proof, by counting in the database, that the rules about consent, tracing, once-only and looking hold.

One statement per invariant in `statements/`: a comment with rule and sentence, then a SELECT that gives
`id` and `broken` for each row it looked at. `recompute` computes scores again through the engine.
"""
