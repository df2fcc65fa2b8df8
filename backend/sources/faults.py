"""What can be wrong with a row, each kind with the sentence that the department reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SENTENCES = {
    "row.too_long": "这一行的格数比标题多，请检查是不是多了分隔符。",
    "row.not_object": "这一行不是 JSON 对象，请检查格式。",
    "row.unknown_field": "这一行有没有约定的字段，请只留约定的字段。",
    "row.repeated_field": "这一行里同一个字段出现了两次。",
    "row.wrong_value": "这一格应是文字或整数。",
    "cell.formula": "这一格是公式，请改成写好的内容。",
    "cell.error": "这一格是表格软件报的错，请改成写好的内容。",
    "cell.merged": "这一格是合并单元格，请拆开并在每一行写清楚。",
    "cell.too_long": "这一格的内容太长。",
    "cell.unprintable": "这一格有看不见的控制字符，请重新输入。",
    "id_number.missing": "没有填身份证号。",
    "id_number.old": "这是 15 位旧身份证号，请核实后改填 18 位号码。",
    "id_number.mangled": "身份证号被表格软件改成了数字，末几位已经丢失；请把这一列设为文本后重新填写。",
    "id_number.length": "身份证号应为 18 位，请核对位数。",
    "id_number.form": "身份证号只能是数字，末位可以是 X。",
    "id_number.check_digit": "身份证号的校验位不对，请逐位核对。",
    "id_number.born_on": "身份证号里的出生日期不存在或不合理，请核对。",
    "id_number.under_age": "这个人未满 18 岁，不收集未成年人的记录；这一行的内容没有保留。",
    "indicator.missing": "没有填指标。",
    "indicator.unknown": "“{value}”不在现行的指标目录里。",
    "indicator.of_another": "“{value}”由{owner}报送，不由本单位报送。",
    "occurred_on.missing": "没有填发生日期。",
    "occurred_on.form": "看不懂这个日期，请写成 2026-01-31 的样子。",
    "occurred_on.future": "发生日期还没有到。",
    "occurred_on.before_birth": "发生日期早于这个人的出生日期。",
    "occurred_on.over": "这条记录已经超过指标的有效期，不再计算，请不要报送。",
    "quantity.form": "数量应是整数。",
    "quantity.least": "数量至少是 1。",
    "quantity.most": "数量最多是 {most}。",
    "expires_on.form": "看不懂这个日期，请写成 2026-01-31 的样子。",
    "expires_on.order": "截止日期要晚于发生日期。",
    "expires_on.over": "截止日期已经过了，这条记录不再计算，请不要报送。",
    "key.missing": "没有填记录编号。",
    "key.too_long": "记录编号最多 64 个字。",
    "key.personal": "记录编号里不能有身份证号或手机号，请换一个编号。",
    "key.repeated": "同一个文件里有相同的记录编号，内容却不一样，请核对后只留一行。",
}


LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or with the row when the column is `ROW`. `said` is the sentence's, and
    nothing of the row: that is kept sealed."""

    column: str
    code: str
    said: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        return {"column": self.column, "code": self.code, "said": dict(self.said)}


def sentence_of(told: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """What the department reads about a fault of a row with these values."""
    value = values.get(told["column"], "…")[:LONGEST_SHOWN]
    return SENTENCES[told["code"]].format(**{"value": value, **told["said"]})
