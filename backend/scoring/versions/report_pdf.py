"""The impact report as a PDF, for a file or a meeting: the same figures as on the page."""

from typing import Any

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout
from fpdf.fonts import FontFace

from backend.city import City
from backend.city.score_files import ScoreModelData
from backend.core.points import format_points
from backend.partners.posters import GREEN, INK, SOFT, blank_page
from backend.scoring.versions.groups import KINDS
from backend.scoring.versions.models import ScoreModelVersion, ShadowRun

MOVES = {"down": "降级", "same": "不变", "up": "升级"}
KIND_NAMES = {"district": "区县", "age": "年龄", "sex": "性别"}
AGES = {"18": "18 至 29 岁", "30": "30 至 44 岁", "45": "45 至 59 岁", "60": "60 至 74 岁", "75": "75 岁以上"}
SEXES = {"female": "女", "male": "男"}
REASONS = {"base": "基础分", "others": "其他"}
NOT_SAID = "不显示"
PAPER = (255, 255, 255)
SHADE = (236, 241, 239)
# As wide as so many others: names of groups are long.
FIRST_COLUMN = 2.4
HEAD_AND_A_ROW = 30
PRIVACY = "不足 10 人的群体与相邻的合并或不显示，从其他数字也推算不出来。"


def draw_report(city: City, version: ScoreModelVersion, model: ScoreModelData, run: ShadowRun) -> bytes:
    """The run must have ended with a report."""
    report = run.report
    assert report is not None
    pdf = blank_page()
    pdf.set_auto_page_break(True, margin=18)
    _text(pdf, f"{city.name}评分规则 {version.version} 影响报告", 18, is_bold=True)
    _text(
        pdf,
        f"拟从 {version.effective_on} 起施行。按 {run.as_of} 的信用记录，与 {run.compared_with} 相比。",
        11,
    )
    if report["people"] is None:
        _text(pdf, "有信用分的市民不足 10 人，不显示报告。", 11)
        return bytes(pdf.output())
    _text(pdf, PRIVACY, 10, color=SOFT)
    columns = ["或".join(MOVES[name] for name in names) for names in report["columns"]]
    head = ["人数", *columns, "原平均分", "新平均分"]
    _table(pdf, "全市", head, [[report["people"], *report["moves"], *_means(report)]])
    _table(pdf, "各等级人数", ["等级", "原规则", "新规则"], _levels(city, report))
    names = {indicator.code: indicator.name for indicator in model.indicators} | REASONS
    for direction, title in (("up", "升级的主要原因"), ("down", "降级的主要原因")):
        reasons = [[names[each["reason"]], each["people"]] for each in report["reasons"][direction]]
        _table(pdf, title, ["原因", "人数"], reasons or [["没有，或不足 10 人", "—"]])
    for kind in KINDS:
        rows = [
            [
                _group_name(city, kind, group["keys"]),
                group["people"],
                *(group["moves"] or [NOT_SAID] * len(columns)),
                *_means(group),
            ]
            for group in report["groups"][kind]
        ]
        _table(pdf, f"按{KIND_NAMES[kind]}", [KIND_NAMES[kind], *head], rows)
    return bytes(pdf.output())


def _means(part: dict[str, Any]) -> list[str]:
    return [format_points(part["mean_before_milli"]), format_points(part["mean_after_milli"])]


def _levels(city: City, report: dict[str, Any]) -> list[list[Any]]:
    names = {"": "暂无等级", **{level.code: level.name for level in city.levels}}
    return [
        [
            "或".join(names[code] for code in part["levels"]),
            part["before"],
            NOT_SAID if part["after"] is None else part["after"],
        ]
        for part in report["levels"]
    ]


def _group_name(city: City, kind: str, keys: list[str]) -> str:
    districts = {district.key: district.name for district in city.districts}
    names = {"district": districts, "age": AGES, "sex": SEXES}[kind]
    return "、".join(names.get(key, key) for key in keys)


def _text(
    pdf: FPDF, text: str, size: float, *, is_bold: bool = False, color: tuple[int, int, int] = INK
) -> None:
    pdf.set_font("Noto", "B" if is_bold else "", size)
    pdf.set_text_color(*color)
    pdf.multi_cell(0, size * 0.6, text, align=Align.L, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)


def _table(pdf: FPDF, title: str, head: list[str], rows: list[list[Any]]) -> None:
    if pdf.will_page_break(HEAD_AND_A_ROW):
        pdf.add_page()
    pdf.ln(3)
    _text(pdf, title, 13, is_bold=True, color=GREEN)
    pdf.set_font("Noto", "", 10)
    pdf.set_text_color(*INK)
    # Cells take what the page was last filled with: the green of its head.
    pdf.set_fill_color(*PAPER)
    with pdf.table(
        text_align=(Align.L, *[Align.R] * (len(head) - 1)),
        col_widths=(FIRST_COLUMN, *[1] * (len(head) - 1)),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", fill_color=SHADE),
        line_height=6.5,
    ) as table:
        for row in (head, *rows):
            cells = table.row()
            for cell in row:
                cells.cell(f"{cell:,}" if isinstance(cell, int) else cell)
