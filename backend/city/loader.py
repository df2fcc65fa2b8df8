"""Reads a city folder. Every file is read and checked before the first problem is reported."""

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

from backend.city.calendar import WorkingDays, is_weekend
from backend.city.city_file import CalendarFile, CityHead
from backend.city.consent_files import Consents
from backend.city.consent_loader import load_consents
from backend.city.demonstration_file import Demonstration
from backend.city.documents import Document, Reader
from backend.city.incentive_files import Incentive, IncentivesFile, UnitData, UnitsFile
from backend.city.membership_files import load_membership
from backend.city.message_loader import load_messages
from backend.city.model import City
from backend.city.problems import CityDataError
from backend.city.report_files import load_reports
from backend.city.score_loader import load_score_models
from backend.city.sentence_files import load_sentences
from backend.city.source_files import load_sources
from backend.city.validation import check_unique, codes, validate


def load_city(folder: Path) -> City:
    """The city in that folder; CityDataError with every problem of every file when it has any."""
    reader = Reader()
    city = _load(reader, folder)
    if reader.problems or city is None:
        raise CityDataError(reader.problems)
    return city


def _load(reader: Reader, folder: Path) -> City | None:
    """File by file; `known` collects the codes that the files after it may refer to."""
    known: dict[str, Collection[str]] = {}
    head = _load_head(reader, folder, known)
    working_days = _load_working_days(reader, folder / "calendar")
    units = _load_units(reader, folder / "units.yaml", known)
    score_models = load_score_models(reader, folder / "score", head, known)
    sentences = load_sentences(reader, folder / "sentences.yaml", known)
    sources = load_sources(reader, folder / "sources.yaml", score_models)
    ceiling_milli = max((model.ceiling_milli for model in score_models), default=None)
    incentives = _load_incentives(reader, folder / "incentives", known, ceiling_milli)
    consents = load_consents(reader, folder / "consents")
    membership = load_membership(reader, folder / "membership")
    reports = load_reports(reader, folder / "reports.yaml")
    messages = load_messages(reader, folder / "messages.yaml")
    demonstration = _load_demonstration(reader, folder / "demonstration.yaml", known)
    if head is None:
        return None
    return City.assemble(
        head,
        working_days=working_days,
        units=units,
        incentives=incentives,
        consents=Consents(consents),
        membership=membership,
        reports=reports,
        score_models=score_models,
        sentences=sentences,
        sources=sources,
        messages=messages,
        demonstration=demonstration,
    )


def _load_head(reader: Reader, folder: Path, known: dict[str, Collection[str]]) -> CityHead | None:
    document = reader.read_yaml(folder / "city.yaml")
    if document is None:
        return None
    for kind, field in (("levels", "code"), ("districts", "key"), ("categories", "code")):
        known[kind] = codes([document], kind, field)
        check_unique(reader, [document], kind, field)
    head = validate(CityHead, document, reader, known)
    if head is not None and head.code != folder.absolute().name:
        reader.report_at(document, ("code",), f"要与文件夹同名（{folder.absolute().name}）")
    return head


def _load_working_days(reader: Reader, folder: Path) -> WorkingDays:
    holidays: set[date] = set()
    make_up_days: set[date] = set()
    years: set[int] = set()
    for document in reader.read_folder(folder):
        calendar = validate(CalendarFile, document, reader, {})
        if calendar is None:
            continue
        _check_calendar(reader, document, calendar)
        years.add(calendar.year)
        make_up_days.update(calendar.make_up_days)
        for holiday in calendar.holidays:
            length = (holiday.last - holiday.first).days + 1
            holidays.update(holiday.first + timedelta(days=offset) for offset in range(length))
    return WorkingDays(frozenset(holidays), frozenset(make_up_days), frozenset(years))


def _check_calendar(reader: Reader, document: Document, calendar: CalendarFile) -> None:
    if document.path.stem != str(calendar.year):
        reader.report_at(document, ("year",), f"要与文件名一致（{document.path.stem}）")
    for index, holiday in enumerate(calendar.holidays):
        if holiday.last.year != calendar.year:
            reader.report_at(document, ("holidays", index, "last"), f"{holiday.last} 不在 {calendar.year} 年")
    for index, day in enumerate(calendar.make_up_days):
        if not is_weekend(day):
            reader.report_at(document, ("make_up_days", index), f"{day} 不是周六或周日，不用补班")


def _load_units(reader: Reader, path: Path, known: dict[str, Collection[str]]) -> tuple[UnitData, ...]:
    document = reader.read_yaml(path)
    if document is None:
        return ()
    known["units"] = codes([document], "units", "key")
    check_unique(reader, [document], "units", "key")
    file = validate(UnitsFile, document, reader, known)
    return file.units if file else ()


def _load_incentives(
    reader: Reader, folder: Path, known: dict[str, Collection[str]], ceiling_milli: int | None
) -> tuple[Incentive, ...]:
    documents = reader.read_folder(folder)
    check_unique(reader, documents, "incentives", "number")
    incentives: list[Incentive] = []
    for document in documents:
        file = validate(IncentivesFile, document, reader, known)
        for index, incentive in enumerate(file.incentives if file else ()):
            incentives.append(incentive)
            if ceiling_milli and (incentive.score_milli or 0) > ceiling_milli:
                reader.report_at(document, ("incentives", index, "score"), "高于模型的最高分，无人能达到")
    return tuple(sorted(incentives, key=lambda incentive: incentive.number))


def _load_demonstration(reader: Reader, path: Path, known: dict[str, Collection[str]]) -> Demonstration:
    document = reader.read_yaml(path) if path.exists() else None
    if document is None:
        return Demonstration()
    check_unique(reader, [document], "people", "user")
    check_unique(reader, [document], "clerks", "user")
    return validate(Demonstration, document, reader, known) or Demonstration()
