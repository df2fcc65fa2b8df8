"""How each column is filled in, for people: the help sheet, and an example to begin with."""

from datetime import date
from typing import Any

from backend.incentives.sheets.columns import NUMBER, UNIT
from backend.incentives.sheets.words import ALL_SHOPS

# A row that begins so was left standing.
EXAMPLE = "（示例，请改写或删除）"
HELP: dict[str, str] = {
    NUMBER: "新项目留空。改已公布的项目填项目编号，改草稿填草稿编号；导出的表格里已经填好，不要改。",
    UNIT: "成员单位的名称，或统一社会信用代码。成员单位自己导入时可以留空。",
    "form": "从列表里选。券：领取后使用，用一次少一次。常享权益：在期限内可以反复使用。",
    "title": "市民在列表里看到的名称，最多 60 个字。",
    "summary": "一句话说清楚，最多 200 个字。",
    "category": "从列表里选。",
    "benefit_kind": "从列表里选。",
    "benefit": "写清给多少优惠，最多 100 个字，如“满 50 元减 5 元”。",
    "terms": "每行一条，最多 20 条。在 Excel 里按 Alt 和回车换行。",
    "level": "从列表里选。等级和信用分只填一个。",
    "score_milli": "0 到 100，可以有小数。等级和信用分只填一个。",
    "districts": "几个区县之间用顿号或分号隔开；全市填“全市”或留空。",
    "shop_ids": f"门店名称，几家之间用顿号或分号隔开；全部门店都能用填“{ALL_SHOPS}”。",
    "valid_from": "如 2026-09-01。",
    "valid_until": "如 2027-08-31，这一天也能用。",
    "weekdays": "如“周一、周三”；每天都能用填“每天”或留空。",
    "opens_at": "如 09:00；全天都能用就留空。",
    "closes_at": "如 18:00；和“每天从几点”一起填。",
    "limit_times": "每人可以用几次，填整数。",
    "limit_period": "从列表里选。",
    "uses": "一张券能用几次，不填就是一次。常享权益不填。",
    "voucher_days": "券必须填，填整数。常享权益不填。",
    "quota_total": "券必须填，填整数；公布以后只能增加。常享权益不填。",
    "quota_per_day": "可以不填。常享权益不填。",
    "quota_per_shop": "可以不填。",
    "needs_match": "填是或否，不填就是否。填是，使用时市民要报出屏幕上的两位数字。",
    "offline": "填是或否，不填就是否。",
    "has_return": "填是或否，不填就是否。借用的东西用后要归还时填是。",
    "cost_bearer": "从列表里选。",
    "contact": "市民有疑问时找谁，可以不填。",
}
WIDTHS = {
    NUMBER: 16,
    UNIT: 24,
    "title": 30,
    "summary": 40,
    "benefit": 24,
    "terms": 40,
    "shop_ids": 36,
    "districts": 20,
}


def example(category: str, today: date) -> dict[str, Any]:
    """What the first row of the template shows."""
    return {
        "form": "voucher",
        "title": f"{EXAMPLE}图书借阅加倍",
        "summary": "凭信用分多借十本书",
        "category": category,
        "benefit_kind": "extended",
        "benefit": "可借二十本",
        "terms": ["本人使用", "不可转让"],
        "score_milli": 60_000,
        "valid_from": today.isoformat(),
        "valid_until": today.replace(day=1, year=today.year + 1).isoformat(),
        "limit_times": 1,
        "limit_period": "ever",
        "voucher_days": 30,
        "quota_total": 100,
        "cost_bearer": "unit",
    }
