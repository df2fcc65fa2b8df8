"""A shop's poster as a PDF of one page, A4: this shop takes part, and how one uses what it offers.

The letters come from a font of the system and are embedded, as far as they are used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, WrapMode

from backend.partners.errors import NoPosterFont

# Debian's `fonts-noto-cjk`: a collection, in which Simplified Chinese is the third.
FONTS = Path("/usr/share/fonts/opentype/noto")
REGULAR, BOLD = "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"
SIMPLIFIED = 2

WIDTH, MARGIN = 210, 18
CODE_SIDE = 62
GREEN, INK, SOFT = (11, 107, 96), (22, 33, 30), (82, 96, 91)
MOST_OFFERS, LAST_OFFER_AT = 5, 252
STEPS = (
    "微信扫上面的码，登录后看看能用哪些优惠。",
    "领一张券，到店打开“我的券”，出示二维码。",
    "店员扫码，确认后当场享受。",
)


@dataclass(frozen=True)
class Poster:
    """What stands on it. `code` is the picture that opens the mini-program."""

    city: str
    score: str
    shop: str
    unit: str
    month: str
    offers: tuple[tuple[str, str], ...]
    code: bytes


@lru_cache(maxsize=64)
def draw_poster(poster: Poster) -> bytes:
    """The same content gives the same file, kept as long as it is asked for."""
    pdf = blank_page()
    _line(pdf, poster.city, 14, color=SOFT, top=16)
    _line(pdf, f"这里认{poster.score}", 44, bold=True, color=GREEN, top=27)
    _line(pdf, poster.shop, 22, bold=True, top=53)
    if poster.unit != poster.shop:
        _line(pdf, poster.unit, 13, color=SOFT, top=pdf.get_y() + 1)
    top = max(pdf.get_y() + 5, 82)
    pdf.image(BytesIO(poster.code), x=(WIDTH - CODE_SIDE) / 2, y=top, w=CODE_SIDE, h=CODE_SIDE)
    top = _steps(pdf, top + CODE_SIDE + 5)
    _offers(pdf, poster.offers, top + 5)
    _line(pdf, f"{poster.month}印制。优惠以小程序里公布的为准。", 10, color=SOFT, top=279)
    return bytes(pdf.output())


def blank_page() -> FPDF:
    """A page of ours, A4, with its font; NoPosterFont where the system has none."""
    if not all((FONTS / name).is_file() for name in (REGULAR, BOLD)):
        raise NoPosterFont
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margins(MARGIN, MARGIN, MARGIN)
    for style, name in (("", REGULAR), ("B", BOLD)):
        pdf.add_font("Noto", style, FONTS / name, collection_font_number=SIMPLIFIED)
    pdf.add_page()
    pdf.set_fill_color(*GREEN)
    pdf.rect(0, 0, WIDTH, 8, style="F")
    return pdf


def _line(
    pdf: FPDF,
    text: str,
    size: float,
    *,
    top: float,
    bold: bool = False,
    color: tuple[int, int, int] = INK,
    align: Align = Align.C,
    left: float = MARGIN,
) -> None:
    """A text of a line, of two where it is long; what stands under it begins at `get_y`."""
    pdf.set_font("Noto", "B" if bold else "", size)
    pdf.set_text_color(*color)
    pdf.set_xy(left, top)
    pdf.multi_cell(
        WIDTH - MARGIN - left,
        size * 0.5,
        text,
        align=align,
        wrapmode=WrapMode.CHAR,
        new_x="LMARGIN",
        new_y="NEXT",
    )


def _steps(pdf: FPDF, top: float) -> float:
    for number, text in enumerate(STEPS, start=1):
        pdf.set_fill_color(*GREEN)
        pdf.ellipse(MARGIN + 8, top, 8, 8, style="F")
        pdf.set_font("Noto", "B", 13)
        pdf.set_text_color(255, 255, 255)
        pdf.set_xy(MARGIN + 8, top)
        pdf.cell(8, 8, str(number), align=Align.C)
        _line(pdf, text, 14, top=top + 0.5, left=MARGIN + 20, align=Align.L)
        top = max(pdf.get_y(), top + 8) + 3
    return top


def _offers(pdf: FPDF, offers: Sequence[tuple[str, str]], top: float) -> None:
    """As many as there is room for; of the others, how many there are."""
    if not offers:
        return
    left = MARGIN + 8
    _line(pdf, "这里能用的优惠", 15, bold=True, color=GREEN, top=top, left=left, align=Align.L)
    printed = 0
    for title, benefit in offers[:MOST_OFFERS]:
        top = pdf.get_y() + 1.5
        if top > LAST_OFFER_AT:
            break
        _line(pdf, "·", 13, top=top, left=left, align=Align.L)
        text = title if title == benefit else f"{title}：{benefit}"
        _line(pdf, text, 13, top=top, left=left + 6, align=Align.L)
        printed += 1
    if more := len(offers) - printed:
        text = f"还有 {more} 项，扫码查看。"
        _line(pdf, text, 12, color=SOFT, top=pdf.get_y() + 1.5, left=left, align=Align.L)
