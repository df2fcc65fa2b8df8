"""What is open to me and what is missing; taking a voucher; the QR code on the phone."""

import secrets
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import segno

from backend.core.clock import last_day_before
from backend.vouchers.ticket.layout import STEP_SECONDS
from scripts.journey.cast import Offer, Offers
from scripts.journey.phone import Phone, ShownTicket
from scripts.journey.stage import Stage

SHOWN = 4


def see_what_is_open(stage: Stage, lead: Phone, offers: Offers) -> None:
    with stage.story.step("我能享受哪些，还差什么") as step:
        everything = list(lead.all_items("/resident/incentives"))
        mine = [offer for offer in everything if offer["eligible"]]
        nearly = sorted(
            (offer for offer in everything if (offer["missing"] or {}).get("kind") == "points"),
            key=lambda offer: int(offer["missing"]["points_milli"]),
        )
        step.check(bool(mine) and bool(nearly), "有能享受的，也有还差几分的")
        step.says(f"现在能享受 {len(mine)} 项，例如：")
        step.lists([(offers.voucher["title"], "券"), (offers.standing["title"], "常享权益")])
        step.says(f"还差几分的 {len(nearly)} 项，最近的是：")
        step.lists([(item["title"], f"还差 {item['missing']['points']} 分") for item in nearly[:SHOWN]])


def claim(stage: Stage, lead: Phone, offer: Offer) -> dict[str, Any]:
    """The voucher, claimed once although the phone asks twice."""
    key = secrets.token_urlsafe(12)

    def held() -> int:
        return sum(one["incentive_id"] == offer["id"] for one in lead.all_items("/resident/vouchers"))

    before = held()
    with stage.story.step(f"领取“{offer['title']}”") as step:
        voucher = step.given(lead.claim(offer["id"], key=key), 201)
        step.says(f"领到了，{last_day_before(datetime.fromisoformat(voucher['expires_at']))}当天及以前有效。")
        left = step.given(lead.get(f"/resident/incentives/{offer['id']}"))
        step.check(left["remaining_for_me"] == offer["remaining_for_me"] - 1, "本期可领次数少一次")
        step.says(f"还剩 {left['remaining']} 张；本期我还能领 {left['remaining_for_me']} 张。")

    with stage.story.step("网络不好，手机把同一个请求又发了一次") as step:
        again = lead.claim(offer["id"], key=key)
        step.check(step.given(again, 201) == voucher, "得到和第一次一样的回答")
        step.check(again.headers.get("Idempotent-Replayed") == "true", "认出这是重复的请求")
        step.check(held() == before + 1, "只多了一张券")
        step.says("回答和第一次一样，券还是那一张。")
    return voucher


def show(stage: Stage, lead: Phone, voucher: dict[str, Any]) -> list[ShownTicket]:
    """Two tickets for the same voucher: one to use now, one to be photographed."""
    with stage.story.step("打开二维码") as step:
        tickets = lead.draw_tickets(2, voucher_id=voucher["id"])
        now = datetime.now(UTC)
        first, later = (tickets[0].at(now + timedelta(seconds=seconds)) for seconds in (0, STEP_SECONDS))
        step.check(first != later, "半分钟换一次")
        step.says(f"二维码每 {STEP_SECONDS} 秒换一次，里面没有姓名、证件号和分数。")
        if sys.stdout.isatty():
            segno.make(first, error="l").terminal(compact=True, border=2)
    return tickets
