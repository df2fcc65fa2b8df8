"""The shape of `reports.yaml`: what residents choose from when a shop did not honour an incentive."""

from pathlib import Path

from backend.city.documents import Reader
from backend.city.fields import CityData, Code, Count, Some, Text
from backend.city.validation import check_unique, validate


class ReportReason(CityData):
    """What may have happened at the shop."""

    code: Code
    name: Text


class Reports(CityData):
    """`reports.yaml`. A unit answers within so many working days."""

    answered_within: Count
    reasons: Some[ReportReason]


def load_reports(reader: Reader, path: Path) -> Reports | None:
    document = reader.read_yaml(path)
    if document is None:
        return None
    check_unique(reader, [document], "reasons", "code")
    return validate(Reports, document, reader, {})
