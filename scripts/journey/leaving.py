"""What the resident can read about it all, and leaving: giving back, withdrawing, signing out."""

from typing import Any

from scripts.journey import words
from scripts.journey.phone import Phone
from scripts.journey.stage import Stage

SHOWN = 6


def read_up(stage: Stage, lead: Phone, till: Phone) -> None:
    story = stage.story
    with story.step("看消息") as step:
        inbox = step.given(lead.get("/resident/notices", limit=SHOWN))
        kinds = {notice["kind"] for notice in inbox["items"]}
        step.check("voucher_redeemed" in kinds, "有“已使用”的消息")
        step.says(f"未读 {inbox['unread']} 条，最近的是：")
        step.lists([(words.clock_time(notice["created_at"]), notice["body"]) for notice in inbox["items"]])

    with story.step("看谁看过我的信息") as step:
        looks = step.given(lead.get("/resident/access-log", limit=SHOWN))["items"]
        step.check(any(look["looked_by"] == till.name for look in looks), "写着刚才的门店")
        step.lists(
            [
                (
                    words.clock_time(look["occurred_at"]),
                    look["looked_by"],
                    look["purpose"],
                    f"看到“{look['shown']}”",
                )
                for look in looks
            ]
        )


def leave(stage: Stage, lead: Phone, till: Phone, *, voucher: dict[str, Any], used: dict[str, Any]) -> None:
    story = stage.story
    with story.step("店员撤销最后那次使用，券又能用了") as step:
        step.given(till.reverse(used["id"], "演示结束"))
        ticket = lead.draw_tickets(1, voucher_id=voucher["id"])[0]
        step.check(step.given(till.check(ticket.now()))["entitled"], "可以享受")
        step.says("核验：可以享受。")

    with story.step("想退出：先看撤回同意会带来什么") as step:
        effects = step.given(lead.get("/resident/consents/scoring/effects"))["items"]
        codes = {effect["code"] for effect in effects}
        step.check(codes >= {"score_deleted", "vouchers_cancelled"}, "说明信用分会删除，券会取消")
        step.lists([(effect["text"], f"{effect['count']} 项") for effect in effects])

    with story.step("撤回同意，一步完成") as step:
        step.given(lead.withdraw(), 204)
        state = step.given(lead.get(f"/resident/vouchers/{voucher['id']}"))["state"]
        step.check(state == "cancelled", "取消没用的券")
        step.says("已撤回，券已取消。再问分数：")
        step.refused(lead.get("/resident/score"), 409, "score.not_authorised")
        step.says("把撤回前打开的二维码拿去用：")
        step.refused(till.redeem(ticket.now()), 422, "voucher.not_valid")

    with story.step("公开目录照样能看") as step:
        step.given(lead.get("/public/incentives"))
        step.says("能看。撤回同意不影响任何别的事。")

    with story.step("退出登录") as step:
        step.given(lead.delete("/resident/session"), 204)
        step.says("已退出。再拿原来的登录去问：")
        step.refused(lead.get("/resident/score"), 401, "session.ended")
