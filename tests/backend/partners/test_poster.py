"""A shop's poster: one page to hang up, with the mini-program code."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from backend.partners import posters
from backend.partners.models import Shop
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db, name="磁湖书店（湖滨路店）")


@pytest.fixture
def editor(app: Application, db: Session, shop: Shop) -> Colleague:
    return seat(db, app, "unit_editor", unit_id=shop.unit_id)


def text_of(content: bytes) -> str:
    reader = PdfReader(BytesIO(content))
    assert len(reader.pages) == 1
    # Each letter takes two bytes, which the reader gives one by one.
    return reader.pages[0].extract_text().replace("\x00", "")


def test_a_poster_names_the_shop_its_offers_and_the_way(editor: Colleague, shop: Shop, db: Session) -> None:
    new_incentive(db, shops=[shop], title="借书免押金", benefit="免收一百元押金")
    answer = editor.get(f"/partner/shops/{shop.id}/poster")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    text = text_of(answer.data)
    for words in ("这里认信用分", shop.name, shop.unit.name, "借书免押金：免收一百元押金", "出示二维码"):
        assert words in text
    assert len(PdfReader(BytesIO(answer.data)).pages[0].images) == 1


def test_the_same_content_is_drawn_once_and_a_new_offer_anew(
    editor: Colleague, shop: Shop, db: Session
) -> None:
    path = f"/partner/shops/{shop.id}/poster"
    first, again = editor.get(path).data, editor.get(path).data
    assert first == again
    new_incentive(db, shops=[shop], title="新书先读")
    assert "新书先读" in text_of(editor.get(path).data)


def test_many_offers_and_long_names_stay_on_the_page(editor: Colleague, db: Session, shop: Shop) -> None:
    for number in range(8):
        new_incentive(db, shops=[shop], title=f"第{number}项" + "很长的名称" * 6, benefit="九折" * 10)
    text = text_of(editor.get(f"/partner/shops/{shop.id}/poster").data)
    printed = sum(f"第{number}项" in text for number in range(8))
    assert 0 < printed <= posters.MOST_OFFERS
    assert f"还有 {8 - printed} 项" in text


def test_without_a_font_it_is_told_what_is_missing(
    editor: Colleague, db: Session, shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    new_incentive(db, shops=[shop], title="没有画过的")
    monkeypatch.setattr(posters, "FONTS", tmp_path)
    refusal(editor.get(f"/partner/shops/{shop.id}/poster"), 503, "poster.no_font")
