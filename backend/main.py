"""Putting the parts together: the web application, and the job queue for worker processes."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

from backend.accounts.mail import Mailer, MailFolder, PostDesk, SmtpServer, open_post_desk
from backend.accounts.queries import account_names
from backend.accounts.roles import Permission
from backend.accounts.sessions import find_caller
from backend.blueprints import JOBS, ROUTES
from backend.city import City, load_city
from backend.city.in_force import InForce, go_by
from backend.city.serving import serve
from backend.config import WECHAT_HOST, KeyProvider, Mode, Settings
from backend.consents.service import consent_given, consent_withdrawn, end_consents, withdrawal_effects
from backend.core import embedded_postgres
from backend.core.actor import Actor, ActorKind
from backend.core.batches import DATABASE_SETTINGS
from backend.core.clock import Clock, SystemClock
from backend.core.console import Caller, CallerFinder, ConsoleAddress
from backend.core.database import connect, request_sessions, system_sessions
from backend.core.encryption import open_vault
from backend.core.jobs import build_queue
from backend.core.keys import FileKeys, KeySource, Kms, KmsKeys, KmsSettings, LiveKeys, TrialKeys
from backend.core.scopes import SYSTEM, check_guarded
from backend.identity import addresses
from backend.identity.ncidas import Platform
from backend.identity.provider_list import build_providers
from backend.identity.providers import PROVIDER_NAMES, IdentityProvider
from backend.identity.sessions import authenticate, read_actor
from backend.identity.signals import identity_bound, resident_closed, signed_out
from backend.identity.tokens import named_key
from backend.incentives import queries as incentives
from backend.incentives import running
from backend.incentives.front import CatalogueFront
from backend.incentives.pages import CataloguePages
from backend.incentives.sheets.storage import open_sheet_store
from backend.notices import events as notices_events
from backend.notices.post_office import PostOffice, open_post_office
from backend.office.settings import read_values
from backend.partners import queries as partners
from backend.partners.document_storage import DocumentStore, open_document_store
from backend.partners.standing import unit_closed, unit_suspended
from backend.scoring import service as scoring
from backend.scoring.bulk.engines import DuckDB
from backend.scoring.bulk.running import CityScorer, open_city_scorer
from backend.scoring.bulk.spark import Spark
from backend.scoring.ready import ReadyPages
from backend.scoring.versions.shadow import ShadowRunner, open_shadow_runner
from backend.sources.clients import authenticate_client
from backend.sources.storage import open_batch_store
from backend.vouchers import ending
from backend.vouchers import queries as vouchers
from backend.vouchers.quick import QuickWays
from backend.web import (
    headers,
    health,
    limits,
    logs,
    openapi,
    problems,
    quick,
)
from backend.web.application import Application
from backend.web.audience import refuse_unguarded_routes
from backend.web.built_files import BuiltFiles
from backend.web.mobile_page import MobilePage
from backend.wechat.accounts import WeChat, build_wechat
from backend.wechat.push_seal import PushSeal
from backend.wechat.pushes import push_received

LARGEST_BODY = 1024 * 1024
# New objects, then rounds of the generation before; Python's own are 700, 10 and 10.
COLLECTED_EVERY = (50_000, 20, 100)
# Claims and redemptions; score pages, and looking up an incentive meanwhile.
BATCH_CONNECTIONS = 2

# What begins and ends with a decision of the resident or about a unit, in the transaction of the decision.
identity_bound.connect(scoring.take_held_records)
consent_given.connect(scoring.begin_scoring)
consent_withdrawn.connect(scoring.end_scoring)
consent_withdrawn.connect(ending.end_with_consent)
withdrawal_effects.connect(scoring.what_ends)
withdrawal_effects.connect(ending.what_ends)
signed_out.connect(ending.revoke_tickets)
resident_closed.connect(end_consents)
resident_closed.connect(ending.end_with_closing)
unit_suspended.connect(running.pause_with_unit)
unit_closed.connect(running.end_with_unit)
push_received.connect(notices_events.take_push)


@dataclass(frozen=True)
class Parts:
    """What every process of the backend needs, web or worker.

    `sessions` are the system's own and see all rows; a request works in one of `request_sessions`.
    """

    settings: Settings
    clock: Clock
    city: City
    keys: LiveKeys
    engine: Engine
    sessions: sessionmaker[Session]
    request_sessions: sessionmaker[Session]
    queue: Queue
    wechat: WeChat


def assemble(settings: Settings, *, clock: Clock | None = None) -> Parts:
    """Read city and keys, connect the database and the queue."""
    logs.configure(settings.log_level)
    unknown = settings.identity_providers - PROVIDER_NAMES
    if unknown:
        raise RuntimeError(f"IDENTITY_PROVIDERS names what is not built: {', '.join(sorted(unknown))}")
    clock = clock or SystemClock()
    city = load_city(settings.city_dir)
    serve(city)
    keys = read_keys(settings)
    open_vault(keys)
    url = database_url(settings)
    keys.follow(url)
    engine = connect(url, pool_size=settings.pool_size)
    sessions = system_sessions(engine)
    go_by(InForce(lambda: read_values(sessions)))
    queue = build_queue(url, JOBS, sessions=sessions, clock=clock)
    wechat = open_wechat(settings, clock)
    open_post_office(PostOffice(wechat, addresses.find_openid, addresses.find_resident_id))
    scores_on = Spark(settings.spark_master) if settings.spark_master else DuckDB()
    folder = settings.score_runs_dir
    open_city_scorer(CityScorer(engine, sessions, engine=scores_on, folder=folder, clock=clock))
    shadows = ShadowRunner(engine, sessions, folder=folder / "shadow", clock=clock)
    open_shadow_runner(shadows)
    open_document_store(DocumentStore(settings.documents_dir_in_use))
    open_sheet_store(DocumentStore(settings.documents_dir_in_use / "sheets"))
    open_batch_store(DocumentStore(settings.documents_dir_in_use / "batches"))
    open_post_desk(PostDesk(mailer(settings), settings.mail_from, console_address(settings), city.name))
    return Parts(settings, clock, city, keys, engine, sessions, request_sessions(engine), queue, wechat)


def create_app(settings: Settings | None = None, *, parts: Parts | None = None) -> Application:
    """The web application."""
    parts = parts or assemble(settings or Settings())
    settings, clock = parts.settings, parts.clock
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
    app = Application("backend")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    changes, readings = connect_batches(parts.engine), connect_batches(parts.engine, for_reading=True)
    app.extensions.update(
        sessions=parts.request_sessions,
        system_sessions=parts.sessions,
        clock=clock,
        keys=parts.keys,
        identity_providers=identity_providers(parts),
        wechat=parts.wechat,
        push_seal=push_seal(settings),
        authenticate=authenticator(parts.keys, clock),
        find_console_caller=console_caller_finder(parts),
        console_address=console_address(settings),
        unit_names=partners.get_unit_name,
        incentives_held_at=incentives.held_at,
        account_names=account_names,
        count_uses=vouchers.count_uses,
        quick_ways=QuickWays(changes, readings),
        ready_pages=ReadyPages(readings),
        readiness=readiness_checks(parts),
        mobile_page=MobilePage(settings.mobile_page_dir, simulator_address(settings)),
        console_page=BuiltFiles(settings.console_page_dir),
    )
    # Health first, so that it counts what the headers make of an answer (304).
    health.install(app)
    headers.install(app)
    limits.install(app, redis_url)
    api = Api(app, spec_kwargs=openapi.SPEC)
    # After the Api, which brings an error handler of its own for what HTTP itself refuses.
    problems.install(app)
    for blueprint in ROUTES:
        api.register_blueprint(blueprint)
    openapi.complete(api.spec)
    app.extensions["openapi"] = api.spec.to_dict
    refuse_unguarded_routes(app, frozenset(Permission))
    pages = CataloguePages(parts.request_sessions, clock)
    app.wsgi_app = CatalogueFront(app.wsgi_app, pages)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    quick.install(app, clock=clock, read_token=token_reader(parts.keys, clock))
    return app


def create_server(parts: Parts | None = None) -> Application:
    """The web application for a process that does nothing else, and has hardly anything to throw away: what
    is there by now stays, and the rest is looked through seldom, since that stops every request."""
    app = create_app(parts=parts)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_EVERY)
    return app


def identity_providers(parts: Parts) -> dict[str, IdentityProvider]:
    settings = parts.settings
    platform = Platform(settings.ncidas_base_url, settings.ncidas_org_id, settings.ncidas_business_id)
    return build_providers(
        settings.identity_providers, sessions=parts.sessions, wechat=parts.wechat, platform=platform
    )


def database_url(settings: Settings) -> str:
    """The database named in the settings, or the embedded one, started when it is not running."""
    if settings.database_url:
        return settings.database_url.get_secret_value()
    return embedded_postgres.start(settings.data_dir / "postgres")


def open_wechat(settings: Settings, clock: Clock) -> WeChat:
    """WeChat or its simulator; the access token is shared through Redis, else through a file."""
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
    return build_wechat(
        appid=settings.wechat_appid,
        secret=settings.wechat_secret.get_secret_value(),
        base_url=settings.wechat_base_url,
        redis=connect_redis(redis_url) if redis_url else None,
        token_file=settings.data_dir / "wechat_token.json",
        clock=clock,
    )


def simulator_address(settings: Settings) -> str | None:
    """Where the mobile web page of a trial signs people in; null where the real WeChat does."""
    if settings.mode is Mode.PRODUCTION or settings.wechat_base_url == WECHAT_HOST:
        return None
    return settings.wechat_base_url.rstrip("/")


def push_seal(settings: Settings) -> PushSeal:
    return PushSeal(
        token=settings.wechat_push_token.get_secret_value(),
        aes_key=settings.wechat_push_aes_key.get_secret_value(),
        appid=settings.wechat_appid,
    )


def connect_batches(engine: Engine, *, for_reading: bool = False) -> Engine:
    """A further engine for the same database, so that batches never stand in line behind requests."""
    url = engine.url.render_as_string(hide_password=False)
    return connect(
        url,
        pool_size=BATCH_CONNECTIONS,
        role=SYSTEM,
        settings=DATABASE_SETTINGS,
        commits_each_statement=True,
        asks_before_use=not for_reading,
    )


def connect_redis(url: str) -> Redis:
    """Redis is a help and never truth, so waiting for it is short and trying again is left out."""
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


def read_keys(settings: Settings) -> LiveKeys:
    """The operator's key ring, or in a trial one made at the first start."""
    return LiveKeys(key_source(settings))


def key_source(settings: Settings) -> KeySource:
    """Where the key ring is: a file, or a document whose secrets a key service unwraps."""
    if settings.key_provider is KeyProvider.KMS:
        return KmsKeys(settings.key_file_in_use, Kms(kms_settings(settings)))
    if settings.key_file:
        return FileKeys(settings.key_file)
    if settings.mode is Mode.PRODUCTION:
        raise RuntimeError("production needs KEY_FILE")
    return TrialKeys(settings.key_file_in_use)


def kms_settings(settings: Settings) -> KmsSettings:
    if settings.kms_url is None or settings.kms_key is None or settings.kms_token_file is None:
        raise RuntimeError("KEY_PROVIDER=kms needs KMS_URL, KMS_KEY and KMS_TOKEN_FILE")
    return KmsSettings(
        settings.kms_url,
        settings.kms_key,
        settings.kms_token_file,
        settings.kms_ca_file,
        settings.kms_client_cert_file,
        settings.kms_client_key_file,
    )


def authenticator(keys: LiveKeys, clock: Clock) -> Callable[[Session, str], Actor]:
    def find(db: Session, token: str) -> Actor:
        known: dict[str, Any] = {"keys": keys.session_keys(named_key(token)), "now": clock.now()}
        is_program = read_actor(token, **known).kind is ActorKind.SOURCE
        return (authenticate_client if is_program else authenticate)(db, token, **known)

    return find


def console_caller_finder(parts: Parts) -> CallerFinder:
    """In a transaction of its own, which ends before the request's begins: also who only reads was here."""

    def find(token: str) -> Caller:
        with parts.sessions.begin() as db:
            return find_caller(db, token, now=parts.clock.now())

    return find


def console_address(settings: Settings) -> ConsoleAddress:
    return ConsoleAddress(settings.console_url)


def mailer(settings: Settings) -> Mailer:
    """The mail server of the settings; in a trial without one a folder of letters."""
    if settings.mail_url:
        return SmtpServer(settings.mail_url.get_secret_value())
    return MailFolder(settings.data_dir / "mail")


def token_reader(keys: LiveKeys, clock: Clock) -> Callable[[str], Actor]:
    return lambda token: read_actor(token, keys=keys.session_keys(named_key(token)), now=clock.now())


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

    def guards() -> None:
        with parts.engine.connect() as connection:
            check_guarded(connection)

    return {"database": database, "migrations": migrations, "guards": guards, "keys": keys}
