"""Files of records that mean no good are gone through or refused, and none brings down who looks."""

from collections import Counter
from io import BytesIO

import pytest
from openpyxl import Workbook

from backend.city import load_city
from backend.config import PROJECT
from backend.core.clock import SystemClock, day_in_china
from backend.scoring.city_model import own_model
from backend.sources.faults import sentence_of
from backend.sources.judging import Judge, Refused
from backend.sources.reading import open_batch
from backend.sources.verdicts import BatchRefused
from tests.factories.sources import TITLES
from tests.security.hostile_batches import hostile
from tests.security.hostile_sheets import refused

VARIANTS = 2_000
WORKBOOKS = {name: content for name, content, _verdict in refused() if content.startswith(b"PK")}


@pytest.fixture(scope="module")
def judge() -> Judge:
    today = day_in_china(SystemClock().now())
    model = own_model(load_city(PROJECT / "cities" / "huangshi"), today)
    return Judge(model, source_name="市血站", today=today)


def outcome(judge: Judge, content: bytes) -> str:
    """Why the file is refused, or that each of its rows was judged and every fault can be said."""
    try:
        with open_batch(lambda: iter([content[:3], content[3:]])) as opened:
            seen = 0
            for given in opened.rows():
                judged = judge.judge(given)
                seen += 1
                for fault in judged.faults if isinstance(judged, Refused) else ():
                    assert sentence_of(fault.told(), given.values).endswith("。")
            assert seen == opened.count
            return "judged"
    except BatchRefused as refusal:
        return refusal.verdict


def test_two_thousand_files_are_each_gone_through_or_refused(judge: Judge) -> None:
    outcomes = Counter(outcome(judge, hostile(seed)) for seed in range(VARIANTS))
    assert outcomes["judged"] > VARIANTS // 10
    assert outcomes.keys() >= {"encoding", "empty", "wrong_heading", "no_heading", "unreadable", "too_wide"}


@pytest.mark.parametrize("name", sorted(WORKBOOKS)[::6])
def test_a_workbook_that_means_no_good_is_refused(judge: Judge, name: str) -> None:
    assert outcome(judge, WORKBOOKS[name]) != "judged"


def test_formulas_and_merged_cells_are_named(judge: Judge) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(TITLES.split(","))
    page.append(["=1+1", "无偿献血", "2026-06-01", 1, None, "F-1"])
    page.append(["420204198809069020", "无偿献血", "2026-06-01", 1, None, "F-2"])
    page.merge_cells("A3:B3")
    page.append([420204198809069020, "无偿献血", "2026-06-01", 1, None, "F-3"])
    out = BytesIO()
    book.save(out)
    with open_batch(lambda: iter([out.getvalue()])) as opened:
        found = [judge.judge(given) for given in opened.rows()]
    codes = [sorted({fault.code for fault in each.faults}) for each in found if isinstance(each, Refused)]
    assert codes == [["cell.formula"], ["cell.merged"], ["id_number.mangled"]]
