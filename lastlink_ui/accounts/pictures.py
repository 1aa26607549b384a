"""A picture that somebody sent, made into one that can be shown: small, square, and nothing but a picture."""

import hashlib
import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from lastlink_ui.core.errors import InvalidInput

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""More than any camera makes; a small file may claim to hold far more, and would fill the memory."""
SIDE = 512
_QUALITY = 82
# By what the file begins with, not by what it is called. No SVG: it may hold script.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class InvalidPicture(InvalidInput):
    """It cannot be used; the sentence says why."""


def to_webp(sent: bytes) -> bytes:
    """`sent` as a square WebP of 512 pixels, without place, camera or anything else that it told of.

    Takes tenths of a second: not for the event loop. Raises: InvalidPicture.
    """
    if len(sent) > MAX_BYTES:
        raise InvalidPicture("picture.too_large")
    try:
        with warnings.catch_warnings():
            # Its size is looked at here, before a pixel of it is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(sent), formats=_FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise InvalidPicture("picture.too_many_pixels")
            # A photo is unpacked no larger than it is needed.
            picture.draft(None, (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(picture) or picture
            square = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE))
    except Image.DecompressionBombError:
        raise InvalidPicture("picture.too_many_pixels") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise InvalidPicture("picture.unreadable") from None
    on_white = Image.new("RGB", square.size, "white")
    on_white.paste(square, mask=square.getchannel("A"))
    made = io.BytesIO()
    on_white.save(made, "WEBP", quality=_QUALITY)
    return made.getvalue()


def to_jpeg(webp: bytes) -> bytes:
    """The same picture for programs that show links and know no WebP."""
    made = io.BytesIO()
    Image.open(io.BytesIO(webp), formats=("WEBP",)).convert("RGB").save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


def picture_id(webp: bytes) -> str:
    """What the picture is called: the same bytes have the same name, everywhere."""
    return hashlib.sha256(webp).hexdigest()[:32]
