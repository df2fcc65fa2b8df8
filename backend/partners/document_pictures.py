"""Pictures are drawn anew from their pixels, so that nothing else that was in the file is kept."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from backend.partners.document_verdicts import Refused, Verdict

MOST_PIXELS = 40_000_000
# A page of A4 at 300 dots per inch has 3508.
LONGEST_SIDE = 4000
QUALITY = 88


def redraw(content: bytes) -> bytes:
    """The picture as JPEG, the right way up: without position, camera, comments, profile or anything
    behind its end. PNG becomes JPEG too, since a PNG's bytes can be chosen so that they survive."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        # Raised by the declared size, before a pixel is unpacked.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Refused(Verdict.TOO_COMPLEX) from None
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
    bare = _on_white(upright)
    drawn = BytesIO()
    bare.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """A new picture, which takes none of the old one's notes along."""
    if picture.mode.startswith("I"):
        # 16 bits a pixel, of which a JPEG has 8.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    has_holes = picture.has_transparency_data
    picture = picture.convert("RGBA" if has_holes else "RGB")
    bare = Image.new("RGB", picture.size, "white")
    bare.paste(picture, mask=picture.getchannel("A") if has_holes else None)
    return bare
