"""Measuring the system under load, as ratios within one run: `make bench`.

A city of its own in `.data/bench`, the backend as `make run` starts it, and the load from another
process. What is measured stands in `scenes`, what it is compared with in `ceilings`.
"""
