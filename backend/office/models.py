"""Tables of the office: figures per day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base

# Units and shops that belong to no single district count here.
WHOLE_CITY_UNITS = ""


class DailyFigures(Base):
    """What happened on one day in China in one district, and how many residents there were in its end.

    Claims count where the unit is, redemptions where the shop is, residents where they live. Residents
    cannot be counted afterwards: they are absent for days on which nobody counted.
    """

    __tablename__ = "daily_figures"
    __table_args__ = (
        CheckConstraint("least(claims, redemptions, reversals) >= 0", name="counts"),
        CheckConstraint("num_nulls(residents, scored, active) IN (0, 3)", name="counted_wholly"),
        CheckConstraint(
            "residents >= scored AND residents >= active AND least(scored, active) >= 0", name="parts"
        ),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(primary_key=True)
    claims: Mapped[int]
    redemptions: Mapped[int]
    reversals: Mapped[int]
    amount_fen: Mapped[int]
    residents: Mapped[int | None]
    scored: Mapped[int | None]
    active: Mapped[int | None]
    counted_at: Mapped[datetime]


class DailyUse(Base):
    """How much one incentive was claimed and used on one day in one district; absent when it was not."""

    __tablename__ = "daily_uses"
    __table_args__ = (CheckConstraint("least(claims, redemptions, reversals) >= 0", name="counts"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"), primary_key=True)
    district: Mapped[str] = mapped_column(primary_key=True)
    claims: Mapped[int]
    redemptions: Mapped[int]
    reversals: Mapped[int]
    amount_fen: Mapped[int]
