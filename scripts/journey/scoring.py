"""The score: where every point comes from, what comes next, what would be."""

from typing import Any

from scripts.journey import words
from scripts.journey.phone import Phone
from scripts.journey.stage import Stage
from scripts.journey.telling import Step

LINES_SHOWN = 3


def ask_for_score(stage: Stage, lead: Phone) -> dict[str, Any] | None:
    """The score, or None for a person who has none."""
    with stage.story.step("看自己的信用分") as step:
        answer = lead.get("/resident/score")
        if answer.status == 409:
            step.says(f"暂时没有分：{answer.body['detail']}")
            return None
        score = step.given(answer)
        level = score["level"]["name"] if score["level"] else "没有等级名称"
        step.says(f"{score['score']} 分，{level}。按{words.day(score['as_of'])}的记录计算。")
        if score["model"]["example"]:
            step.says(f"使用的是示例模型 {score['model']['version']}，不是正式的计分标准。")
    return score


def explain(stage: Stage, lead: Phone, score: dict[str, Any], city: dict[str, Any]) -> None:
    story = stage.story
    with story.step("每一分从哪里来") as step:
        total = score["base_milli"] + sum(cut["cut_milli"] for cut in score["adjustments"])
        step.says(f"起始分 {words.plain(score['base'])}")
        for dimension in score["dimensions"]:
            total += dimension["points_milli"]
            _tell_dimension(step, dimension)
        step.check(total == score["score_milli"], "各项加起来正好等于总分")
        step.says("各项加起来正好等于总分。")

    with story.step("觉得某条记录不对怎么办") as step:
        line = next(line for dimension in score["dimensions"] for line in dimension["lines"])
        step.says(f"以“{line['indicator']['name']}”为例：")
        step.lists(
            [
                ("来源单位", line["source_unit"]),
                ("依据", line["legal_basis"]),
                ("发生", words.day(line["occurred_on"])),
                ("到期", words.day(line["ends_on"]) or "长期有效"),
            ]
        )
        hint = next(text for text in city["help"] if text["code"] == "object")
        step.says(f"{hint['title']}：{hint['text'].split('。')[0]}。")
    look_ahead(stage, lead, score)


def look_ahead(stage: Stage, lead: Phone, score: dict[str, Any]) -> None:
    story, following = stage.story, score["next_level"]
    with story.step("离下一等级还差多少") as step:
        edge = words.plain(following["from"])
        step.says(f"{following['name']}从 {edge} 分起，还差 {following['missing']} 分。可以这样做：")
        step.lists(
            [
                (way["action"], f"{way['quantity']} {way['unit']}", f"可到 {way['score']} 分")
                for way in following["ways"]
            ]
        )

    with story.step("试算：如果照第一条去做") as step:
        way = following["ways"][0]
        imagined = {"add": [{"indicator": way["indicator"]["code"], "quantity": way["quantity"]}]}
        answer = step.given(lead.post("/resident/score/what-if", imagined))
        step.check(answer["score_milli"] == way["score_milli"], "与前面说的一样")
        step.check(step.given(lead.get("/resident/score")) == score, "不改动真正的分数")
        step.says(
            f"会是 {answer['score']} 分（{words.signed(answer['difference'])}）。只是试算，真正的分数没有变。"
        )

    with story.step("分数的历史") as step:
        months = step.given(lead.get("/resident/score/history"))["items"]
        step.check(bool(months) and months[0]["score_milli"] == score["score_milli"], "本月有记录")
        step.lists([(month["month"], f"{month['score']} 分") for month in months])


def _tell_dimension(step: Step, dimension: dict[str, Any]) -> None:
    step.says(f"{dimension['name']} {words.signed(dimension['points'])}")
    lines = dimension["lines"]
    rows = [
        (
            words.signed(line["points"]),
            line["indicator"]["name"],
            words.day(line["occurred_on"]),
            line["source_unit"],
            line["why"] or "",
        )
        for line in lines[:LINES_SHOWN]
    ]
    if rows:
        step.lists(rows)
    if len(lines) > LINES_SHOWN:
        step.says(f"  另有 {len(lines) - LINES_SHOWN} 条")
    for cut in dimension["adjustments"]:
        step.says(f"  {words.signed(cut['cut'])}：{cut['text']}")
