"""The shape of `sources.yaml`: the departments that deliver records, and how often they have agreed to."""

from collections.abc import Iterable
from pathlib import Path

from backend.city.documents import Reader
from backend.city.fields import CityData, Code, Count, Some, Text
from backend.city.score_files import ScoreModelData
from backend.city.validation import check_unique, validate


class Source(CityData):
    """A department. It delivers the indicators whose `source_unit` is its name."""

    key: Code
    name: Text
    every_days: Count


class SourcesFile(CityData):
    """`sources.yaml`."""

    sources: Some[Source]


def load_sources(reader: Reader, path: Path, models: Iterable[ScoreModelData]) -> tuple[Source, ...]:
    """All sources; an indicator that none of them delivers is a problem."""
    document = reader.read_yaml(path)
    if document is None:
        return ()
    for field in ("key", "name"):
        check_unique(reader, [document], "sources", field)
    file = validate(SourcesFile, document, reader, {})
    if file is None:
        return ()
    names = {source.name for source in file.sources}
    needed = {indicator.source_unit for model in models for indicator in model.indicators}
    for name in sorted(needed - names):
        reader.report_at(document, ("sources",), f"缺少数据源单位 {name}，评分规则的指标由它报送")
    return file.sources
