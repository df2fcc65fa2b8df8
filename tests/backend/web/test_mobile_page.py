"""The mobile web page: its files, its addresses, and what it may load."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backend.config import WECHAT_HOST, Settings
from backend.main import Parts, create_app, simulator_address
from tests.factories.answers import refusal

SCRIPT = "assets/index-1a2b3c.js"
WITHIN = "console.log('信用分')\n"
SIMULATOR = "http://127.0.0.1:8001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("h5")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text(f"<!doctype html><title>信用分</title><script>{WITHIN}</script>")
    for suffix, content in {"": "plain", ".br": "brotli", ".gz": "gzip"}.items():
        (folder / (SCRIPT + suffix)).write_text(content)
    (folder.parent / "secret.html").write_text("secret")
    return folder


@pytest.fixture(scope="module")
def client(parts: Parts, folder: Path) -> Iterator[FlaskClient]:
    changes = {"mobile_page_dir": folder, "wechat_base_url": f"{SIMULATOR}/"}
    app = create_app(parts=replace(parts, settings=parts.settings.model_copy(update=changes)))
    with app.test_client() as client:
        yield client


@pytest.mark.parametrize("path", ["/m/", "/m/pages/home/index", "/m/pkg-vouchers/code/index?id=7"])
def test_every_address_of_the_page_opens_the_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path, buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "信用分" in answer.text


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [("gzip, deflate, br", "br", "brotli"), ("gzip", "gzip", "gzip"), ("", None, "plain")],
)
def test_a_file_comes_in_the_smallest_form_and_is_kept_for_good(
    client: FlaskClient, accepted: str, encoding: str | None, content: str
) -> None:
    answer = client.get(f"/m/{SCRIPT}", headers={"Accept-Encoding": accepted}, buffered=True)
    assert (answer.headers.get("Content-Encoding"), answer.text) == (encoding, content)
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "name",
    ["assets/gone.js", f"{SCRIPT}.br", "../secret.html", "..%2fsecret.html", "%2fetc%2fhosts.conf", "%00.js"],
)
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    refusal(client.get(f"/m/{name}", buffered=True, follow_redirects=True), 404, "not_found")


def test_the_page_loads_from_here_and_asks_only_the_simulator_besides(client: FlaskClient) -> None:
    policy = client.get("/m/", buffered=True).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    digest = b64encode(sha256(WITHIN.encode()).digest()).decode()
    assert rules["script-src"] == f"'self' 'sha256-{digest}'"
    assert rules["connect-src"] == f"'self' {SIMULATOR}"
    assert "sha256" not in client.get(f"/m/{SCRIPT}", buffered=True).headers["Content-Security-Policy"]
    assert client.get("/m/config.json").json == {"simulator": SIMULATOR}


def test_where_the_real_wechat_signs_in_no_simulator_is_named() -> None:
    assert simulator_address(Settings(wechat_base_url=WECHAT_HOST)) is None


def test_without_a_built_page_the_address_is_simply_not_there(parts: Parts, tmp_path: Path) -> None:
    changes = {"mobile_page_dir": tmp_path / "nothing"}
    app = create_app(parts=replace(parts, settings=parts.settings.model_copy(update=changes)))
    with app.test_client() as client:
        refusal(client.get("/m/", buffered=True), 404, "not_found")
