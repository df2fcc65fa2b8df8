"""What everybody may see without signing in."""

from typing import Any

from scripts.journey import words
from scripts.journey.stage import Stage

SEARCHED = "门票"
SHOWN = 3


def look_around(stage: Stage) -> dict[str, Any]:
    """The city, its catalogue, a search, and what is near; gives the city."""
    story, anybody = stage.story, stage.phone("anybody")
    story.act("不登录也能看")
    with story.step("打开城市首页") as step:
        city = step.given(anybody.get("/public/city"))
        levels = "，".join(f"{level['name']} {words.plain(level['from'])} 分起" for level in city["levels"])
        step.check(bool(levels), "公布等级")
        step.says(f"{city['name']} · {city['score_name']}。{city['slogan']}。")
        step.says(f"{levels}；最低一级以下没有等级名称。")

    with story.step("浏览公开的激励目录") as step:
        catalogue = list(anybody.all_items("/public/incentives"))
        step.check(len(catalogue) > 0, "有激励项目")
        vouchers = sum(item["form"] == "voucher" for item in catalogue)
        step.says(
            f"共 {len(catalogue)} 项：券 {vouchers} 项，常享权益 {len(catalogue) - vouchers} 项；"
            f"其中示例 {sum(item['example'] for item in catalogue)} 项，都已标明。"
        )

    with story.step(f"搜索“{SEARCHED}”") as step:
        found = step.given(anybody.get("/public/incentives", q=SEARCHED))["items"]
        step.check(
            bool(found) and all(SEARCHED in str(item) for item in found), f"找到写着“{SEARCHED}”的项目"
        )
        step.says(f"找到 {len(found)} 项：")
        step.lists([(item["title"], f"{words.plain(item['needs']['score'])} 分起") for item in found])

    centre = city["districts"][0]["centre"]
    with story.step(f"看看离{city['districts'][0]['name']}中心最近的优惠") as step:
        near = f"{centre['lat']},{centre['lng']}"
        found = step.given(anybody.get("/public/incentives", near=near, sort="nearest", limit=SHOWN))["items"]
        metres = [item["distance_m"] for item in found]
        step.check(metres == sorted(metres), "由近到远")
        step.lists([(words.distance(item["distance_m"]), item["title"], item["unit_name"]) for item in found])
    return city
