"""Tables of versions, of their shadow runs, and of what runs came to month by month."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.accounts.models import Account  # noqa: F401  Whom the columns below name must be known.
from backend.core.database import Base, new_id, one_of


class VersionState(StrEnum):
    """`shadowed`: the report is on exactly what stands there, and two people may approve. `cancelled`: it was
    approved, and called off before its day."""

    DRAFT = "draft"
    SHADOWED = "shadowed"
    APPROVED = "approved"
    DISCARDED = "discarded"
    CANCELLED = "cancelled"


class ScoreModelVersion(Base):
    """A score model written here. `document` is YAML, as in the city's files with the indicators inside their
    dimensions; `version` and `effective_on` stand in it too. `revision` counts the saves.

    The database lets nothing of an approved one be changed but that it is cancelled.
    """

    __tablename__ = "score_model_versions"
    __table_args__ = (
        CheckConstraint(one_of("state", VersionState), name="state"),
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint(
            "first_approver_id NOT IN (author_id, edited_by)"
            " AND second_approver_id NOT IN (author_id, edited_by, first_approver_id)",
            name="two_others_approve",
        ),
        CheckConstraint(
            "num_nonnulls(first_approver_id, first_approved_at) IN (0, 2)"
            " AND num_nonnulls(second_approver_id, second_approved_at) IN (0, 2)",
            name="approved_by_somebody_sometime",
        ),
        CheckConstraint(
            "first_approver_id IS NULL OR state IN ('shadowed', 'approved', 'cancelled')",
            name="first_approval_of_report",
        ),
        CheckConstraint(
            "(state IN ('approved', 'cancelled')) = (num_nonnulls(first_approver_id, second_approver_id) = 2)"
            " AND (second_approver_id IS NULL OR first_approver_id IS NOT NULL)",
            name="approved_by_two",
        ),
        CheckConstraint(
            "state NOT IN ('shadowed', 'approved', 'cancelled') OR shadow_run_id IS NOT NULL",
            name="has_report",
        ),
        CheckConstraint(
            "(second_approved_at AT TIME ZONE 'Asia/Shanghai')::date < effective_on",
            name="approved_before_effect",
        ),
        CheckConstraint(
            "num_nonnulls(cancelled_by, cancelled_at, cancelled_because)"
            " = CASE WHEN state = 'cancelled' THEN 3 ELSE 0 END",
            name="cancelled_with_reason",
        ),
        CheckConstraint(
            "(cancelled_at AT TIME ZONE 'Asia/Shanghai')::date < effective_on", name="cancelled_before_effect"
        ),
        ForeignKeyConstraint(
            ["shadow_run_id", "id", "revision"],
            ["score_shadow_runs.id", "score_shadow_runs.version_id", "score_shadow_runs.revision"],
            name="fk_score_model_versions_report_on_this_revision",
            use_alter=True,
        ),
        Index(
            "uq_score_model_versions_version",
            "version",
            unique=True,
            postgresql_where=text("state <> 'discarded'"),
        ),
        Index(
            "uq_score_model_versions_effective_on",
            "effective_on",
            unique=True,
            postgresql_where=text("state = 'approved'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[str]
    effective_on: Mapped[date]
    document: Mapped[str]
    state: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    edited_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    shadow_run_id: Mapped[UUID | None]
    first_approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    first_approved_at: Mapped[datetime | None]
    second_approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    second_approved_at: Mapped[datetime | None]
    cancelled_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None]


class ShadowRun(Base):
    """The city scored with a draft and with the model in force, nobody's result kept.

    `report` is the impact report, in which no group of people is small. It is null while the run is under way
    and when it ended otherwise: `failure` then tells how.
    """

    __tablename__ = "score_shadow_runs"
    __table_args__ = (
        UniqueConstraint("id", "version_id", "revision", name="uq_score_shadow_runs_of_revision"),
        CheckConstraint(
            "num_nonnulls(report, failure) = (ended_at IS NOT NULL)::integer", name="ended_somehow"
        ),
        CheckConstraint("failure IN ('stopped', 'outdated', 'failed')", name="failure"),
        CheckConstraint("done BETWEEN 0 AND people", name="done_of_people"),
        Index(
            "uq_score_shadow_runs_open",
            "version_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("score_model_versions.id"))
    revision: Mapped[int]
    as_of: Mapped[date]
    compared_with: Mapped[str]
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    begun_at: Mapped[datetime]
    people: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    report: Mapped[dict[str, Any] | None]


class ScoreMonthFigures(Base):
    """How scores lay in a month, by district, age band and sex: counts and means only, no small group.

    `month` is its first day; counted once all scores of a day in it were there.
    """

    __tablename__ = "score_month_figures"
    __table_args__ = (CheckConstraint("extract(day from month) = 1", name="first_day"),)

    month: Mapped[date] = mapped_column(primary_key=True)
    as_of: Mapped[date]
    model_version: Mapped[str]
    figures: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime]
