"""Shapes of applications, of units as the office and the unit see them, and of the commitment."""

from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload

from backend.accounts.schemas import Email, ProofSchema, TokenSchema, name_field
from backend.partners.document_verdicts import MEDIA_TYPES
from backend.partners.duties import DutyKind
from backend.partners.models import ApplicationState, Decision, RecheckState, UnitState
from backend.web.paging import PageQuery
from backend.web.validation import Schema, text_field

NAME_LONGEST = 100
CODE_LONGEST = 32
REASON_LONGEST = 200
ANSWER_LONGEST = 500
PHONE = ma.validate.Regexp(r"^[0-9+\- ]{5,20}$", error="不是有效的电话号码。")


def optional_text(longest: int, **options: Any) -> ma.fields.String:
    return text_field(longest, required=False, allow_none=True, load_default=None, **options)


class LinkRequestSchema(Schema):
    email = Email(required=True)
    contact = name_field()


class FormSchema(TokenSchema):
    unit_name = optional_text(NAME_LONGEST)
    unified_code = optional_text(CODE_LONGEST)
    code_explanation = optional_text(REASON_LONGEST)
    category = optional_text(CODE_LONGEST)
    district = optional_text(CODE_LONGEST, metadata={"description": "空表示全市"})
    contact = optional_text(50)
    phone = ma.fields.String(allow_none=True, load_default=None, validate=PHONE)
    answers = ma.fields.Dict(
        keys=text_field(64),
        values=ma.fields.String(validate=ma.validate.Length(max=ANSWER_LONGEST)),
        load_default=dict,
    )


class RequirementSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    help = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(["text", "document"]))
    due = ma.fields.String(required=True, validate=ma.validate.OneOf(["application", "approval", "yearly"]))
    days = ma.fields.Integer(required=True, allow_none=True)
    optional = ma.fields.Boolean(required=True)


class CommitmentTextSchema(Schema):
    version = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True, metadata={"description": "Markdown"})
    sha256 = ma.fields.String(required=True)


class MembershipSchema(Schema):
    requirements = ma.fields.List(ma.fields.Nested(RequirementSchema), required=True)
    commitment = ma.fields.Nested(CommitmentTextSchema, required=True, allow_none=True)


class ReviewSchema(Schema):
    version = ma.fields.Integer(required=True)
    decision = ma.fields.String(required=True, validate=ma.validate.OneOf(list(Decision)))
    reasons = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    code_reason = ma.fields.String(required=True, allow_none=True)
    decided_at = ma.fields.AwareDateTime(required=True)


class DocumentSchema(Schema):
    id = ma.fields.UUID(required=True)
    requirement = ma.fields.String(required=True, metadata={"description": "材料要求的 code"})
    media_type = ma.fields.String(required=True, validate=ma.validate.OneOf(list(MEDIA_TYPES)))
    size = ma.fields.Integer(required=True, metadata={"description": "字节"})
    sha256 = ma.fields.String(required=True)
    uploaded_at = ma.fields.AwareDateTime(required=True)


class DocumentsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(DocumentSchema), required=True)


class DocumentUploadSchema(TokenSchema):
    requirement = text_field(64)


class DocumentFileSchema(Schema):
    file = Upload(required=True, metadata={"description": "JPG、PNG 或 PDF，不超过 10 MB"})


class DocumentOfLinkSchema(TokenSchema):
    document_id = ma.fields.UUID(required=True)


class DutySchema(Schema):
    id = ma.fields.UUID(required=True)
    what = ma.fields.String(required=True, metadata={"description": "材料要求的 code"})
    name = ma.fields.String(required=True)
    help = ma.fields.String(required=True)
    due_on = ma.fields.Date(required=True)
    state = ma.fields.String(
        required=True, validate=ma.validate.OneOf(["later", "open", "overdue", "handed_in"])
    )
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "信用办最近一次改期限或要求重新提交的原因"}
    )
    handed_in_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    documents = ma.fields.List(ma.fields.Nested(DocumentSchema), required=True)


class DutyDaySchema(Schema):
    due_on = ma.fields.Date(required=True)
    reason = text_field(REASON_LONGEST)


class UnitDocumentUploadSchema(Schema):
    requirement = text_field(64)


class ApplicationRowSchema(Schema):
    id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(ApplicationState)))
    version = ma.fields.Integer(required=True)
    unit_name = ma.fields.String(required=True, allow_none=True)
    unified_code = ma.fields.String(required=True, allow_none=True)
    category = ma.fields.String(required=True, allow_none=True)
    district = ma.fields.String(required=True, allow_none=True)
    submitted_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class ApplicationSchema(ApplicationRowSchema):
    """Also what its applicant sees, through the link."""

    code_is_right = ma.fields.Boolean(required=True)
    code_explanation = ma.fields.String(required=True, allow_none=True)
    email = ma.fields.String(required=True)
    contact = ma.fields.String(required=True)
    phone = ma.fields.String(required=True, allow_none=True)
    answers = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    requirements = ma.fields.List(ma.fields.Nested(RequirementSchema), required=True)
    documents = ma.fields.List(ma.fields.Nested(DocumentSchema), required=True)
    reviews = ma.fields.List(ma.fields.Nested(ReviewSchema), required=True)
    unit_id = ma.fields.UUID(required=True, allow_none=True)


class ApplicationsQuery(PageQuery):
    q = optional_text(NAME_LONGEST)
    state = ma.fields.String(
        load_default=None,
        validate=ma.validate.OneOf([state for state in ApplicationState if state != "draft"]),
    )
    district = optional_text(CODE_LONGEST)
    category = optional_text(CODE_LONGEST)


class UnitsQuery(PageQuery):
    q = optional_text(NAME_LONGEST)
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(list(UnitState)))
    district = optional_text(CODE_LONGEST)
    category = optional_text(CODE_LONGEST)
    overdue = ma.fields.String(load_default=None, validate=ma.validate.OneOf(list(DutyKind)))
    recheck = ma.fields.String(load_default=None, validate=ma.validate.OneOf([RecheckState.SUBMITTED]))


class UnitReasonSchema(Schema):
    reason = text_field(REASON_LONGEST)


class ApplicationReturnSchema(Schema):
    version = ma.fields.Integer(required=True, strict=True)
    reasons = ma.fields.Dict(
        keys=text_field(64),
        values=text_field(REASON_LONGEST),
        required=True,
        validate=ma.validate.Length(min=1, error="请至少写明一处要修改的内容。"),
        metadata={"description": "按项目写明要修改什么，如 unit_name、answers.plan"},
    )


class ApplicationApprovalSchema(Schema):
    version = ma.fields.Integer(required=True, strict=True)
    code_reason = optional_text(REASON_LONGEST)


class CommitmentHeadSchema(Schema):
    id = ma.fields.UUID(required=True)
    version = ma.fields.String(required=True, attribute="text_version")
    title = ma.fields.String(required=True, attribute="text_title")
    signed_at = ma.fields.AwareDateTime(required=True)


class CommitmentSchema(CommitmentHeadSchema):
    """All that a browser needs to check it without us, together with the public keys."""

    text = ma.fields.String(required=True)
    statement = ma.fields.String(
        required=True, metadata={"description": "印章逐字节签署的内容（规范 JSON，UTF-8）"}
    )
    algorithm = ma.fields.String(required=True)
    key_id = ma.fields.Integer(required=True)
    seal = ma.fields.String(required=True, metadata={"description": "base64url"})
    in_force = ma.fields.Boolean(required=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class SealKeySchema(Schema):
    key_id = ma.fields.Integer(required=True)
    algorithm = ma.fields.String(required=True)
    public_key = ma.fields.String(required=True, metadata={"description": "base64url"})
    in_use_since = ma.fields.AwareDateTime(required=True)


class SealKeysSchema(Schema):
    keys = ma.fields.List(ma.fields.Nested(SealKeySchema), required=True)


class UnitRowSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    unified_code = ma.fields.String(required=True, allow_none=True)
    category = ma.fields.String(required=True)
    district = ma.fields.String(required=True, allow_none=True)
    example = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(UnitState)))
    joined_at = ma.fields.AwareDateTime(required=True)


class UnitChangeSchema(Schema):
    from_state = ma.fields.String(required=True, allow_none=True)
    to_state = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    changed_at = ma.fields.AwareDateTime(required=True)


class ListedUnitSchema(UnitRowSchema):
    overdue = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "逾期的事项"})


class FactsSchema(Schema):
    """How a unit is; what is not known is empty."""

    unit_name = optional_text(NAME_LONGEST)
    category = optional_text(CODE_LONGEST)
    contact = optional_text(50)
    phone = ma.fields.String(allow_none=True, load_default=None, validate=PHONE)
    answers = ma.fields.Dict(
        keys=text_field(64),
        values=ma.fields.String(validate=ma.validate.Length(max=ANSWER_LONGEST)),
        load_default=dict,
    )


class RecheckSchema(Schema):
    id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(RecheckState)))
    unit_name = ma.fields.String(required=True)
    category = ma.fields.String(required=True)
    contact = ma.fields.String(required=True)
    phone = ma.fields.String(required=True)
    answers = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    changed = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "与以前不同的项目，如 unit_name、answers.plan"},
    )
    reasons = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    submitted_at = ma.fields.AwareDateTime(required=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class RecheckReturnSchema(Schema):
    reasons = ma.fields.Dict(
        keys=text_field(64),
        values=text_field(REASON_LONGEST),
        required=True,
        validate=ma.validate.Length(min=1, error="请至少写明一处要修改的内容。"),
    )


class OwnRecheckSchema(Schema):
    """What the page of the re-check needs; `duty` is nothing when there is none to do."""

    duty = ma.fields.Nested(DutySchema, required=True, allow_none=True)
    facts = ma.fields.Nested(FactsSchema, required=True)
    asked = ma.fields.List(ma.fields.Nested(RequirementSchema), required=True)
    commitment = ma.fields.Nested(CommitmentTextSchema, required=True, allow_none=True)
    last = ma.fields.Nested(RecheckSchema, required=True, allow_none=True)


class HandedInSchema(UnitRowSchema):
    duties = ma.fields.List(ma.fields.Nested(DutySchema), required=True)
    documents = ma.fields.List(ma.fields.Nested(DocumentSchema), required=True)
    requirements = ma.fields.List(ma.fields.Nested(RequirementSchema), required=True)


class UnitOfOfficeSchema(HandedInSchema):
    commitment = ma.fields.Nested(CommitmentHeadSchema, required=True, allow_none=True)
    changes = ma.fields.List(ma.fields.Nested(UnitChangeSchema), required=True)
    facts = ma.fields.Nested(FactsSchema, required=True)
    rechecks = ma.fields.List(ma.fields.Nested(RecheckSchema), required=True)


class OwnUnitSchema(HandedInSchema):
    commitment = ma.fields.Nested(CommitmentHeadSchema, required=True, allow_none=True)
    to_sign = ma.fields.Nested(
        CommitmentTextSchema,
        required=True,
        allow_none=True,
        metadata={"description": "现在要签署的承诺书；已签署现行版本时为空"},
    )


class SignatureSchema(ProofSchema):
    version = text_field(64)
    signer_name = name_field()
    signer_position = text_field(50)


class RecheckSubmissionSchema(SignatureSchema):
    facts = ma.fields.Nested(FactsSchema, required=True)
