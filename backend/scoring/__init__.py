"""The score: what a resident's records add up to under the city's published score model.

A score model is data of a city; a record is one entry a department delivered. `engine` computes
one person's score and explains every point of it. Whether someone may be scored at all (consent,
age, residence) is asked before the engine runs; what a score opens belongs to incentives.
"""
