"""Breaking the running system on purpose, under load, and proving afterwards that nothing was lost.

A system of its own (PostgreSQL, Redis, the WeChat simulator, the backend under granian, a job worker) is
used by phones and tills that repeat their requests as real ones do. `system` runs it, `town` fills it,
`phones` and `load` use it, each other module breaks it in one way, and `proof` counts at the end.
"""
