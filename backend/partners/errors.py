"""Refusals about joining as a unit, deciding about it, and the commitment."""

from backend.core.errors import DomainError, Kind


class ApplicationLinkInvalid(DomainError):
    """The link of an application was replaced by a newer one, has run out or never was."""

    kind = Kind.GONE
    code = "application.link_invalid"
    detail = "链接已失效。请在申请页面重新填写邮箱，我们会再发一封邮件。"


class ApplicationNotOpen(DomainError):
    """The application is with the office, or decided; its applicant cannot change it now."""

    kind = Kind.CONFLICT
    code = "application.not_open"
    detail = "申请已经提交，现在不能修改。"


class ApplicationIncomplete(DomainError):
    """Something that the requirements ask for is missing or wrong; `errors` name the fields."""

    kind = Kind.INVALID
    code = "application.incomplete"
    detail = "还有内容没有填好，请按提示补充。"


class AlreadyMember(DomainError):
    """A unit with this unified code is a member already."""

    kind = Kind.CONFLICT
    code = "application.already_member"
    detail = "这个统一社会信用代码的单位已经是成员单位。"
    constraint = "uq_units_unified_code"


class ContactHasAccount(DomainError):
    """The contact's address belongs to an account of the console, and an account belongs to one unit."""

    kind = Kind.CONFLICT
    code = "application.contact_has_account"
    detail = "这个邮箱已有管理后台账号，请换一个邮箱重新申请。"


class ApplicationDecided(DomainError):
    """Somebody else decided meanwhile, or the applicant handed in another version."""

    kind = Kind.CONFLICT
    code = "application.decided"
    detail = "这份申请刚刚有了变化，请刷新后再看。"
    constraint = "uq_unit_reviews_application_id_version"


class CodeNotConfirmed(DomainError):
    """The check digit of the unified code is wrong; who approves all the same says why."""

    kind = Kind.INVALID
    code = "application.code_not_confirmed"
    detail = "统一社会信用代码校验不通过，核实后请写明理由。"


class UnknownReason(DomainError):
    """A reason names a field that the application does not have."""

    kind = Kind.INVALID
    code = "application.unknown_field"
    detail = "退回原因里有申请表中没有的项目。"


class TextNotInForce(DomainError):
    """The commitment that was read is not the one that is signed today."""

    kind = Kind.CONFLICT
    code = "commitment.outdated"
    detail = "承诺书已有新的版本，请重新阅读后再签署。"


class AlreadySigned(DomainError):
    """The unit has signed this version."""

    kind = Kind.CONFLICT
    code = "commitment.already_signed"
    detail = "本单位已经签署了这一版承诺书。"
    constraint = "uq_commitments_in_force"


class UnitNotOpen(DomainError):
    """The unit is suspended or closed."""

    kind = Kind.CONFLICT
    code = "unit.not_open"
    detail = "本单位已暂停或关闭，不能办理这项业务。"


class NotInThatUnitState(DomainError):
    """The office asks for a step that does not follow from where the unit stands."""

    kind = Kind.CONFLICT
    code = "unit.not_in_that_state"
    detail = "这个单位的状态刚刚有了变化，请刷新后再看。"


class UnitNotActive(DomainError):
    """The unit has not signed the commitment yet, is suspended or closed, so it publishes nothing."""

    kind = Kind.CONFLICT
    code = "unit.not_active"
    detail = "这个单位还没有签署承诺，或已暂停、退出，不能发布激励项目。"


class DutyNotOpen(DomainError):
    """The unit has handed this in; its documents stay as they are until the office asks again."""

    kind = Kind.CONFLICT
    code = "duty.not_open"
    detail = "这一项已经提交，现在不能修改。"


class DutyWithoutDocument(DomainError):
    """There is no document to hand in."""

    kind = Kind.INVALID
    code = "duty.without_document"
    detail = "请先上传材料，再提交。"


class DutyDayNotLater(DomainError):
    """The new day is not after today, or more than a year off."""

    kind = Kind.INVALID
    code = "duty.day_not_later"
    detail = "请选今天以后、一年以内的日期。"


class RecheckNotDue(DomainError):
    """The unit has no re-check to do now: it is done, with the office, or its time has not come."""

    kind = Kind.CONFLICT
    code = "recheck.not_due"
    detail = "现在不用办理年审。"


class RecheckIncomplete(DomainError):
    """Something that the re-check asks for is missing or wrong; `errors` name the fields."""

    kind = Kind.INVALID
    code = "recheck.incomplete"
    detail = "还有内容没有填好，请按提示补充。"


class RecheckDecided(DomainError):
    """Somebody else has decided about the re-check."""

    kind = Kind.CONFLICT
    code = "recheck.decided"
    detail = "这次年审已经有人处理，请刷新后再看。"


class NoSealKey(DomainError):
    """The key ring holds no key to seal with."""

    kind = Kind.UNAVAILABLE
    code = "commitment.no_seal"
    detail = "暂时不能签署，请稍后再试。"


class StaleShop(DomainError):
    """Somebody else changed the shop meanwhile."""

    kind = Kind.CONFLICT
    code = "shop.stale"
    detail = "这家门店刚刚被别人修改过，请对照后再保存。"


class WrongShopDistrict(DomainError):
    """There is no such district, or it is not the one that who asks works for."""

    kind = Kind.INVALID
    code = "shop.wrong_district"
    detail = "没有这个区县，或不由您负责。"


class ShopClosed(DomainError):
    """The shop is closed: nobody is invited to it."""

    kind = Kind.CONFLICT
    code = "shop.closed"
    detail = "这家门店已经停业，先恢复营业再邀请店员。"


class NoPosterFont(DomainError):
    """The system has no font with Chinese letters to print with: Debian's `fonts-noto-cjk` is missing."""

    kind = Kind.UNAVAILABLE
    code = "poster.no_font"
    detail = "服务器上没有装印海报用的中文字体，请联系管理员。"
