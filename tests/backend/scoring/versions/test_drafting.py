"""A version of the score model is written by a file or a form, and never stored with a mistake in it."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.city.score_document import LONGEST_TEXT
from backend.main import Parts
from backend.scoring.versions.models import ScoreModelVersion
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import Colleague, seat
from tests.factories.score_models import VERSIONS, as_json, begun, new_content, new_text, with_indicator
from tests.factories.trail import audit_actions, count_rows


@pytest.fixture
def keeper(db: Session, app: Application) -> Colleague:
    return seat(db, app, "score_keeper")


def hand_in(person: Colleague, content: bytes | str) -> TestResponse:
    data = content.encode() if isinstance(content, str) else content
    return person.call("POST", f"{VERSIONS}/file", data={"file": (BytesIO(data), "model.yaml")})


def problems_of(answer: TestResponse) -> list[tuple[int, str]]:
    faulty: Any = refusal(answer, 422, "score_model.faulty")
    return [(problem["line"], problem["field"]) for problem in faulty["data"]["problems"]]


def test_a_file_becomes_a_draft_that_says_what_it_changes(
    db: Session, parts: Parts, keeper: Colleague
) -> None:
    content = with_indicator(new_content(db, parts.city), "blood-donation", points="1.625")
    version = begun(keeper, content)
    text: Any = keeper.get(f"{VERSIONS}/{version['id']}/document").text
    keeper.delete(f"{VERSIONS}/{version['id']}")
    again: Any = hand_in(keeper, text)
    assert again.status_code == 201, again.text
    shown = keeper.get(f"{VERSIONS}/{again.json['id']}").json
    assert shown == again.json
    assert shown["content"] == as_json(content)
    assert (shown["state"], shown["revision"], shown["is_own"]) == ("draft", 1, True)
    changed = {(change["place"], change["field"]): change["after"] for change in shown["changes"]}
    assert changed[("无偿献血", "points")] == "1.625"
    assert {field for _, field in changed} == {"points", "version", "effective_on"}
    assert audit_actions(db, "score_model_version", again.json["id"]) == ["score_model.begun"]


def test_every_mistake_of_a_file_is_told_with_its_line_and_field(
    db: Session, parts: Parts, keeper: Colleague
) -> None:
    lines = new_text(db, parts.city).splitlines()
    base = next(number for number, line in enumerate(lines) if line.startswith("base:"))
    cap = next(number for number, line in enumerate(lines) if line.strip().startswith("cap:"))
    lines[base], lines[cap] = "base: sixty", lines[cap].split(":")[0] + ": 30.0"
    before = count_rows(db, ScoreModelVersion)
    found = problems_of(hand_in(keeper, "\n".join(lines)))
    assert found == [(base + 1, "base"), (cap + 1, "dimensions.0.indicators.0.cap")]
    assert count_rows(db, ScoreModelVersion) == before


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\xff\xfe\x00",
        b"a: 1\x00",
        b"- 1\n- 2",
        b"&a [*a]",
        b"[" * 200_000,
        b"{a: " * 5_000,
        b"a:\n" + b" " * LONGEST_TEXT,
        "版本: 一".encode("gbk"),
        b"!!python/object/apply:os.system [id]",
        b"version: " + b"9" * 6_000,
    ],
    ids=range(11),
)
def test_a_hostile_file_is_a_faulty_model_and_nothing_worse(keeper: Colleague, hostile: bytes) -> None:
    assert problems_of(hand_in(keeper, hostile))


def test_a_new_model_keeps_every_indicator_the_range_and_the_order_of_days(
    db: Session, parts: Parts, keeper: Colleague
) -> None:
    content = new_content(db, parts.city)
    content["dimensions"][0]["indicators"] = content["dimensions"][0]["indicators"][1:]
    for wrong, field in (
        (content, "dimensions"),
        ({**new_content(db, parts.city), "ceiling": "200.0"}, "ceiling"),
        (
            {**new_content(db, parts.city), "effective_on": parts.city.score_models[0].effective_on},
            "effective_on",
        ),
        ({**new_content(db, parts.city), "version": parts.city.score_models[0].version}, "version"),
    ):
        answer = keeper.post(VERSIONS, {"content": as_json(wrong)})
        assert [name for _, name in problems_of(answer)] == [field]


def test_who_saves_from_an_older_look_is_refused(db: Session, parts: Parts, keeper: Colleague) -> None:
    content = new_content(db, parts.city)
    version = begun(keeper, content)
    place = f"{VERSIONS}/{version['id']}"
    saved: Any = keeper.put(place, {"revision": 1, "content": as_json({**content, "base": "61.0"})})
    assert (saved.status_code, saved.json["revision"]) == (200, 2)
    refusal(keeper.put(place, {"revision": 1, "content": as_json(content)}), 409, "score_model.stale")
    assert keeper.delete(place).status_code == 204
    refusal(keeper.delete(place), 409, "score_model.not_in_that_state")
    assert audit_actions(db, "score_model_version", version["id"]) == [
        "score_model.begun",
        "score_model.saved",
        "score_model.discarded",
    ]


def test_two_open_versions_do_not_share_a_name(db: Session, parts: Parts, keeper: Colleague) -> None:
    content = new_content(db, parts.city)
    begun(keeper, content)
    answer = keeper.post(VERSIONS, {"content": as_json(content)})
    refusal(answer, 409, "score_model.version_taken")


def test_who_works_for_a_district_manages_no_model_of_the_city(
    db: Session, app: Application, parts: Parts
) -> None:
    local = seat(db, app, "score_keeper", district="420202")
    refusal(local.get(VERSIONS), 403, "score_model.whole_city_only")
    answer = local.post(VERSIONS, {"content": as_json(new_content(db, parts.city))})
    refusal(answer, 403, "score_model.whole_city_only")


def test_a_draft_is_begun_from_the_newest_model(db: Session, parts: Parts, keeper: Colleague) -> None:
    template: Any = keeper.get(f"{VERSIONS}/template").json
    assert template["version"] == new_content(db, parts.city, version=template["version"])["version"]
    listed: Any = keeper.get(VERSIONS, limit=2).json
    assert all(item["state"] == "draft" for item in listed["items"])
