"""Pictures that hold more than a picture, or say that they are larger than any memory."""

import io
import zlib
from collections.abc import Iterator
from struct import pack
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.factories.files import jpeg, picture, png
from tests.security.hostile_files import CLEANED, PHP, SCRIPT, TOO_COMPLEX, UNREADABLE, Hostile

GPS, ORIENTATION, MAKER, CAMERA = 0x8825, 0x0112, 0x927C, 0x010F
HUANGSHI = {1: "N", 2: (30.0, 12.0, 7.5), 3: "E", 4: (115.0, 2.0, 19.5)}
# What gives a picture's origin away, in any of the forms in which it is noted.
NOTES = (
    b"cuckoo",
    b"Exif",
    b"GPS",
    b"http://ns.adobe.com",
    b"Photoshop",
    b"ICC_PROFILE",
    b"<script",
    b"<?php",
)


def with_notes() -> Iterator[Hostile]:
    for orientation in range(1, 9):
        exif = _exif({ORIENTATION: orientation})
        yield Hostile(f"jpeg with its position, turned {orientation}", jpeg(exif=exif), CLEANED, NOTES)
        yield Hostile(f"png with its position, turned {orientation}", png(exif=exif), CLEANED, NOTES)
    plain, profile = jpeg(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    segments = {
        "xmp": (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><exif:GPSLatitude>cuckoo"),
        "iptc": (0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x06cuckoo"),
        "adobe": (0xEE, b"Adobecuckoo"),
        "ducky": (0xEC, b"Duckycuckoo"),
        "a last application": (0xEF, b"cuckoo" * 900),
        "a comment": (0xFE, b"cuckoo"),
        "script in xmp": (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SCRIPT),
        "php in a comment": (0xFE, PHP),
        "a thumbnail": (0xE0, b"JFXX\0\x10" + b"cuckoo" * 100),
        "broken exif": (0xE1, b"Exif\0\0MM\0*\0\0\0\x08\xff\xffcuckoo"),
        "flashpix": (0xE2, b"FPXR\0cuckoo"),
    }
    for name, (marker, data) in segments.items():
        whole = plain[:2] + bytes((0xFF, marker)) + pack(">H", len(data) + 2) + data + plain[2:]
        yield Hostile(f"jpeg with {name}", whole, CLEANED, NOTES)
    yield Hostile("jpeg with a profile", jpeg(icc_profile=profile + b"cuckoo"), CLEANED, NOTES)
    yield Hostile(
        "jpeg with a maker's note",
        jpeg(exif=_exif({CAMERA: "cuckoo", 0x8769: {MAKER: b"cuckoo"}})),
        CLEANED,
        NOTES,
    )
    yield Hostile("jpeg of two pictures", _two_pictures(), CLEANED, NOTES)
    yield Hostile("jpeg with a tail", plain + b"cuckoo" * 9000, CLEANED, NOTES)
    yield Hostile("png with a profile", png(icc_profile=profile + b"cuckoo"), CLEANED, NOTES)
    yield Hostile("png with a tail", png() + b"cuckoo" * 9000, CLEANED, NOTES)
    yield Hostile("png that moves", _moving(), CLEANED, NOTES)
    for kind in ("tEXt", "zTXt", "iTXt"):
        yield Hostile(f"png with {kind}", png(pnginfo=_texts(kind, SCRIPT.decode())), CLEANED, NOTES)
    for kind in (b"prVt", b"sTER", b"caBX", b"dSIG", b"meTa"):
        yield Hostile(f"png with {kind.decode()}", _with_chunk(png(), kind, b"cuckoo"), CLEANED, NOTES)
    php_in_pixels = Image.frombytes("RGB", (len(PHP) // 3, 1), PHP[: len(PHP) // 3 * 3])
    file = io.BytesIO()
    php_in_pixels.save(file, "PNG", compress_level=0)
    yield Hostile("png whose pixels are php", file.getvalue(), CLEANED, NOTES)


def pixel_bombs() -> Iterator[Hostile]:
    for width, height in (
        *((65_500, 65_500), (20_000, 2_001), (2_001, 20_000), (1_000_000, 50), (50, 1_000_000)),
        *((2**31 - 1, 1), (2**31 - 1, 2**31 - 1), (100_000, 100_000)),
    ):
        sized = _png_of_size(width, height)
        yield Hostile(
            f"png that says {width} × {height}",
            sized,
            TOO_COMPLEX if width * height > 40_000_000 else CLEANED,
        )
    for width, height in ((65_500, 65_500), (65_535, 611), (611, 65_535), (10_000, 4_001), (30_000, 30_000)):
        yield Hostile(f"jpeg that says {width} × {height}", _jpeg_of_size(width, height), TOO_COMPLEX)
    yield Hostile("png that is a white field", png(mode="1", size=(9000, 9000)), TOO_COMPLEX)
    yield Hostile("jpeg that is a grey field", jpeg(mode="L", size=(9000, 5000)), TOO_COMPLEX)
    zeros = zlib.compress(bytes(200_000_000), 9)
    whole, end = png(), b"\0\0\0\0IEND"
    first = whole.index(b"IDAT") - 4
    yield Hostile(
        "png with endless pixels", whole[:first] + _chunk(b"IDAT", zeros) + _chunk(b"IEND", b""), CLEANED
    )
    for kind, head in ((b"zTXt", b"a\0\0"), (b"iTXt", b"a\0\1\0\0\0"), (b"iCCP", b"a\0\0")):
        bomb = _with_chunk(whole, kind, head + zeros)
        yield Hostile(f"png with a bomb in {kind.decode()}", bomb, UNREADABLE)
    many = b"".join(_chunk(b"tEXt", b"a\0cuckoo") for _ in range(50_000))
    yield Hostile("png with a crowd of texts", whole[:first] + many + whole[first:], CLEANED)
    scans = jpeg(progressive=True)
    assert end in whole
    last = scans.rindex(b"\xff\xda")
    yield Hostile("jpeg with a thousand scans", scans[:last] + scans[last:-2] * 1000 + scans[-2:], CLEANED)


def mutilated() -> Iterator[Hostile]:
    for name, whole in (("jpeg", jpeg(size=(600, 400), quality=95)), ("png", png(size=(600, 400)))):
        for percent in (5, 15, 30, 45, 60, 75, 90):
            yield Hostile(f"{name} cut at {percent} %", whole[: len(whole) * percent // 100], UNREADABLE)
    whole = png()
    body = whole.index(b"IDAT")
    yield Hostile("png with a wrong sum", whole[: body + 8] + b"\0\0\0" + whole[body + 11 :], UNREADABLE)
    yield Hostile("png without pixels", whole[: body - 4] + _chunk(b"IEND", b""), UNREADABLE)
    # The pixels are all there; what would come after them is not asked for.
    yield Hostile(
        "png with an endless chunk", whole[: body - 4] + b"\x7f\xff\xff\xff" + whole[body:], CLEANED
    )
    yield Hostile("jpeg 2000", picture("JPEG2000"), UNREADABLE)
    yield Hostile("two bytes of a jpeg", b"\xff\xd8", UNREADABLE)
    yield Hostile("png of no size", _png_of_size(0, 0), UNREADABLE)
    yield Hostile(
        "png with a wrong depth", whole.replace(b"\x08\x02\0\0\0", b"\x63\x63\0\0\0", 1), UNREADABLE
    )
    yield Hostile("jpeg that is only its beginning", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(50), UNREADABLE)
    yield Hostile("jpeg of no size", _jpeg_of_size(0, 0), UNREADABLE)
    yield Hostile("jpeg with a segment too long", b"\xff\xd8\xff\xfe\xff\xffcuckoo", UNREADABLE)


def _exif(entries: dict[int, Any]) -> Image.Exif:
    exif = Image.Exif()
    exif[GPS] = HUANGSHI
    for tag, value in entries.items():
        exif[tag] = value
    return exif


def _texts(kind: str, text: str) -> PngInfo:
    info = PngInfo()
    if kind == "iTXt":
        info.add_itxt("XML:com.adobe.xmp", text)
    else:
        info.add_text("Comment", text, zip=kind == "zTXt")
    return info


def _two_pictures() -> bytes:
    file = io.BytesIO()
    one, other = (Image.open(io.BytesIO(jpeg())) for _ in range(2))
    other.info["comment"] = b"cuckoo"
    one.save(file, "MPO", save_all=True, append_images=[other])
    return file.getvalue()


def _moving() -> bytes:
    file = io.BytesIO()
    one, other = (Image.open(io.BytesIO(picture("PNG"))) for _ in range(2))
    one.save(file, "PNG", save_all=True, append_images=[other], pnginfo=_texts("tEXt", "cuckoo"))
    return file.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def _with_chunk(whole: bytes, kind: bytes, data: bytes) -> bytes:
    first = whole.index(b"IDAT") - 4
    return whole[:first] + _chunk(kind, data) + whole[first:]


def _png_of_size(width: int, height: int) -> bytes:
    head = pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _jpeg_of_size(width: int, height: int) -> bytes:
    whole = jpeg()
    frame = whole.index(b"\xff\xc0") + 5
    return whole[:frame] + pack(">HH", height, width) + whole[frame + 4 :]
