"""Versions of the score model made here: a draft, its trial on the city, two approvals, a day of effect.

A draft is a whole model in the form of the city's files, and never stored with a mistake in it. A *shadow
run* scores everybody with it beside the model before, keeps no person's result and gives an *impact
report*. Two people who did not write it approve; from then on it never changes, and holds from its day
until a later one's. What is in force on a day, the city's own versions among them, `scoring.city_model` says.
"""
