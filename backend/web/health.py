"""Whether the service is alive, whether it is ready, its figures, and a log line for every answer."""

import os
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import marshmallow as ma
from flask import Flask, Response, current_app, g, request
from flask.views import MethodView
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

from backend.core.actor import Audience
from backend.web.audience import audience_blueprint
from backend.web.limits import limiter
from backend.web.logs import write_harmless
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.SERVICE, "health")
limiter.exempt(blueprint)

# What `readyz` asks, by name: each returns when all is well and raises when not.
ReadinessCheck = Callable[[], None]

# Callers may write any word as a method; labels are few.
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
REQUESTS = Counter("http_requests_total", "Answers sent", ["route", "method", "status"])
SECONDS = Histogram("http_request_seconds", "Time until the answer", ["route", "method"])


class AliveSchema(Schema):
    status = ma.fields.String(required=True)


class ReadySchema(AliveSchema):
    checks = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


@blueprint.route("/healthz")
class Alive(MethodView):
    @blueprint.response(200, AliveSchema)
    def get(self) -> dict[str, str]:
        """Tell that the process answers"""
        return {"status": "ok"}


@blueprint.route("/readyz")
class Ready(MethodView):
    @blueprint.response(200, ReadySchema)
    @blueprint.alt_response(503, schema=ReadySchema, description="没有准备好")
    def get(self) -> Any:
        """Tell whether database, migrations and keys are ready"""
        checks: dict[str, ReadinessCheck] = current_app.extensions["readiness"]
        results = {name: _outcome(check) for name, check in checks.items()}
        is_ready = all(result == "ok" for result in results.values())
        answer = {"status": "ok" if is_ready else "unavailable", "checks": results}
        return (answer, 200) if is_ready else (answer, 503, {"Retry-After": "2"})


@blueprint.route("/metrics")
class Metrics(MethodView):
    @blueprint.response(200, content_type=CONTENT_TYPE_LATEST)
    def get(self) -> Response:
        """Show the service's figures for Prometheus"""
        return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def install(app: Flask) -> None:
    """Count and time every answer, by the route's pattern: no id ever becomes a label."""

    def start() -> None:
        g.started = time.perf_counter()

    def count(answer: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unknown"
        method = request.method if request.method in METHODS else "other"
        note_answer(route, method, answer.status_code, time.perf_counter() - g.started)
        return answer

    app.before_request(start)
    app.after_request(count)


def note_answer(route: str, method: str, status: int, seconds: float) -> None:
    _counter(route, method, status).inc()
    _timer(route, method).observe(seconds)
    write_harmless("answered", route=route, method=method, status=status, ms=round(seconds * 1000, 1))


# Finding a child by its labels costs more than counting.
_counter = lru_cache(maxsize=None)(REQUESTS.labels)
_timer = lru_cache(maxsize=None)(SECONDS.labels)


def _outcome(check: ReadinessCheck) -> str:
    try:
        check()
    except Exception as error:
        return type(error).__name__
    return "ok"


def _registry() -> CollectorRegistry:
    """The figures of all worker processes, where PROMETHEUS_MULTIPROC_DIR says they share them."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
