"""A score model that comes as one YAML text, its indicators inside their dimensions: for a new version.

It is checked like the city's files, and beyond: it must fit the city's levels and the model it follows. The
text is a stranger's, so what makes a small text a huge one is refused before anything is built from it.
"""

from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.tokens import (
    AliasToken,
    AnchorToken,
    BlockEndToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
)

from backend.city.documents import Document, Reader
from backend.city.model import City
from backend.city.problems import CityDataError, Where
from backend.city.score_files import ScoreModelData
from backend.city.validation import check_unique, validate

LONGEST_TEXT = 256 * 1024
DEEPEST = 12
OPENING = (BlockMappingStartToken, BlockSequenceStartToken, FlowMappingStartToken, FlowSequenceStartToken)
CLOSING = (BlockEndToken, FlowMappingEndToken, FlowSequenceEndToken)
PLACE = Path("model.yaml")


def read_score_model(text: str, *, city: City, before: ScoreModelData) -> ScoreModelData:
    """The model; CityDataError with every problem, its line and field. `before` is what it follows."""
    reader = Reader()
    document = reader.parse_yaml(PLACE, text) if _is_plain(reader, text) else None
    if document is not None:
        check_unique(reader, [document], "dimensions", "code")
        _check_indicators(reader, document, before)
        model = validate(ScoreModelData, document, reader, {})
        if model is not None:
            _check_fits(reader, document, model, city, before)
        if model is not None and not reader.problems:
            return model
    raise CityDataError(reader.problems)


def load_score_model(text: str) -> ScoreModelData:
    """A model that was read before, from its text."""
    reader = Reader()
    document = reader.parse_yaml(PLACE, text)
    model = validate(ScoreModelData, document, reader, {}) if document else None
    if model is None:
        raise CityDataError(reader.problems)
    return model


def write_score_model(content: dict[str, object]) -> str:
    """The text of a model whose values are named as in the files."""
    text = StringIO()
    YAML(pure=True).dump(content, text)
    return text.getvalue()


def _is_plain(reader: Reader, text: str) -> bool:
    """Whether it has no anchors and no nesting that no model has. What is no YAML at all is told later."""
    if len(text.encode(errors="replace")) > LONGEST_TEXT:
        reader.report(PLACE, f"文件太大，最多 {LONGEST_TEXT // 1024} KB")
        return False
    depth = 0
    try:
        for token in YAML(typ="safe", pure=True).scan(text):
            depth += isinstance(token, OPENING) - isinstance(token, CLOSING)
            line = token.start_mark.line + 1
            if isinstance(token, AnchorToken | AliasToken):
                reader.report(PLACE, "不能使用 YAML 的锚点（& 和 *）", line=line)
                return False
            if depth > DEEPEST:
                reader.report(PLACE, "嵌套太深", line=line)
                return False
    except YAMLError:
        return True
    return True


def _check_indicators(reader: Reader, document: Document, before: ScoreModelData) -> None:
    """Codes are unique in the whole model, and none goes: records that were delivered need theirs."""
    first: dict[str, int] = {}
    for where, dimension in document.items("dimensions"):
        entries = dimension.get("indicators")
        for index, indicator in enumerate(entries if isinstance(entries, list) else ()):
            code = indicator.get("code") if isinstance(indicator, dict) else None
            place: Where = (*where, "indicators", index, "code")
            if isinstance(code, str) and code in first:
                reader.report_at(document, place, f"{code} 重复（第一次在第 {first[code]} 行）")
            elif isinstance(code, str):
                first[code] = document.line(place)
    for indicator in before.indicators:
        if indicator.code not in first:
            reader.report_at(
                document,
                ("dimensions",),
                f"缺少现行指标 {indicator.code}（{indicator.name}）：已有的信用记录要用到它。"
                "不再计分时，请把有效天数改短，不要删除",
            )


def _check_fits(
    reader: Reader, document: Document, model: ScoreModelData, city: City, before: ScoreModelData
) -> None:
    for bound in ("floor", "ceiling"):
        if getattr(model, f"{bound}_milli") != getattr(before, f"{bound}_milli"):
            reader.report_at(document, (bound,), "分数范围不能改：等级和激励项目的门槛都按它设定")
    for dimension, (where, _) in zip(model.dimensions, document.items("dimensions"), strict=True):
        if not dimension.min_milli <= 0 <= dimension.max_milli:
            reader.report_at(document, (*where, "min"), "min 与 max 之间必须包含 0：没有记录不应加分或扣分")
    for other in city.score_models:
        if model.version == other.version:
            reader.report_at(document, ("version",), f"城市数据里已有版本 {other.version}")
    if model.effective_on <= before.effective_on:
        since = f"要晚于版本 {before.version} 的施行日期（{before.effective_on}）"
        reader.report_at(document, ("effective_on",), since)
