"""Keys whose secrets only a key service can unwrap; it may be away for a while."""

import json
import traceback
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.core.keys import Kms, KmsFailed, KmsKeys, KmsSettings, LiveKeys, kms, new_key_ring
from backend.core.keys.turning import Role, stage
from tests.backend.core.kms_stub import KEY, TOKEN, KmsStub, running_kms

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
SECRETS = 5


@pytest.fixture
def service() -> Iterator[KmsStub]:
    with running_kms() as stub:
        yield stub


@pytest.fixture
def settings(service: KmsStub, tmp_path: Path) -> KmsSettings:
    token = tmp_path / "token"
    token.touch(mode=0o600)
    token.write_text(f"{TOKEN}\n")
    return KmsSettings(service.url, KEY, token)


@pytest.fixture
def source(settings: KmsSettings, tmp_path: Path) -> KmsKeys:
    """A document with a ring that is as good as any."""
    keys = KmsKeys(tmp_path / "keys.json", Kms(settings))
    keys.save(new_key_ring(NOW))
    return keys


class Watch:
    """The time that passes for a process, in seconds."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def afresh(source: KmsKeys, settings: KmsSettings, watch: Watch | None = None) -> KmsKeys:
    """As another process has it."""
    return KmsKeys(source.path, Kms(settings), monotonic=watch or Watch())


def test_the_document_holds_no_secret_in_clear(source: KmsKeys, settings: KmsSettings) -> None:
    ring = afresh(source, settings).load()
    written = source.path.read_text()
    everything = [*ring.data, *ring.index, *ring.session, *ring.ticket, *ring.seal]
    assert len({key.secret for key in everything}) == SECRETS
    assert all(b64encode(key.secret).decode() not in written for key in everything)
    assert written.count("stub:v1:") == SECRETS


def test_only_the_owner_may_read_document_and_token(source: KmsKeys, settings: KmsSettings) -> None:
    settings.token_file.chmod(0o644)
    with pytest.raises(PermissionError):
        afresh(source, settings).load()
    settings.token_file.chmod(0o600)
    source.path.chmod(0o644)
    with pytest.raises(PermissionError):
        afresh(source, settings).load()


def test_a_new_key_is_wrapped_alone_and_the_others_stay_as_they_stood(
    source: KmsKeys, service: KmsStub
) -> None:
    ring = source.load()
    before = json.loads(source.path.read_text())
    service.calls.clear()
    source.save(stage(ring, Role.INDEX))
    after = json.loads(source.path.read_text())
    assert service.calls == ["wrap"]
    assert after["index"][0]["inner"] == [before["index"][0]["secret"]]
    assert after["index"][1] == before["index"][0]
    assert source.load().index[0].chain == [ring.index[0].secret, source.load().index[0].secret]


def test_secrets_are_asked_for_again_after_five_minutes_and_not_before(
    source: KmsKeys, service: KmsStub, settings: KmsSettings
) -> None:
    watch, counts = Watch(), []
    other = afresh(source, settings, watch)
    for passed in (0, 299, 2):
        watch.now += passed
        service.calls.clear()
        other.load()
        counts.append(len(service.calls))
    assert counts == [SECRETS, 0, SECRETS]


@pytest.mark.parametrize("trouble", [500, 503, 403, "garbage"])
def test_with_the_service_away_a_process_goes_on_and_takes_up_nothing_it_cannot_open(
    source: KmsKeys, service: KmsStub, settings: KmsSettings, trouble: int | str
) -> None:
    watch = Watch()
    other = afresh(source, settings, watch)
    live = LiveKeys(other)
    ring = live.ring
    source.load()
    source.save(stage(ring, Role.DATA))
    service.trouble = trouble
    watch.now += 301
    assert not live.look()
    assert live.ring is ring
    with pytest.raises(KmsFailed):
        other.save(stage(ring, Role.SESSION))
    service.trouble = None
    assert live.look()
    assert [key.key_id for key in live.data] == [2, 1]


def test_a_document_that_is_unchanged_goes_on_while_the_service_is_away(
    source: KmsKeys, service: KmsStub, settings: KmsSettings
) -> None:
    watch = Watch()
    other = afresh(source, settings, watch)
    ring, identity = other.load(), other.identity()
    service.calls.clear()
    service.trouble = 503
    watch.now += 301
    assert other.identity() != identity
    assert other.load() == ring
    assert len(service.calls) == SECRETS


def test_a_process_does_not_start_without_the_service(
    source: KmsKeys, service: KmsStub, settings: KmsSettings
) -> None:
    service.trouble = 503
    with pytest.raises(KmsFailed):
        LiveKeys(afresh(source, settings))
    nobody = KmsSettings("http://127.0.0.1:9/", KEY, settings.token_file)
    with pytest.raises(KmsFailed, match="ConnectionError"):
        LiveKeys(afresh(source, nobody))


def test_a_slow_service_is_given_up(
    source: KmsKeys, service: KmsStub, settings: KmsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kms, "ANSWER_S", 0.1)
    service.trouble = "slow"
    with pytest.raises(KmsFailed, match="Timeout"):
        afresh(source, settings).load()


@pytest.mark.parametrize("trouble", [400, 401, 500, "garbage"])
def test_no_failure_shows_a_secret_or_the_token(
    settings: KmsSettings, service: KmsStub, trouble: int | str
) -> None:
    service.trouble = trouble
    secret = b"s" * 32
    with pytest.raises(KmsFailed) as failed:
        Kms(settings).wrap(secret)
    told = "".join(traceback.format_exception(failed.value))
    assert failed.value.__context__ is None
    assert not [word for word in (TOKEN, b64encode(secret).decode(), "echo") if word in told]


def test_a_wrong_token_and_a_wrong_key_are_refused(settings: KmsSettings, service: KmsStub) -> None:
    with pytest.raises(KmsFailed, match="HTTP 404"):
        Kms(KmsSettings(service.url, "another", settings.token_file)).wrap(b"s" * 32)
    settings.token_file.write_text("wrong")
    with pytest.raises(KmsFailed, match="HTTP 401"):
        Kms(settings).wrap(b"s" * 32)
