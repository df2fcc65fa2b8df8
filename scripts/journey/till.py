"""At the till: joining a shop, checking, honouring once, undoing; and a photo of a code."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

import click

from scripts.journey import words
from scripts.journey.cast import Tills
from scripts.journey.phone import Phone, ShownTicket
from scripts.journey.stage import Stage
from scripts.journey.telling import INDENT

PHOTO_AGE_S = 91
AMOUNT_FEN = 5800
VERDICT = {"entitled", "reason", "offer", "valid_until", "tries_left"}
OFFER = {"number", "title", "benefit", "terms"}


@dataclass(frozen=True)
class Clerks:
    """The clerks of three shops, signed in: two where the voucher holds, one where it does not."""

    own: Phone
    sister: Phone
    other: Phone


@dataclass(frozen=True)
class Photo:
    """A picture of somebody's screen: the code never changes again."""

    code: str
    taken_at: float


def join_shop(stage: Stage, tills: Tills) -> Clerks:
    story, stranger = stage.story, stage.phone("demo-stranger")
    with story.step("一个没有受邀的人想登录商户端") as step:
        step.refused(stranger.sign_in_as_clerk(), 403, "clerk.not_invited")

    with story.step("店员凭一次性邀请码加入门店") as step:
        invited = (tills.own, tills.sister, tills.other)
        phones = [stage.phone(clerk.user, clerk.shop) for clerk in invited]
        for phone, clerk in zip(phones, invited, strict=True):
            joined = step.given(phone.sign_in_as_clerk(clerk.invite))
            step.check(joined["clerk"]["shop"]["name"] == clerk.shop, "进入邀请码所写的门店")
        step.lists([("已加入", clerk.shop) for clerk in invited])

    with story.step("有人拿这个用过的邀请码也想加入") as step:
        step.refused(stranger.sign_in_as_clerk(tills.own.invite), 410, "clerk.invite_used")
    return Clerks(*phones)


def photograph(stage: Stage, clerks: Clerks, ticket: ShownTicket) -> Photo:
    """The clerk checks a live code, and somebody takes a picture of it."""
    with stage.story.step("店员先核验，不使用") as step:
        photo = Photo(ticket.now(), time.monotonic())
        verdict = step.given(clerks.own.check(photo.code))
        step.check(verdict["entitled"], "可以享受")
        step.check(set(verdict) == VERDICT and set(verdict["offer"]) == OFFER, "只告诉店员优惠本身")
        step.says(f"可以享受：{verdict['offer']['title']}，{verdict['offer']['benefit']}。")
        step.says("店员看到的只有这些，没有姓名、分数和等级。")
        step.says("这时旁边有人把这个二维码拍了下来。照片后面还会出现。")
    return photo


def honour_once(stage: Stage, clerks: Clerks, ticket: ShownTicket) -> None:
    story, till = stage.story, clerks.own
    with story.step(f"拿到不适用的店：{clerks.other.name}") as step:
        step.refused(clerks.other.redeem(ticket.now()), 422, "voucher.not_valid")

    scan, code = secrets.token_hex(8), ticket.now()
    with story.step("在适用的店使用") as step:
        used = step.given(till.redeem(code, scan_id=scan, order_ref="A-001", amount_fen=AMOUNT_FEN), 201)
        step.says(f"{words.clock_time(used['accepted_at'])} 已使用：{used['offer']['title']}。")

    with story.step("收银台没收到回答，把同一次扫码又发了一遍") as step:
        again = step.given(till.redeem(code, scan_id=scan, order_ref="A-001", amount_fen=AMOUNT_FEN), 200)
        step.check(again == used, "得到第一次的结果，不再用一次")
        step.says("回答是第一次的结果，没有再用一次。")

    with story.step("同一张券再扫第二次") as step:
        data = step.refused(till.redeem(ticket.now()), 409, "voucher.already_redeemed")
        step.says(f"本店能看到使用时间：{words.clock_time(data['redeemed_at'])}。换到另一家分店：")
        data = step.refused(clerks.sister.redeem(ticket.now()), 409, "voucher.already_redeemed")
        step.check("redeemed_at" not in data, "不告诉别的店什么时候用的")
        step.says("别的店看不到时间。")

    with story.step("店员发现扫错了，撤销这次使用") as step:
        undone = step.given(till.reverse(used["id"], "扫错了"))
        step.check(undone["state"] == "reversed", "撤销成功")
        step.says("已撤销，券还给顾客，可以再用。")


def refuse_photo(stage: Stage, clerks: Clerks, photo: Photo, ticket: ShownTicket) -> dict[str, Any]:
    """The old picture is refused, and the same phone's live code is taken: "use again"."""
    story = stage.story
    with story.step("拿刚才那张照片来用") as step:
        _wait_until_old(photo)
        age = int(time.monotonic() - photo.taken_at)
        step.says(f"照片是 {age} 秒前拍的，那时核验是“可以享受”。")
        step.refused(clerks.own.redeem(photo.code), 422, "voucher.not_valid")

    with story.step("本人打开手机上的二维码，再用一次这张券") as step:
        used = step.given(clerks.own.redeem(ticket.now(), order_ref="A-002", amount_fen=AMOUNT_FEN), 201)
        step.says(f"{words.clock_time(used['accepted_at'])} 已使用。撤销过的券可以再用，照片不行。")
    return used


def sum_up_day(stage: Stage, till: Phone, before: dict[str, Any]) -> None:
    """The day of the shop has one more use that stands and one more that was undone."""
    with stage.story.step("店员看当日汇总") as step:
        now = step.given(till.get("/merchant/summary"))
        grown = {name: now[name] - before[name] for name in ("accepted", "reversed", "amount_fen")}
        step.check(grown == {"accepted": 1, "reversed": 1, "amount_fen": AMOUNT_FEN}, "正好多出刚才的两次")
        step.lists(
            [("项目", "使用", "撤销", "金额")]
            + [
                (
                    offer["title"],
                    f"{offer['accepted']} 次",
                    f"{offer['reversed']} 次",
                    words.yuan(offer["amount_fen"]),
                )
                for offer in now["offers"]
            ]
        )


def _wait_until_old(photo: Photo) -> None:
    left = PHOTO_AGE_S - int(time.monotonic() - photo.taken_at)
    if left <= 0:
        return
    label = f"{INDENT}等 {left} 秒，让照片真的过时"
    with click.progressbar(range(left), label=label, show_eta=False, show_percent=False) as bar:
        for _second in bar:
            time.sleep(1)
