"""Flask, shared by all parts: audiences and their guards, the request's transaction, error answers,
idempotent requests, pages, limits, headers, logs and the service's own documents."""
