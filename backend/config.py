"""Settings, read from the environment once at start and checked; only `main` reads them.

In production every weak or trial value is refused, each by name, before anything starts.
"""

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
SANDBOX = "sandbox"


class Mode(StrEnum):
    TRIAL = "trial"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """The names here are the names of the environment variables, in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    mode: Mode = Mode.TRIAL
    city: str = Field(default="huangshi", pattern=r"^[a-z][a-z0-9_]*$")
    cities_dir: Path = PROJECT / "cities"
    data_dir: Path = PROJECT / ".data"
    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None
    key_file: Path | None = None
    pool_size: int = Field(default=4, ge=1, le=64)
    wechat_appid: str = TRIAL_APPID
    wechat_secret: SecretStr = SecretStr(TRIAL_SECRET)
    wechat_base_url: str = WECHAT_HOST
    identity_providers: frozenset[str] = frozenset({SANDBOX})
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    @property
    def city_dir(self) -> Path:
        return self.cities_dir / self.city

    @model_validator(mode="after")
    def check_production(self) -> Self:
        if self.mode is Mode.PRODUCTION:
            problems = self._unfit_for_production()
            if problems:
                raise ValueError("unfit for production: " + "; ".join(problems))
        return self

    def _unfit_for_production(self) -> list[str]:
        secret = self.wechat_secret.get_secret_value()
        checks = {
            "DATABASE_URL must name the production database": self.database_url is None,
            "REDIS_URL must be set, since limits have to count over all processes": self.redis_url is None,
            "KEY_FILE must name a key file put in place by the operator": self.key_file is None,
            "WECHAT_APPID is the trial's": self.wechat_appid == TRIAL_APPID,
            "WECHAT_SECRET is the trial's": secret == TRIAL_SECRET,
            f"WECHAT_SECRET is weak: WeChat's has {WECHAT_SECRET_LENGTH} varied characters": (
                len(secret) < WECHAT_SECRET_LENGTH or len(set(secret)) < 8
            ),
            f"WECHAT_BASE_URL must be {WECHAT_HOST}, not a simulator": self.wechat_base_url != WECHAT_HOST,
            "IDENTITY_PROVIDERS must not contain sandbox": SANDBOX in self.identity_providers,
            "IDENTITY_PROVIDERS must name at least one provider": not self.identity_providers,
        }
        return [problem for problem, is_so in checks.items() if is_so]
