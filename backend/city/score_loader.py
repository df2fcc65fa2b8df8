"""Reads `score/<version>/`: the model, and one file of indicators for each of its dimensions."""

from collections.abc import Collection
from pathlib import Path

from backend.city.city_file import CityHead
from backend.city.documents import Document, Reader
from backend.city.score_files import Dimension, Indicator, IndicatorsFile, ScoreModelData, ScoreModelHead
from backend.city.validation import check_name, check_unique, codes, validate


def load_score_models(
    reader: Reader, folder: Path, city: CityHead | None, known: dict[str, Collection[str]]
) -> tuple[ScoreModelData, ...]:
    """Every model, by the day it takes effect. Adds the indicators of all of them to `known`."""
    models: list[ScoreModelData] = []
    indicators: set[str] = set()
    for version in reader.list_folders(folder):
        check_name(reader, version)
        document = reader.read_yaml(version / "model.yaml")
        files = reader.read_folder(version / "indicators")
        indicators.update(codes(files, "indicators", "code"))
        model = _load_model(reader, document, files) if document else None
        if document is None or model is None:
            continue
        _check_model(reader, document, model, city, models)
        models.append(model)
    known["indicators"] = sorted(indicators)
    return tuple(sorted(models, key=lambda model: model.effective_on))


def _load_model(reader: Reader, document: Document, files: list[Document]) -> ScoreModelData | None:
    head = validate(ScoreModelHead, document, reader, {})
    check_unique(reader, [document], "dimensions", "code")
    check_unique(reader, files, "indicators", "code")
    dimensions = codes([document], "dimensions", "code")
    indicators: dict[str, tuple[Indicator, ...]] = {}
    for file in files:
        if file.path.stem not in dimensions:
            reader.report(
                file.path, f"model.yaml 里没有维度 {file.path.stem}（可用：{', '.join(dimensions)}）"
            )
        content = validate(IndicatorsFile, file, reader, {})
        indicators[file.path.stem] = content.indicators if content else ()
    for where, dimension in document.items("dimensions"):
        if dimension.get("code") not in [file.path.stem for file in files]:
            reader.report_at(document, (*where, "code"), f"缺少 indicators/{dimension.get('code')}.yaml")
    if head is None:
        return None
    return ScoreModelData.assemble(
        head,
        dimensions=tuple(
            Dimension.assemble(dimension, indicators=indicators.get(dimension.code, ()))
            for dimension in head.dimensions
        ),
    )


def _check_model(
    reader: Reader,
    document: Document,
    model: ScoreModelData,
    city: CityHead | None,
    others: list[ScoreModelData],
) -> None:
    folder = document.path.parent.name
    if model.version != folder:
        reader.report_at(document, ("version",), f"要与文件夹同名（{folder}）")
    if model.effective_on in [other.effective_on for other in others]:
        reader.report_at(document, ("effective_on",), "与另一版模型同日生效")
    for level in city.levels if city else ():
        if not model.floor_milli <= level.from_milli <= model.ceiling_milli:
            reader.report_at(document, ("ceiling",), f"等级 {level.code} 的下限不在 floor 与 ceiling 之间")
