"""Settings: a trial runs without any, production refuses every weak one by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from backend.config import (
    TRIAL_APPID,
    TRIAL_PUSH_AES_KEY,
    TRIAL_PUSH_TOKEN,
    TRIAL_SECRET,
    WECHAT_HOST,
    KeyProvider,
    Mode,
    Settings,
)
from backend.main import read_keys

GOOD: dict[str, Any] = {
    "mode": "production",
    "database_url": "postgresql://city:a-password@db/city",
    "redis_url": "redis://:another-password@cache/0",
    "key_file": Path("/run/secrets/keys.json"),
    "documents_dir": Path("/srv/documents"),
    "wechat_appid": "wx8a4c2f19d07be365",
    "wechat_secret": "3f9c1a7be2084d56a1c7e90b4f6d8235",
    "wechat_push_token": "kT7vQ2mXr9LpZ4sB",
    "wechat_push_aes_key": "k8Jq2VxN5rT7yB1mZ4cW9sD6fG3hL0pQaEuIoKvXbCd",
    "identity_providers": {"window"},
    "console_url": "https://credit.example.gov.cn/admin/",
    "mail_url": "smtps://office:p%40ss-word@mail.example.gov.cn:465",
    "mail_from": "office@credit.example.gov.cn",
}
KMS: dict[str, Any] = {
    "key_provider": "kms",
    "kms_url": "https://kms.example/v1",
    "kms_key": "city-credit",
    "kms_token_file": Path("/run/secrets/kms-token"),
}
WEAK = {
    "no database": ({"database_url": None}, "DATABASE_URL"),
    "no redis": ({"redis_url": None}, "REDIS_URL"),
    "no keys": ({"key_file": None}, "KEY_FILE"),
    "no folder for documents": ({"documents_dir": None}, "DOCUMENTS_DIR"),
    "a key service without tls": ({**KMS, "kms_url": "http://kms.example"}, "KMS_URL"),
    "a key service without a token": ({**KMS, "kms_token_file": None}, "KMS_TOKEN_FILE"),
    "half a certificate": ({"kms_client_cert_file": Path("/run/cert.pem")}, "go together"),
    "the trial's application": ({"wechat_appid": TRIAL_APPID}, "WECHAT_APPID"),
    "the trial's secret": ({"wechat_secret": TRIAL_SECRET}, "WECHAT_SECRET is the trial's"),
    "a short secret": ({"wechat_secret": GOOD["wechat_secret"][:31]}, "WECHAT_SECRET is weak"),
    "a secret of one letter": ({"wechat_secret": "a" * 32}, "WECHAT_SECRET is weak"),
    "an empty secret": ({"wechat_secret": ""}, "WECHAT_SECRET is weak"),
    "the trial's push token": ({"wechat_push_token": TRIAL_PUSH_TOKEN}, "WECHAT_PUSH_TOKEN is the trial's"),
    "a short push token": ({"wechat_push_token": "shorttoken"}, "WECHAT_PUSH_TOKEN is weak"),
    "the trial's push key": ({"wechat_push_aes_key": TRIAL_PUSH_AES_KEY}, "WECHAT_PUSH_AES_KEY is"),
    "a simulator": ({"wechat_base_url": "http://127.0.0.1:9000/"}, "WECHAT_BASE_URL"),
    "wechat without tls": ({"wechat_base_url": WECHAT_HOST.replace("https", "http")}, "WECHAT_BASE_URL"),
    "the sandbox": ({"identity_providers": {"window", "sandbox"}}, "IDENTITY_PROVIDERS must not"),
    "a national platform without tls": (
        {
            "identity_providers": {"ncidas"},
            "ncidas_base_url": "http://platform/",
            "ncidas_org_id": "1",
            "ncidas_business_id": "2",
        },
        "NCIDAS_BASE_URL must begin with https://",
    ),
    "a national platform that is not named": ({"identity_providers": {"ncidas"}}, "ncidas needs NCIDAS"),
    "a console without tls": ({"console_url": "http://credit.example/admin/"}, "CONSOLE_URL must begin"),
    "a console without an address": ({"console_url": "https://credit.example/admin?x"}, "console_url"),
    "no mail server": ({"mail_url": None}, "MAIL_URL must name"),
    "mail by another way": ({"mail_url": "http://mail.example"}, "MAIL_URL begins with"),
    "nobody's mail": ({"mail_from": "city-credit@localhost"}, "MAIL_FROM must be"),
    "no identity provider": ({"identity_providers": set()}, "IDENTITY_PROVIDERS must name"),
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_production_accepts_good_settings() -> None:
    assert Settings(**GOOD).mode is Mode.PRODUCTION
    assert Settings(**GOOD | KMS).key_provider is KeyProvider.KMS


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


SECRETS = [
    "database_url",
    "redis_url",
    "wechat_secret",
    "wechat_push_token",
    "wechat_push_aes_key",
    "mail_url",
]


@pytest.mark.parametrize("name", SECRETS)
def test_a_refusal_to_start_shows_no_secret(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("MODE", "production")
    monkeypatch.setenv(name.upper(), GOOD[name])
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert GOOD[name][-12:] not in str(refused.value)


def test_settings_show_no_secret_when_printed() -> None:
    shown = repr(Settings(**GOOD))
    shared = (GOOD["wechat_secret"], GOOD["wechat_push_token"], GOOD["wechat_push_aes_key"])
    for secret in (*shared, "a-password", "another-password"):
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


@pytest.mark.parametrize("key", ["", "short", "a" * 42, "a" * 44, "a" * 42 + "=", "键" * 43])
def test_a_push_key_that_is_none_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(wechat_push_aes_key=SecretStr(key))
    assert "WECHAT_PUSH_AES_KEY" in str(refused.value)
    assert not key or key not in str(refused.value)


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
    made = read_keys(trial).ring
    assert read_keys(trial).ring == made
    operators = tmp_path / "keys.json"
    assert read_keys(Settings(**GOOD | {"key_file": operators})).ring == made
    with pytest.raises(FileNotFoundError):
        read_keys(Settings(**GOOD | {"key_file": tmp_path / "nothing.json"}))


def test_a_production_that_lost_its_key_file_makes_no_new_keys(tmp_path: Path) -> None:
    lost = Settings(**GOOD).model_copy(update={"key_file": None, "data_dir": tmp_path})
    with pytest.raises(RuntimeError, match="KEY_FILE"):
        read_keys(lost)
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_kept_as_secrets() -> None:
    fields: dict[str, Callable[..., Any]] = {name: type(getattr(Settings(**GOOD), name)) for name in SECRETS}
    assert set(fields.values()) == {SecretStr}
