"""Asking the interface what nobody would ask: requests made from its own OpenAPI document (Schemathesis).

`running` plays one role over the document, right and wrong requests, single and in chains; `checks` says what
no answer may be; `players` are the roles on a running system; `knowing` puts `things` of the town into
requests, so that they get somewhere; `rounds` lets all roles play until there was enough. Not for production.
"""
