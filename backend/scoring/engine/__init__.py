"""One person's score as pure functions: no database, no framework, no clock.

`model` holds the words (score model, indicator, record), `compute` adds them up and keeps the
trace, `whatif` asks the same engine about imagined records.
All points are integers in thousandths (milli-points). docs/scoring.md explains the arithmetic.
"""
