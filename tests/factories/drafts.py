"""Drafts of incentives, written over the interface."""

from typing import Any

from backend.partners.models import Shop
from tests.factories.console import Colleague

DRAFTS = "/partner/incentive-drafts"


def whole_content(*shops: Shop, **fields: Any) -> dict[str, Any]:
    """A voucher that may be handed in."""
    return {
        "form": "voucher",
        "title": "图书馆借阅加倍",
        "summary": "凭信用分多借十本书",
        "category": "culture_sport_tourism",
        "benefit_kind": "extended",
        "benefit": "可借二十本",
        "terms": ["本人使用"],
        "score_milli": 0,
        "shop_ids": [str(shop.id) for shop in shops],
        "valid_from": "2020-01-01",
        "valid_until": "2099-12-31",
        "limit_times": 1,
        "limit_period": "ever",
        "voucher_days": 30,
        "quota_total": 100,
        "cost_bearer": "unit",
        **fields,
    }


def begun_draft(editor: Colleague, content: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = editor.post(DRAFTS, {"content": content, **more})
    assert answer.status_code == 201, answer.text
    draft: dict[str, Any] = answer.json  # type: ignore[assignment]
    return draft


def submitted_draft(editor: Colleague, *shops: Shop, **fields: Any) -> dict[str, Any]:
    draft = begun_draft(editor, whole_content(*shops, **fields))
    return handed_in(editor, draft)


def changed_draft(editor: Colleague, incentive_id: str, **fields: Any) -> dict[str, Any]:
    """A change of what was published, handed in."""
    return handed_in(editor, begun_draft(editor, fields, incentive_id=incentive_id))


def handed_in(editor: Colleague, draft: dict[str, Any]) -> dict[str, Any]:
    answer = editor.post(f"{DRAFTS}/{draft['id']}/submission", {"revision": draft["revision"]})
    assert answer.status_code == 200, answer.text
    submitted: dict[str, Any] = answer.json  # type: ignore[assignment]
    return submitted


def approve(reviewer: Colleague, draft: dict[str, Any], **more: Any) -> Any:
    body = {"revision": draft["revision"], **more}
    return reviewer.post(f"/office/incentive-drafts/{draft['id']}/approval", body)


def published(reviewer: Colleague, draft: dict[str, Any]) -> str:
    """The id of the incentive that a draft became."""
    answer = approve(reviewer, draft)
    assert answer.status_code == 200, answer.text
    assert answer.json["state"] == "published"
    incentive_id: str = answer.json["incentive_id"]
    return incentive_id
