"""Refusals of uploaded documents."""

from typing import Any

from backend.core.errors import DomainError, Kind
from backend.partners.document_verdicts import Verdict


class RefusedFile(DomainError):
    """What is wrong with a file is told at its field."""

    kind = Kind.INVALID

    def __init__(self, **data: Any) -> None:
        super().__init__(errors={"file": [self.detail]}, **data)


class DocumentWrongType(RefusedFile):
    """The file is no JPEG, PNG or PDF, whatever its name says."""

    code = "document.wrong_type"
    detail = "只能上传 JPG、PNG 图片或 PDF 文件。"


class DocumentTooLarge(RefusedFile):
    """The file is larger than one may be."""

    code = "document.too_large"
    detail = "文件不能超过 10 MB，请压缩后再上传。"


class DocumentUnreadable(RefusedFile):
    """The file is broken or cut off."""

    code = "document.unreadable"
    detail = "文件打不开，可能已经损坏，请重新保存后再上传。"


class DocumentTooComplex(RefusedFile):
    """The file has too many pages, pixels or parts, or takes too long to look through."""

    code = "document.too_complex"
    detail = "文件页数太多或图片太大，请减少页数、缩小图片后再上传。"


class DocumentLocked(RefusedFile):
    """The PDF is encrypted."""

    code = "document.locked"
    detail = "这个 PDF 设有密码，请取消密码后再上传。"


class DocumentActive(RefusedFile):
    """The PDF does something by itself, or carries other files."""

    code = "document.active"
    detail = "这个 PDF 里有脚本、附件或自动动作，请把它打印成新的 PDF 后再上传。"


class DocumentSmuggles(RefusedFile):
    """The PDF is something else besides, such as an archive or a web page."""

    code = "document.smuggles"
    detail = "这个 PDF 里夹带了其他内容，请把它打印成新的 PDF 后再上传。"


class DocumentNotAskedFor(DomainError):
    """The requirements ask for no such document at the application."""

    kind = Kind.INVALID
    code = "document.not_asked_for"
    detail = "没有要求上传这一项材料。"


class TooManyDocuments(DomainError):
    """The application holds as many documents, or as many bytes, as it may."""

    kind = Kind.CONFLICT
    code = "document.too_many"
    detail = "上传的文件太多或太大，请先删除不需要的。"


BY_VERDICT: dict[Verdict, type[RefusedFile]] = {
    Verdict.WRONG_TYPE: DocumentWrongType,
    Verdict.UNREADABLE: DocumentUnreadable,
    Verdict.TOO_COMPLEX: DocumentTooComplex,
    Verdict.LOCKED: DocumentLocked,
    Verdict.ACTIVE: DocumentActive,
    Verdict.SMUGGLED: DocumentSmuggles,
}
