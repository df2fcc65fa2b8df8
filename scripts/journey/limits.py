"""Where an advantage ends: too few points, the last one gone, the limit of a day reached."""

from typing import Any

from scripts.journey import words
from scripts.journey.cast import Offers, find_another, find_settled_clerk
from scripts.journey.phone import Phone
from scripts.journey.stage import Stage


def lack_points(stage: Stage, lead: Phone, offers: Offers) -> Phone:
    """Refused for too few points: the lead, and somebody below the first level."""
    story = stage.story
    with story.step(f"{lead.name}想领“{offers.too_dear['title']}”，分不够") as step:
        data = step.refused(lead.claim(offers.too_dear["id"]), 403, "voucher.not_entitled")
        step.says(f"还差 {data['missing']['points']} 分。")

    with story.step("一位分数还没到第一个等级的市民") as step:
        low = find_another(stage, lambda _phone, score: score["level"] is None, besides=[lead])
        score = step.given(low.get("/resident/score"))
        following = score["next_level"]
        step.says(f"{low.name}，{score['score']} 分，没有等级名称。")
        step.says(f"页面只写着：再有 {following['missing']} 分就是{following['name']}。")
        step.says(f"想领“{offers.voucher['title']}”：")
        data = step.refused(low.claim(offers.voucher["id"]), 403, "voucher.not_entitled")
        step.check(data["missing"]["kind"] == "points", "说明差多少分")
        step.says(f"还差 {data['missing']['points']} 分。其他事情照常能办，公开目录照样能看。")
    return low


def take_last_one(stage: Stage, lead: Phone, offers: Offers) -> None:
    """The last one goes to the lead, then nobody gets it, and given back it goes to somebody else.

    When it was gone before the story began, only the refusal can be told.
    """
    story, offer = stage.story, offers.last_one

    def can_claim(phone: Phone, _score: dict[str, Any]) -> bool:
        mine = phone.get(f"/resident/incentives/{offer['id']}").body
        return bool(mine["eligible"] and mine["remaining_for_me"] > 0)

    voucher = None
    if offer["remaining"] == 1:
        with story.step(f"“{offer['title']}”只剩一个名额，{lead.name}去领") as step:
            voucher = step.given(lead.claim(offer["id"]), 201)
            step.says("领到了。")

    with story.step("另一位够条件的市民也来领") as step:
        second = find_another(stage, can_claim, besides=[lead])
        step.says(f"{second.name}，{second.get('/resident/score').body['score']} 分，够条件。")
        step.refused(second.claim(offer["id"]), 409, "voucher.sold_out")

    if voucher:
        with story.step(f"{lead.name}不去了，把券退回，{second.name}再领") as step:
            step.given(lead.give_back(voucher["id"]), 204)
            step.given(second.claim(offer["id"]), 201)
            step.says(f"退回的名额马上放了出来，{second.name}领到了。")


def reach_limit(stage: Stage, lead: Phone, offers: Offers) -> None:
    """Use a standing entitlement as often as one may, and once more."""
    story, offer = stage.story, offers.standing
    times = offer["limit"]["times"]
    with story.step(f"常享权益“{offer['title']}”，每天 {times} 次") as step:
        clerk = find_settled_clerk(stage, offer)
        for number in range(1, times + 1):
            ticket = lead.draw_tickets(1, incentive_id=offer["id"])[0]
            used = step.given(clerk.redeem(ticket.now()), 201)
            step.says(f"第 {number} 次：{words.clock_time(used['accepted_at'])} 在{clerk.name}已使用。")

    with story.step("今天再用一次") as step:
        ticket = lead.draw_tickets(1, incentive_id=offer["id"])[0]
        step.refused(clerk.redeem(ticket.now()), 409, "voucher.limit_reached")
        left = step.given(lead.get(f"/resident/incentives/{offer['id']}"))["remaining_for_me"]
        step.check(left == 0, "显示今天已用完")
