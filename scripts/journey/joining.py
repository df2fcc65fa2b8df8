"""Signing in, proving who one is, and agreeing, or not."""

from datetime import timedelta

from backend.core.clock import SystemClock, day_in_china
from scripts.demonstration.id_numbers import make_id_number
from scripts.journey import words
from scripts.journey.phone import Phone
from scripts.journey.stage import Stage
from scripts.running import PersonToPlay

CHILD_AGE_DAYS = 12 * 365


def turn_away_child(stage: Stage) -> None:
    """Somebody under 18, with an ID number of their own."""
    child = stage.phone("demo-child", "一位十二岁的学生")
    birthday = day_in_china(SystemClock().now()) - timedelta(days=CHILD_AGE_DAYS)
    number = make_id_number(stage.where.people[0].id_number[:6], birthday, 17)
    with stage.story.step(f"{child.name}想绑定身份") as step:
        step.given(child.sign_in())
        step.refused(child.bind("小明", number), 403, "identity.under_age")
        step.says("没有绑定任何身份的账号随即删除，登录也结束了：")
        step.refused(child.get("/resident/identity"), 401, "session.ended")


def join(stage: Stage, person: PersonToPlay) -> Phone:
    """The lead signs in, binds and agrees, with the refusals on the way."""
    story, lead = stage.story, stage.phone_of(person)
    with story.step(f"{lead.name}用微信登录") as step:
        code = lead.wechat_code()
        account = step.given(lead.post("/resident/session", {"code": code}))
        lead.tokens = account
        was_bound = account["resident"]["bound"]
        step.says("登录成功。" + ("以前绑定过身份。" if was_bound else "还没有绑定身份，系统不知道这是谁。"))
        step.says("同一个登录凭证再用一次：")
        step.refused(
            stage.phone(lead.user).post("/resident/session", {"code": code}), 401, "wechat.code_invalid"
        )

    with story.step("绑定身份，先输错了身份证号的最后一位") as step:
        wrong = person.id_number[:-1] + ("0" if person.id_number[-1] != "0" else "1")
        step.refused(lead.bind(person.name, wrong), 422, "identity.invalid_id_number")

    with story.step("再输一次，这次是对的") as step:
        bound = step.given(lead.bind(person.name, person.id_number))
        step.check(bound["bound"], "绑定成功")
        step.says(
            f"绑定成功，页面上只显示“{bound['masked_name']}”。"
            + ("和上次是同一个人，什么都没有变。" * was_bound)
        )

    with story.step("还没同意，先问分数") as step:
        if lead.consent_to_scoring()["given_at"]:
            step.given(lead.withdraw(), 204)
            step.says("这位演示人物以前同意过，先撤回，从头走一遍。")
        step.refused(lead.get("/resident/score"), 409, "score.not_authorised")
    agree(stage, lead)
    return lead


def agree(stage: Stage, lead: Phone) -> None:
    story = stage.story
    with story.step("阅读授权书") as step:
        texts = step.given(lead.get("/resident/consents"))["items"]
        scoring = lead.consent_to_scoring()
        step.check(scoring["given_at"] is None, "没有替人勾选")
        step.lists(
            [
                (f"《{text['title']}》", f"第 {text['version']} 版", f"{len(text['text'])} 字")
                for text in texts
            ]
        )
        step.says("各项分开决定，没有一项预先勾选。")

    with story.step("手机里存的是旧版授权书，拿旧版去同意") as step:
        outdated = {"purpose": scoring["purpose"], "version": "2000-01"}
        step.refused(lead.post("/resident/consents", outdated), 409, "consent.outdated_version")

    with story.step("同意现行版本") as step:
        step.given(lead.agree())
        given_at = lead.consent_to_scoring()["given_at"]
        step.check(given_at is not None, "记下同意的时间")
        step.says(
            f"已同意《{scoring['title']}》第 {scoring['version']} 版，时间 {words.clock_time(given_at)}。"
        )
