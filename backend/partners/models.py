"""Tables of units and shops."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.database import Base, new_id, one_of


class UnitState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Unit(Base):
    """A member unit. `key` is its name in the city's files; `example` marks one made up for the trial."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("unified_code"),
        CheckConstraint(one_of("state", UnitState), name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str]
    name: Mapped[str]
    unified_code: Mapped[str | None]
    category: Mapped[str]
    district: Mapped[str | None]
    example: Mapped[bool]
    state: Mapped[str]
    joined_at: Mapped[datetime]

    shops: Mapped[list["Shop"]] = relationship(back_populates="unit", order_by="Shop.id")


class Shop(Base):
    """A place where a unit honours incentives. Coordinates are GCJ-02, as WeChat's maps use."""

    __tablename__ = "shops"
    __table_args__ = (
        Index("ix_shops_unit_id", "unit_id"),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="place"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str]
    address: Mapped[str]
    district: Mapped[str]
    latitude: Mapped[float] = mapped_column(Double)
    longitude: Mapped[float] = mapped_column(Double)
    closed_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(back_populates="shops")
