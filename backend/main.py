"""Putting the parts together: the web application, and the job queue for worker processes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_smorest import Api
from procrastinate import App as Queue
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from backend.audit import routes_resident as audit_resident
from backend.city import City, load_city
from backend.city import routes_public as city_public
from backend.city.serving import serve
from backend.config import Mode, Settings
from backend.consents import routes_resident as consents_resident
from backend.consents.service import consent_given, consent_withdrawn, withdrawal_effects
from backend.core import embedded_postgres
from backend.core.actor import Actor
from backend.core.clock import Clock, SystemClock
from backend.core.database import connect, session_factory
from backend.core.encryption import open_vault
from backend.core.jobs import build_queue
from backend.core.keys import KeyRing, load_key_ring, load_or_create_key_ring
from backend.identity import jobs as identity_jobs
from backend.identity import routes_resident as identity_resident
from backend.identity.providers import PROVIDERS
from backend.identity.service import identity_bound
from backend.identity.sessions import authenticate
from backend.incentives import routes_public as incentives_public
from backend.notices import routes_resident as notices_resident
from backend.partners import routes_merchant as partners_merchant
from backend.partners import routes_public as partners_public
from backend.scoring import jobs as scoring_jobs
from backend.scoring import routes_resident as scoring_resident
from backend.scoring import service as scoring
from backend.vouchers import ending, routes_merchant, routes_resident, routes_service
from backend.vouchers import jobs as vouchers_jobs
from backend.web import documentation, headers, health, limits, logs, openapi, problems
from backend.web import jobs as web_jobs
from backend.web.application import Application
from backend.web.audience import refuse_unguarded_routes
from backend.wechat.accounts import build_wechat

LARGEST_BODY = 1024 * 1024

BLUEPRINTS = (
    health.blueprint,
    documentation.blueprint,
    city_public.blueprint,
    partners_public.blueprint,
    incentives_public.blueprint,
    identity_resident.blueprint,
    consents_resident.blueprint,
    scoring_resident.blueprint,
    routes_resident.blueprint,
    notices_resident.blueprint,
    audit_resident.blueprint,
    partners_merchant.blueprint,
    routes_merchant.blueprint,
    routes_service.blueprint,
)
JOBS = {
    "web": web_jobs.blueprint,
    "identity": identity_jobs.blueprint,
    "scoring": scoring_jobs.blueprint,
    "vouchers": vouchers_jobs.blueprint,
}

# What begins and ends with a decision of the resident, in the transaction of the decision.
identity_bound.connect(scoring.take_held_records)
consent_given.connect(scoring.begin_scoring)
consent_withdrawn.connect(scoring.end_scoring)
consent_withdrawn.connect(ending.end_with_consent)
withdrawal_effects.connect(scoring.what_ends)
withdrawal_effects.connect(ending.what_ends)


@dataclass(frozen=True)
class Parts:
    """What every process of the backend needs, web or worker."""

    settings: Settings
    clock: Clock
    city: City
    keys: KeyRing
    engine: Engine
    sessions: sessionmaker[Session]
    queue: Queue


def assemble(settings: Settings, *, clock: Clock | None = None) -> Parts:
    """Read city and keys, connect the database and the queue."""
    logs.configure(settings.log_level)
    unknown = settings.identity_providers - PROVIDERS.keys()
    if unknown:
        raise RuntimeError(f"IDENTITY_PROVIDERS names what is not built: {', '.join(sorted(unknown))}")
    clock = clock or SystemClock()
    city = load_city(settings.city_dir)
    serve(city)
    keys = read_keys(settings)
    open_vault(keys)
    url = database_url(settings)
    engine = connect(url, pool_size=settings.pool_size)
    sessions = session_factory(engine)
    queue = build_queue(url, JOBS, sessions=sessions, clock=clock)
    return Parts(settings, clock, city, keys, engine, sessions, queue)


def create_app(settings: Settings | None = None, *, parts: Parts | None = None) -> Application:
    """The web application."""
    parts = parts or assemble(settings or Settings())
    settings, clock = parts.settings, parts.clock
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
    app = Application("backend")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions.update(
        sessions=parts.sessions,
        clock=clock,
        keys=parts.keys,
        identity_providers=settings.identity_providers,
        wechat=build_wechat(
            appid=settings.wechat_appid,
            secret=settings.wechat_secret.get_secret_value(),
            base_url=settings.wechat_base_url,
            redis=connect_redis(redis_url) if redis_url else None,
        ),
        authenticate=authenticator(parts.keys, clock),
        readiness=readiness_checks(parts),
    )
    # Health first, so that it counts what the headers make of an answer (304).
    health.install(app)
    headers.install(app)
    limits.install(app, redis_url)
    api = Api(app, spec_kwargs=openapi.SPEC)
    # After the Api, which brings an error handler of its own for what HTTP itself refuses.
    problems.install(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    openapi.complete(api.spec)
    app.extensions["openapi"] = api.spec.to_dict
    refuse_unguarded_routes(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app


def database_url(settings: Settings) -> str:
    """The database named in the settings, or the embedded one, started when it is not running."""
    if settings.database_url:
        return settings.database_url.get_secret_value()
    return embedded_postgres.start(settings.data_dir / "postgres")


def connect_redis(url: str) -> Redis:
    """Redis is a help and never truth, so waiting for it is short and trying again is left out."""
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


def read_keys(settings: Settings) -> KeyRing:
    """The operator's key file, or in a trial one made at the first start."""
    if settings.key_file:
        return load_key_ring(settings.key_file)
    if settings.mode is Mode.PRODUCTION:
        raise RuntimeError("production needs KEY_FILE")
    return load_or_create_key_ring(settings.data_dir / "keys.json")


def authenticator(keys: KeyRing, clock: Clock) -> Callable[[Session, str], Actor]:
    return lambda db, token: authenticate(db, token, keys=keys.session, now=clock.now())


def alembic_config(url: str) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    return config


def readiness_checks(parts: Parts) -> dict[str, Callable[[], None]]:
    head = ScriptDirectory.from_config(alembic_config("")).get_current_head()

    def database() -> None:
        with parts.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def migrations() -> None:
        with parts.engine.connect() as connection:
            if MigrationContext.configure(connection).get_current_revision() != head:
                raise RuntimeError("the database is at another revision")

    def keys() -> None:
        parts.keys.ticket_key(parts.clock.now())

    return {"database": database, "migrations": migrations, "keys": keys}
