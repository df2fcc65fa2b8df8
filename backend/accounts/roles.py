"""Who may do what in the console: every permission and every role, in one table."""

from dataclasses import dataclass
from enum import StrEnum

from backend.core.actor import ActorKind


class Permission(StrEnum):
    """What a route of the office or of a unit asks for. The order is that of the page of roles."""

    STAFF_READ = "staff.read"
    STAFF_INVITE = "staff.invite"
    STAFF_MANAGE = "staff.manage"
    FIGURES_READ = "figures.read"
    LISTS_READ = "lists.read"
    LISTS_EXPORT = "lists.export"
    RESIDENTS_LOOK_UP = "residents.look_up"
    SCORE_MODEL_READ = "score_model.read"
    RECORDS_READ = "records.read"
    RECORDS_DELIVER = "records.deliver"
    SOURCES_MANAGE = "sources.manage"
    SCORE_MODEL_EDIT = "score_model.edit"
    SCORE_MODEL_APPROVE = "score_model.approve"
    SCORE_RUNS_START = "score_runs.start"
    AUDIT_READ = "audit.read"
    AUDIT_EXPORT = "audit.export"
    SETTINGS_READ = "settings.read"
    SETTINGS_CHANGE = "settings.change"
    INCENTIVES_READ = "incentives.read"
    INCENTIVES_EDIT = "incentives.edit"
    INCENTIVES_REVIEW = "incentives.review"
    INCENTIVES_RUN = "incentives.run"
    UNIT_INCENTIVES_EDIT = "unit.incentives.edit"
    UNIT_INCENTIVES_RUN = "unit.incentives.run"
    UNITS_READ = "units.read"
    UNITS_REVIEW = "units.review"
    UNITS_MANAGE = "units.manage"
    SHOPS_MANAGE = "shops.manage"
    REPORTS_READ = "reports.read"
    REPORTS_CLOSE = "reports.close"
    UNIT_STAFF_MANAGE = "unit.staff.manage"
    UNIT_READ = "unit.read"
    UNIT_HAND_IN = "unit.hand_in"
    UNIT_FIGURES_READ = "unit.figures.read"
    UNIT_SIGN = "unit.sign"
    UNIT_SHOPS_MANAGE = "unit.shops.manage"
    UNIT_REPORTS_ANSWER = "unit.reports.answer"


PERMISSION_NAMES: dict[Permission, str] = {
    Permission.STAFF_READ: "查看人员和角色",
    Permission.STAFF_INVITE: "邀请人员",
    Permission.STAFF_MANAGE: "分配角色、停用和解锁人员",
    Permission.FIGURES_READ: "查看统计数据",
    Permission.LISTS_READ: "查看领取和核销列表",
    Permission.LISTS_EXPORT: "导出领取和核销列表",
    Permission.RESIDENTS_LOOK_UP: "为办理事项查询一位市民，每次查询市民都能看到",
    Permission.RECORDS_READ: "查看数据源单位和报送的批次",
    Permission.RECORDS_DELIVER: "代数据源单位报送、改正和撤回批次",
    Permission.SOURCES_MANAGE: "登记和停用数据源单位的程序",
    Permission.SCORE_MODEL_READ: "查看评分规则、预演报告和评分运行",
    Permission.SCORE_MODEL_EDIT: "起草和预演评分规则",
    Permission.SCORE_MODEL_APPROVE: "批准评分规则",
    Permission.SCORE_RUNS_START: "启动全市评分",
    Permission.AUDIT_READ: "查看审计记录",
    Permission.AUDIT_EXPORT: "导出审计记录，每次导出也记入审计",
    Permission.SETTINGS_READ: "查看系统设置",
    Permission.SETTINGS_CHANGE: "修改系统设置",
    Permission.INCENTIVES_READ: "查看激励项目和草稿",
    Permission.INCENTIVES_EDIT: "代成员单位起草激励项目",
    Permission.INCENTIVES_REVIEW: "审核激励项目",
    Permission.INCENTIVES_RUN: "暂停、恢复、结束激励项目，增加名额",
    Permission.UNIT_INCENTIVES_EDIT: "起草和提交本单位的激励项目",
    Permission.UNIT_INCENTIVES_RUN: "暂停、恢复、结束本单位的激励项目，增加名额",
    Permission.UNITS_READ: "查看成员单位和申请",
    Permission.UNITS_REVIEW: "审核成员单位的申请",
    Permission.UNITS_MANAGE: "暂停、恢复、关闭成员单位",
    Permission.SHOPS_MANAGE: "管理各单位的门店和店员",
    Permission.REPORTS_READ: "查看市民反映",
    Permission.REPORTS_CLOSE: "办结市民反映",
    Permission.UNIT_STAFF_MANAGE: "管理本单位的人员",
    Permission.UNIT_READ: "查看本单位",
    Permission.UNIT_HAND_IN: "提交本单位的材料",
    Permission.UNIT_FIGURES_READ: "查看本单位的统计数据",
    Permission.UNIT_SIGN: "代表本单位签署承诺",
    Permission.UNIT_SHOPS_MANAGE: "管理本单位的门店和店员",
    Permission.UNIT_REPORTS_ANSWER: "答复市民对本单位门店的反映",
}


@dataclass(frozen=True)
class Role:
    """`kind` says whether people of the office or of a unit may have it."""

    code: str
    name: str
    description: str
    kind: ActorKind
    permissions: frozenset[Permission] = frozenset()


def _office(code: str, name: str, description: str, *permissions: Permission) -> Role:
    return Role(code, name, description, ActorKind.OFFICE, frozenset(permissions))


def _partner(code: str, name: str, description: str, *permissions: Permission) -> Role:
    return Role(code, name, description, ActorKind.PARTNER, frozenset(permissions))


MAY = Permission
ROLES: tuple[Role, ...] = (
    _office(
        "programme_manager",
        "项目经理",
        "管理激励项目和成员单位",
        MAY.INCENTIVES_READ,
        MAY.INCENTIVES_EDIT,
        MAY.INCENTIVES_RUN,
        MAY.UNITS_READ,
        MAY.UNITS_MANAGE,
        MAY.SHOPS_MANAGE,
        MAY.REPORTS_READ,
        MAY.REPORTS_CLOSE,
        MAY.FIGURES_READ,
        MAY.LISTS_READ,
        MAY.LISTS_EXPORT,
        MAY.SETTINGS_READ,
        MAY.SETTINGS_CHANGE,
    ),
    _office(
        "reviewer",
        "审核员",
        "审核成员单位和激励项目的申请，批准评分规则",
        MAY.INCENTIVES_READ,
        MAY.INCENTIVES_REVIEW,
        MAY.SCORE_MODEL_READ,
        MAY.SCORE_MODEL_APPROVE,
        MAY.UNITS_READ,
        MAY.UNITS_REVIEW,
        MAY.FIGURES_READ,
    ),
    _office(
        "score_keeper",
        "评分管理员",
        "管理评分规则和信用记录",
        MAY.FIGURES_READ,
        MAY.SCORE_MODEL_READ,
        MAY.RECORDS_READ,
        MAY.RECORDS_DELIVER,
        MAY.SOURCES_MANAGE,
        MAY.SCORE_MODEL_EDIT,
        MAY.SCORE_MODEL_APPROVE,
        MAY.SCORE_RUNS_START,
    ),
    _office(
        "case_officer",
        "案件办理员",
        "办理异议、修复等事项",
        MAY.FIGURES_READ,
        MAY.SCORE_MODEL_READ,
        MAY.RESIDENTS_LOOK_UP,
        MAY.REPORTS_READ,
        MAY.REPORTS_CLOSE,
    ),
    _office("window_clerk", "窗口人员", "在窗口核验身份、受理市民的申请", MAY.RESIDENTS_LOOK_UP),
    # The administrators exclude each other: UNIQUE in the table of roles.
    _office(
        "system_admin",
        "系统管理员",
        "维护系统；邀请首位安全管理员和审计管理员",
        MAY.STAFF_READ,
        MAY.STAFF_INVITE,
        MAY.SETTINGS_READ,
        MAY.SETTINGS_CHANGE,
    ),
    _office(
        "security_admin",
        "安全管理员",
        "邀请人员，分配角色，停用和解锁",
        MAY.STAFF_READ,
        MAY.STAFF_INVITE,
        MAY.STAFF_MANAGE,
    ),
    _office(
        "audit_admin",
        "审计管理员",
        "查看审计记录",
        MAY.STAFF_READ,
        MAY.AUDIT_READ,
        MAY.AUDIT_EXPORT,
        MAY.SETTINGS_READ,
    ),
    _partner(
        "unit_manager",
        "单位管理员",
        "管理本单位的人员、门店和激励项目",
        MAY.UNIT_STAFF_MANAGE,
        MAY.UNIT_INCENTIVES_EDIT,
        MAY.UNIT_INCENTIVES_RUN,
        MAY.UNIT_READ,
        MAY.UNIT_HAND_IN,
        MAY.UNIT_FIGURES_READ,
        MAY.UNIT_SIGN,
        MAY.UNIT_SHOPS_MANAGE,
        MAY.UNIT_REPORTS_ANSWER,
    ),
    _partner(
        "unit_editor",
        "单位经办员",
        "办理本单位的激励项目和材料，答复市民反映",
        MAY.UNIT_INCENTIVES_EDIT,
        MAY.UNIT_READ,
        MAY.UNIT_FIGURES_READ,
        MAY.UNIT_HAND_IN,
        MAY.UNIT_REPORTS_ANSWER,
    ),
)
BY_CODE = {role.code: role for role in ROLES}

SYSTEM_ADMIN = "system_admin"
SECURITY_ADMIN = "security_admin"
AUDIT_ADMIN = "audit_admin"
UNIT_MANAGER = "unit_manager"
ADMINISTRATORS = (SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN)


def roles_of(kind: ActorKind) -> tuple[str, ...]:
    """The codes that people of this kind may have."""
    return tuple(role.code for role in ROLES if role.kind is kind)


def permissions_of(roles: list[str]) -> frozenset[str]:
    return frozenset(permission.value for code in roles for permission in BY_CODE[code].permissions)
