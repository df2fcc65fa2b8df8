"""What the OpenAPI document says beyond the routes: title, problem answers, and how one is signed in."""

from typing import Any

from apispec import APISpec

from backend.web.console import COOKIE, CSRF_HEADER

SPEC: dict[str, Any] = {
    "title": "城市个人信用积分接口",
    "version": "v1",
    "openapi_version": "3.1.0",
    "info": {"description": "只予激励、不予惩戒。错误一律为 application/problem+json，code 稳定。"},
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "供程序判断，稳定不变"},
        "detail": {"type": "string", "description": "给人看的中文说明"},
        "request_id": {"type": ["string", "null"]},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "按字段列出的问题",
        },
        "data": {"type": "object", "description": "补充信息，如缺少的分数"},
    },
}
# In the order in which the page lists them; a path belongs to the first that it starts with.
AUDIENCES = {
    "/api/v1/resident/": ("市民", "凭市民的访问令牌调用"),
    "/api/v1/merchant/": ("商户店员", "凭店员的访问令牌调用；回答中没有任何个人信息"),
    "/api/v1/source/": ("数据源单位", "凭数据源单位的程序的访问令牌调用，只涉及本单位的批次"),
    "/api/v1/console/": ("管理后台登录与本人账号", "信用办和成员单位的人员，凭 Cookie 调用"),
    "/api/v1/office/": ("信用办", "凭管理后台的登录调用，每项操作要有相应权限"),
    "/api/v1/partner/": ("成员单位", "凭管理后台的登录调用，只涉及本单位"),
    "/api/v1/public/": ("公众", "无需登录"),
    "/": ("服务本身", "健康检查、指标、公钥与文档"),
}
GUARDED = ("/api/v1/resident/", "/api/v1/merchant/", "/api/v1/source/")
OPEN = ("/session", "/session/refresh", "/invitations/look", "/source/token")
CONSOLE = ("/api/v1/console/", "/api/v1/office/", "/api/v1/partner/")
OPEN_IN_CONSOLE = (
    "/console/set-up",
    "/console/passkey-session",
    "/console/passkey-session/options",
    "/console/invitations/look",
    "/console/invitations/accept",
    "/console/password-resets",
    "/console/password-resets/accept",
)
CSRF_TOKEN: dict[str, Any] = {
    "in": "header",
    "name": CSRF_HEADER,
    "required": True,
    "schema": {"type": "string"},
    "description": "登录回答中的 csrf_token",
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "重复请求时使用同一编号，得到第一次的结果",
}


def complete(spec: APISpec) -> None:
    """Say of every operation whose it is, that it may answer with a problem, and if it needs a token."""
    spec.components.responses.clear()
    spec.components.schemas.pop("Error", None)
    spec.components.schemas.pop("PaginationMetadata", None)
    spec.components.schema("Problem", PROBLEM)
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.security_scheme("cookie", {"type": "apiKey", "in": "cookie", "name": COOKIE})
    spec._tags[:] = [{"name": name, "description": text} for name, text in AUDIENCES.values()]
    for path, operations in spec._paths.items():
        for method, operation in operations.items():
            if method in ("get", "post", "put", "delete"):
                _complete_operation(path, method, operation)


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    start = next(start for start in AUDIENCES if path.startswith(start))
    operation["tags"] = [AUDIENCES[start][0]]
    # flask-smorest describes errors in a form of its own, which is not the one we answer with.
    answers = operation.setdefault("responses", {})
    for status in [status for status, answer in answers.items() if "$ref" in answer]:
        del answers[status]
    answers["default"] = {
        "description": "未能完成，见 code 与 detail",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    is_open = (method == "post" and path.endswith(OPEN)) or path.endswith(OPEN_IN_CONSOLE)
    if is_open or not path.startswith((*GUARDED, *CONSOLE)):
        return
    operation["security"] = [{"bearer": []} if path.startswith(GUARDED) else {"cookie": []}]
    parameters: list[dict[str, Any]] = []
    if method == "post":
        parameters.append(IDEMPOTENCY_KEY)
    if method != "get" and path.startswith(CONSOLE):
        parameters.append(CSRF_TOKEN)
    if parameters:
        operation.setdefault("parameters", []).extend(parameters)
