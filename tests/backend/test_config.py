"""Settings: a trial runs without any, production refuses every weak one by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from backend.config import TRIAL_APPID, TRIAL_SECRET, WECHAT_HOST, Mode, Settings
from backend.main import read_keys

GOOD: dict[str, Any] = {
    "mode": "production",
    "database_url": "postgresql://city:a-password@db/city",
    "redis_url": "redis://:another-password@cache/0",
    "key_file": Path("/run/secrets/keys.json"),
    "wechat_appid": "wx8a4c2f19d07be365",
    "wechat_secret": "3f9c1a7be2084d56a1c7e90b4f6d8235",
    "identity_providers": {"window"},
}
WEAK = {
    "no database": ({"database_url": None}, "DATABASE_URL"),
    "no redis": ({"redis_url": None}, "REDIS_URL"),
    "no keys": ({"key_file": None}, "KEY_FILE"),
    "the trial's application": ({"wechat_appid": TRIAL_APPID}, "WECHAT_APPID"),
    "the trial's secret": ({"wechat_secret": TRIAL_SECRET}, "WECHAT_SECRET is the trial's"),
    "a short secret": ({"wechat_secret": GOOD["wechat_secret"][:31]}, "WECHAT_SECRET is weak"),
    "a secret of one letter": ({"wechat_secret": "a" * 32}, "WECHAT_SECRET is weak"),
    "an empty secret": ({"wechat_secret": ""}, "WECHAT_SECRET is weak"),
    "a simulator": ({"wechat_base_url": "http://127.0.0.1:9000/"}, "WECHAT_BASE_URL"),
    "wechat without tls": ({"wechat_base_url": WECHAT_HOST.replace("https", "http")}, "WECHAT_BASE_URL"),
    "the sandbox": ({"identity_providers": {"window", "sandbox"}}, "IDENTITY_PROVIDERS must not"),
    "no identity provider": ({"identity_providers": set()}, "IDENTITY_PROVIDERS must name"),
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_production_accepts_good_settings() -> None:
    assert Settings(**GOOD).mode is Mode.PRODUCTION


@pytest.mark.parametrize(("weak", "named"), WEAK.values(), ids=WEAK)
def test_production_refuses_a_weak_setting_and_names_it(weak: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**GOOD | weak)
    assert named in str(refused.value)


def test_production_names_all_weak_settings_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(mode=Mode.PRODUCTION)
    text = str(refused.value)
    for name in (
        "DATABASE_URL",
        "REDIS_URL",
        "KEY_FILE",
        "WECHAT_APPID",
        "WECHAT_SECRET",
        "IDENTITY_PROVIDERS",
    ):
        assert name in text


@pytest.mark.parametrize("name", ["database_url", "redis_url", "wechat_secret"])
def test_a_refusal_to_start_shows_no_secret(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("MODE", "production")
    monkeypatch.setenv(name.upper(), GOOD[name])
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert GOOD[name][-12:] not in str(refused.value)


def test_settings_show_no_secret_when_printed() -> None:
    shown = repr(Settings(**GOOD))
    for secret in (GOOD["wechat_secret"], "a-password", "another-password"):
        assert secret not in shown


def test_production_starts_from_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        text = '["window"]' if name == "identity_providers" else str(value)
        monkeypatch.setenv(name.upper(), text)
    assert Settings().model_dump(exclude_defaults=True).keys() == GOOD.keys()


def test_a_trial_needs_no_settings() -> None:
    settings = Settings()
    assert settings.mode is Mode.TRIAL
    assert (settings.city_dir / "city.yaml").exists()
    assert settings.identity_providers == {"sandbox"}


@pytest.mark.parametrize("city", ["../huangshi", "Huangshi", "huang/shi", "", "/etc"])
def test_a_city_is_a_name_and_no_path(city: str) -> None:
    with pytest.raises(ValidationError):
        Settings(city=city)


@pytest.mark.parametrize(
    "wrong",
    [{"pool_size": 0}, {"pool_size": 65}, {"log_level": "LOUD"}, {"trusted_proxies": -1}, {"mode": "x"}],
)
def test_a_setting_out_of_its_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_a_trial_makes_its_keys_and_production_only_reads_the_operators(tmp_path: Path) -> None:
    trial = Settings(data_dir=tmp_path)
    made = read_keys(trial)
    assert read_keys(trial) == made
    operators = tmp_path / "keys.json"
    assert read_keys(Settings(**GOOD | {"key_file": operators})) == made
    with pytest.raises(FileNotFoundError):
        read_keys(Settings(**GOOD | {"key_file": tmp_path / "nothing.json"}))


def test_a_production_that_lost_its_key_file_makes_no_new_keys(tmp_path: Path) -> None:
    lost = Settings(**GOOD).model_copy(update={"key_file": None, "data_dir": tmp_path})
    with pytest.raises(RuntimeError, match="KEY_FILE"):
        read_keys(lost)
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_kept_as_secrets() -> None:
    fields: dict[str, Callable[..., Any]] = {
        name: type(getattr(Settings(**GOOD), name)) for name in ("database_url", "redis_url", "wechat_secret")
    }
    assert set(fields.values()) == {SecretStr}
