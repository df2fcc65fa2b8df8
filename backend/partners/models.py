"""Tables of units and shops, of how a unit joins, and of its commitment to truth."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.database import Base, new_id, one_of
from backend.core.encryption import Encrypted, index_of
from backend.partners.document_verdicts import MEDIA_TYPES


class UnitState(StrEnum):
    """An approved unit becomes active by signing the commitment."""

    APPROVED = "approved"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


# From and to; a trigger on the table refuses any other change.
UNIT_CHANGES = (
    (UnitState.APPROVED, UnitState.ACTIVE),
    (UnitState.ACTIVE, UnitState.SUSPENDED),
    (UnitState.SUSPENDED, UnitState.ACTIVE),
    (UnitState.APPROVED, UnitState.CLOSED),
    (UnitState.ACTIVE, UnitState.CLOSED),
    (UnitState.SUSPENDED, UnitState.CLOSED),
)


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


# With the applicant; and all that is not decided.
OPEN = (ApplicationState.DRAFT, ApplicationState.RETURNED)
WAITING_OR_OPEN = (*OPEN, ApplicationState.SUBMITTED)


class Decision(StrEnum):
    RETURNED = "returned"
    APPROVED = "approved"


class RecheckState(StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Unit(Base):
    """A member unit. `key` is its name in the city's files, which one that applied has not; `example`
    marks one made up for the trial."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("key"),
        # Whoever has left may apply anew.
        Index(
            "uq_units_unified_code", "unified_code", unique=True, postgresql_where=sql("state <> 'closed'")
        ),
        Index("ix_units_name_id", "name", "id"),
        CheckConstraint(one_of("state", UnitState), name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str | None]
    name: Mapped[str]
    unified_code: Mapped[str | None]
    category: Mapped[str]
    district: Mapped[str | None]
    example: Mapped[bool]
    state: Mapped[str]
    joined_at: Mapped[datetime]

    shops: Mapped[list["Shop"]] = relationship(back_populates="unit", order_by="Shop.id")


class Shop(Base):
    """A place where a unit honours incentives. Coordinates are GCJ-02, as WeChat's maps use; without them
    a shop is near nobody. `version` counts changes, so that nobody saves over what they have not seen."""

    __tablename__ = "shops"
    __table_args__ = (
        Index("ix_shops_unit_id", "unit_id"),
        Index("ix_shops_name_id", "name", "id"),
        Index("ix_shops_closed_name_id", "name", "id", postgresql_where=sql("closed_at IS NOT NULL")),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="place"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_whole"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str]
    address: Mapped[str]
    district: Mapped[str]
    phone: Mapped[str | None]
    hours: Mapped[str | None]
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    closed_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(back_populates="shops")


class UnitChange(Base):
    """A unit's way from state to state: who, when and why. Only ever added to."""

    __tablename__ = "unit_changes"
    __table_args__ = (
        Index("ix_unit_changes_unit_id", "unit_id"),
        CheckConstraint(one_of("to_state", UnitState), name="to_state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    reason: Mapped[str | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]


class UnitApplication(Base):
    """What somebody writes to make their unit a member, and how far it has come.

    The applicant has no account yet: a link by mail opens the application, and `token_hash` is of the
    last one sent. `answers` are what the city's requirements ask for, by their codes. `version` counts
    submissions, so that nobody decides about what they have not read.
    """

    __tablename__ = "unit_applications"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        UniqueConstraint("unit_id"),
        Index(
            "uq_unit_applications_open",
            "email_index",
            unique=True,
            postgresql_where=sql("state IN ('draft', 'submitted', 'returned')"),
        ),
        Index("ix_unit_applications_waiting", "state", "submitted_at", "id"),
        Index(
            "ix_unit_applications_submitted_at_id",
            "submitted_at",
            "id",
            postgresql_where=sql("submitted_at IS NOT NULL"),
        ),
        CheckConstraint(one_of("state", ApplicationState), name="state"),
        CheckConstraint(
            "state = 'draft' OR num_nulls(unit_name, unified_code, category, phone_cipher, submitted_at) = 0",
            name="complete",
        ),
        CheckConstraint("(state = 'approved') = (unit_id IS NOT NULL)", name="approved_as_a_unit"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(default=ApplicationState.DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    unit_name: Mapped[str | None]
    unified_code: Mapped[str | None]
    code_explanation: Mapped[str | None]
    category: Mapped[str | None]
    district: Mapped[str | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    email_index: Mapped[bytes] = index_of("unit_applications.email")
    email_cipher: Mapped[bytes]
    contact_cipher: Mapped[bytes]
    phone_cipher: Mapped[bytes | None]
    token_hash: Mapped[bytes | None]
    link_expires_at: Mapped[datetime | None]
    link_sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))

    email = Encrypted()
    contact = Encrypted()
    phone = Encrypted()

    reviews: Mapped[list["UnitReview"]] = relationship(
        order_by="UnitReview.decided_at", passive_deletes="all"
    )
    documents: Mapped[list["UnitDocument"]] = relationship(
        order_by="UnitDocument.uploaded_at, UnitDocument.id",
        cascade="save-update, merge, delete-orphan, delete",
    )


class UnitReview(Base):
    """A decision about one submission. `reasons` say what to mend, by field; `code_reason` why a unified
    code was accepted that its check digit does not bear out. Only ever added to."""

    __tablename__ = "unit_reviews"
    __table_args__ = (
        UniqueConstraint("application_id", "version"),
        CheckConstraint(one_of("decision", Decision), name="decision"),
        CheckConstraint("(decision = 'returned') = (reasons <> '{}'::jsonb)", name="returned_for_a_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("unit_applications.id", ondelete="CASCADE"))
    version: Mapped[int]
    decision: Mapped[str]
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    code_reason: Mapped[str | None]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]


class UnitDuty(Base):
    """Something that a member unit has to do by a day; `what` is the code of a requirement.

    It is open until the unit hands it in, and again when the office asks once more. `reason` is what the
    office wrote when it last set the day. `told_days` says how many days before the day the unit was last
    reminded, and is negative once it has been told that the day is over.
    """

    __tablename__ = "unit_duties"
    __table_args__ = (
        Index(
            "uq_unit_duties_open",
            "unit_id",
            "what",
            unique=True,
            postgresql_where=sql("handed_in_at IS NULL"),
        ),
        Index("ix_unit_duties_unit_id", "unit_id"),
        Index("ix_unit_duties_due_on", "due_on", postgresql_where=sql("handed_in_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    what: Mapped[str]
    due_on: Mapped[date]
    reason: Mapped[str | None]
    told_days: Mapped[int | None]
    begun_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    documents: Mapped[list["UnitDocument"]] = relationship(
        order_by="UnitDocument.uploaded_at, UnitDocument.id",
        cascade="save-update, merge, delete-orphan, delete",
    )


class UnitDocument(Base):
    """A document of an application or, later, of a duty. The content lies in a file of the id's name,
    encrypted with `key`; `sha256` and `size` are of what was found clean and kept, not of what was sent."""

    __tablename__ = "unit_documents"
    __table_args__ = (
        Index("ix_unit_documents_application_id", "application_id"),
        Index("ix_unit_documents_duty_id", "duty_id"),
        CheckConstraint("num_nonnulls(application_id, duty_id) = 1", name="of_one_thing"),
        CheckConstraint(
            f"media_type IN ({', '.join(repr(each.value) for each in MEDIA_TYPES)})", name="media_type"
        ),
        CheckConstraint("size BETWEEN 1 AND 10485760", name="size"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit_applications.id"))
    duty_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit_duties.id"))
    requirement: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    key_cipher: Mapped[bytes]
    uploaded_at: Mapped[datetime]

    key = Encrypted()


class UnitRecheck(Base):
    """What a unit confirmed in a yearly re-check. The last accepted one says how the unit is.

    `changed` names the fields that were otherwise before. Where nothing was, the unit's word is enough, and
    `decided_by` is nobody.
    """

    __tablename__ = "unit_rechecks"
    __table_args__ = (
        Index(
            "uq_unit_rechecks_duty_id", "duty_id", unique=True, postgresql_where=sql("state <> 'returned'")
        ),
        Index("ix_unit_rechecks_unit_id", "unit_id"),
        Index("ix_unit_rechecks_waiting", "unit_id", postgresql_where=sql("state = 'submitted'")),
        CheckConstraint(one_of("state", RecheckState), name="state"),
        CheckConstraint("(state = 'submitted') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'returned') = (reasons <> '{}'::jsonb)", name="returned_for_a_reason"),
        CheckConstraint(
            "state <> 'accepted' OR decided_by IS NOT NULL OR changed = '[]'::jsonb", name="change_decided"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("unit_duties.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    state: Mapped[str]
    unit_name: Mapped[str]
    category: Mapped[str]
    answers: Mapped[dict[str, Any]]
    contact_cipher: Mapped[bytes]
    phone_cipher: Mapped[bytes]
    changed: Mapped[list[str]] = mapped_column(JSONB)
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    submitted_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]

    contact = Encrypted()
    phone = Encrypted()

    duty: Mapped[UnitDuty] = relationship()


class Commitment(Base):
    """A unit's public promise that what it publishes is true, sealed by the city.

    `statement` is signed byte for byte: who promised what and when. The signer's name in it is public,
    which the signer is told before. `text` is kept so that old promises can be read whatever the city's
    folder holds today.
    """

    __tablename__ = "commitments"
    __table_args__ = (
        Index("uq_commitments_in_force", "unit_id", unique=True, postgresql_where=sql("ended_at IS NULL")),
        Index("ix_commitments_unit_id", "unit_id"),
        CheckConstraint("octet_length(seal) = 64", name="seal"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    text_version: Mapped[str]
    text_title: Mapped[str]
    text: Mapped[str]
    statement: Mapped[str]
    key_id: Mapped[int]
    seal: Mapped[bytes]
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    signed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
