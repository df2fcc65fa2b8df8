"""Workbooks handed out to be saved."""

from typing import Any

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What the interface's description says of such an answer.
WORKBOOK: dict[int, Any] = {
    200: {"description": "A workbook", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


def workbook_to_save(content: bytes, name: str) -> Response:
    """`name` is without its ending."""
    answer = Response(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
