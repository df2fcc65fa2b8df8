"""Refusals about sheets; what is wrong inside one is no refusal but told cell by cell."""

from typing import Any

from backend.core.errors import DomainError, Kind


class SheetTooLarge(DomainError):
    """The file is larger than one may be."""

    kind = Kind.INVALID
    code = "sheet.too_large"
    detail = "文件不能超过 20 MB，请分成几个文件。"

    def __init__(self, **data: Any) -> None:
        super().__init__(errors={"file": [self.detail]}, **data)


class SheetBusy(DomainError):
    """One sheet at a time: the account's earlier one is still being worked on."""

    kind = Kind.CONFLICT
    code = "sheet.busy"
    detail = "您的上一个表格还在处理，请等它办完，或先取消。"
    constraint = "uq_sheet_imports_working"


class SheetNotInThatState(DomainError):
    """The step does not follow from where the import stands; `state` says where."""

    kind = Kind.CONFLICT
    code = "sheet.not_in_that_state"
    detail = "这次导入现在的情况不能这样操作，请刷新后再看。"


class NothingToImport(DomainError):
    """No row of the sheet would change anything."""

    kind = Kind.CONFLICT
    code = "sheet.nothing_to_import"
    detail = "表格里没有可以导入的行。"


class SheetNotReady(DomainError):
    """The file is not made yet, or there is nothing to make it of."""

    kind = Kind.CONFLICT
    code = "sheet.not_ready"
    detail = "文件还没有准备好，请稍等。"
