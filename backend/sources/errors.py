"""Refusals about batches; what is wrong inside one is no refusal but told row by row."""

from backend.core.errors import DomainError, Kind


class WrongCredentials(DomainError):
    """No program of a source has this number and secret, or it may no longer deliver."""

    kind = Kind.UNAUTHENTICATED
    code = "source.wrong_credentials"
    detail = "客户端编号或密钥不对，或已停用。"


class EmptyFile(DomainError):
    """The request has no content."""

    kind = Kind.INVALID
    code = "batch.no_content"
    detail = "请求里没有文件内容。"


class NotInThatState(DomainError):
    """The step does not follow from where the batch stands; `state` says where."""

    kind = Kind.CONFLICT
    code = "batch.not_in_that_state"
    detail = "这个批次现在的情况不能这样操作，请刷新后再看。"


class RowMended(DomainError):
    """The refused row has been taken meanwhile."""

    kind = Kind.CONFLICT
    code = "refused_row.mended"
    detail = "这一行已经改好并收下了。"


class StillRefused(DomainError):
    """The row as mended cannot be taken either; `errors` says by column what is wrong."""

    kind = Kind.INVALID
    code = "refused_row.still_refused"
    detail = "还有不对的地方，请按提示修改。"
