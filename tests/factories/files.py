"""Files as people upload them, small and sound; hostile ones are made of these."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = (120, 80), **options: Any) -> bytes:
    """A gradient, so that a picture cut off in the middle lacks something."""
    drawn = Image.linear_gradient("L").resize(size).convert(mode)
    file = BytesIO()
    drawn.save(file, form, **options)
    return file.getvalue()


def jpeg(**options: Any) -> bytes:
    return picture("JPEG", **options)


def png(**options: Any) -> bytes:
    return picture("PNG", **options)


def pdf(
    more: Mapping[int, bytes] | None = None,
    *,
    root: bytes = b"",
    page: bytes = b"",
    trailer: bytes = b"",
    comment: bytes = b"",
) -> bytes:
    """A PDF of one page: further objects or other ones by number, entries for catalogue, page and trailer."""
    objects = {1: CATALOG, 2: PAGES, 3: PAGE} | dict(more or {})
    objects[1] = objects[1].replace(b"/Type /Catalog", b"/Type /Catalog " + root, 1)
    objects[3] = objects[3].replace(b"/Type /Page ", b"/Type /Page " + page + b" ", 1)
    out, places = b"%PDF-1.7\n" + comment, {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = max(objects) + 1
    lines = [
        b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
        for number in range(size)
    ]
    head = b"xref\n0 %d\n%s" % (size, b"".join(lines))
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(out))
    return out + head + end


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def archive(files: Mapping[str, bytes], **options: Any) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def form(file: bytes | str, name: str = "a.jpg", **fields: str) -> dict[str, Any]:
    """The body of an upload, under a name and type that promise what they like; a text stands for no file."""
    sent = FileStorage(BytesIO(file), name, content_type="image/jpeg") if isinstance(file, bytes) else file
    boundary, body = encode_multipart({**fields, "file": sent})
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
