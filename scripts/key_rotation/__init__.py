"""Replacing keys while the system runs: `personal` finds what stands under keys, `rewriting` writes it
anew, `waiting` makes sure that every process has come along, `rotation` puts the steps in order.
"""
