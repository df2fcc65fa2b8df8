"""Asking the interface what nobody would ask: requests made from its own OpenAPI document (Schemathesis).

`running` plays one role over the whole document, right and wrong requests, single and in chains;
`checks` says what no answer may be; `players` are the roles on a running system. Not for production.
"""
