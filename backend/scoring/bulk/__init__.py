"""All people scored at once: the score model compiled to one expression, run over columns of records.

`expression` is the arithmetic and holds for every backend of Ibis. The one-person engine decides what
is right; a property test and 200 000 generated people hold both together. docs/scoring.md explains.
"""
