"""Settings, read from the environment once at start and checked; only `main` reads them.

In production every weak or trial value is refused, each by name, before anything starts.
"""

import re
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
WECHAT_HOST = "https://api.weixin.qq.com/"
TRIAL_APPID = "wx0000000000000000"
TRIAL_SECRET = "trial-secret-for-the-simulator"  # noqa: S105 - production refuses it
WECHAT_SECRET_LENGTH = 32
TRIAL_PUSH_TOKEN = "trialpushtoken"  # noqa: S105 - production refuses it
TRIAL_PUSH_AES_KEY = "TrialPushKeyForTheSimulatorOnly000000000000"
AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
SANDBOX = "sandbox"
NCIDAS = "ncidas"


class Mode(StrEnum):
    TRIAL = "trial"
    PRODUCTION = "production"


class KeyProvider(StrEnum):
    FILE = "file"
    KMS = "kms"


class Settings(BaseSettings):
    """The names here are the names of the environment variables, in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    mode: Mode = Mode.TRIAL
    city: str = Field(default="huangshi", pattern=r"^[a-z][a-z0-9_]*$")
    cities_dir: Path = PROJECT / "cities"
    data_dir: Path = PROJECT / ".data"
    documents_dir: Path | None = None
    mobile_page_dir: Path = PROJECT / "miniprogram" / "dist" / "build" / "h5"
    console_page_dir: Path = PROJECT / "admin" / "dist"
    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None
    key_provider: KeyProvider = KeyProvider.FILE
    key_file: Path | None = None
    kms_url: str | None = None
    kms_key: str | None = None
    kms_token_file: Path | None = None
    kms_ca_file: Path | None = None
    kms_client_cert_file: Path | None = None
    kms_client_key_file: Path | None = None
    spark_master: str | None = Field(default=None, pattern=r"^(local(\[(\d+|\*)\])?|(spark|k8s)://.+|yarn)$")
    pool_size: int = Field(default=4, ge=1, le=64)
    wechat_appid: str = TRIAL_APPID
    wechat_secret: SecretStr = SecretStr(TRIAL_SECRET)
    wechat_base_url: str = WECHAT_HOST
    wechat_push_token: SecretStr = SecretStr(TRIAL_PUSH_TOKEN)
    wechat_push_aes_key: SecretStr = SecretStr(TRIAL_PUSH_AES_KEY)
    identity_providers: frozenset[str] = frozenset({SANDBOX})
    ncidas_base_url: str = ""
    ncidas_org_id: str = ""
    ncidas_business_id: str = ""
    console_url: str = Field(default="http://localhost:8000/admin/", pattern=r"^https?://[^/?#]+/([^?#]*/)?$")
    mail_url: SecretStr | None = None
    mail_from: str = "city-credit@localhost"
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    @property
    def city_dir(self) -> Path:
        return self.cities_dir / self.city

    @property
    def key_file_in_use(self) -> Path:
        return self.key_file or self.data_dir / "keys.json"

    @property
    def score_runs_dir(self) -> Path:
        return self.data_dir / "score-runs"

    @property
    def documents_dir_in_use(self) -> Path:
        return self.documents_dir or self.data_dir / "documents"

    @model_validator(mode="after")
    def check_key_service(self) -> Self:
        needed = {"KMS_URL": self.kms_url, "KMS_KEY": self.kms_key, "KMS_TOKEN_FILE": self.kms_token_file}
        missing = [name for name, value in needed.items() if not value]
        if self.key_provider is KeyProvider.KMS and missing:
            raise ValueError(f"KEY_PROVIDER=kms needs {', '.join(missing)}")
        if bool(self.kms_client_cert_file) != bool(self.kms_client_key_file):
            raise ValueError("KMS_CLIENT_CERT_FILE and KMS_CLIENT_KEY_FILE go together")
        return self

    @model_validator(mode="after")
    def check_national_platform(self) -> Self:
        given = (self.ncidas_base_url, self.ncidas_org_id, self.ncidas_business_id)
        if NCIDAS in self.identity_providers and not all(given):
            raise ValueError("ncidas needs NCIDAS_BASE_URL, NCIDAS_ORG_ID and NCIDAS_BUSINESS_ID")
        return self

    @model_validator(mode="after")
    def check_mail(self) -> Self:
        if self.mail_url and not self.mail_url.get_secret_value().startswith(("smtp://", "smtps://")):
            raise ValueError("MAIL_URL begins with smtps:// or smtp://")
        return self

    @model_validator(mode="after")
    def check_production(self) -> Self:
        if self.mode is Mode.PRODUCTION:
            problems = self._unfit_for_production()
            if problems:
                raise ValueError("unfit for production: " + "; ".join(problems))
        return self

    @model_validator(mode="after")
    def check_push_key(self) -> Self:
        if not AES_KEY.fullmatch(self.wechat_push_aes_key.get_secret_value()):
            raise ValueError("WECHAT_PUSH_AES_KEY has 43 letters and digits, as WeChat's console shows it")
        return self

    def _unfit_for_production(self) -> list[str]:
        secret = self.wechat_secret.get_secret_value()
        push_token = self.wechat_push_token.get_secret_value()
        checks = {
            "DATABASE_URL must name the production database": self.database_url is None,
            "REDIS_URL must be set, since limits have to count over all processes": self.redis_url is None,
            "KEY_FILE must name a key file put in place by the operator": self.key_file is None,
            "KMS_URL must begin with https://": (
                self.key_provider is KeyProvider.KMS and not (self.kms_url or "").startswith("https://")
            ),
            "DOCUMENTS_DIR must name a folder that is backed up": self.documents_dir is None,
            "WECHAT_APPID is the trial's": self.wechat_appid == TRIAL_APPID,
            "WECHAT_SECRET is the trial's": secret == TRIAL_SECRET,
            f"WECHAT_SECRET is weak: WeChat's has {WECHAT_SECRET_LENGTH} varied characters": (
                len(secret) < WECHAT_SECRET_LENGTH or len(set(secret)) < 8
            ),
            "WECHAT_PUSH_TOKEN is the trial's": push_token == TRIAL_PUSH_TOKEN,
            "WECHAT_PUSH_TOKEN is weak: take 16 characters or more": len(push_token) < 16,
            "WECHAT_PUSH_AES_KEY is the trial's": (
                self.wechat_push_aes_key.get_secret_value() == TRIAL_PUSH_AES_KEY
            ),
            f"WECHAT_BASE_URL must be {WECHAT_HOST}, not a simulator": self.wechat_base_url != WECHAT_HOST,
            "IDENTITY_PROVIDERS must not contain sandbox": SANDBOX in self.identity_providers,
            "IDENTITY_PROVIDERS must name at least one provider": not self.identity_providers,
            "CONSOLE_URL must begin with https://": not self.console_url.startswith("https://"),
            "MAIL_URL must name a mail server": self.mail_url is None,
            "MAIL_FROM must be an address of the office": self.mail_from.endswith("@localhost"),
            "NCIDAS_BASE_URL must begin with https://": (
                NCIDAS in self.identity_providers and not self.ncidas_base_url.startswith("https://")
            ),
        }
        return [problem for problem, is_so in checks.items() if is_so]
