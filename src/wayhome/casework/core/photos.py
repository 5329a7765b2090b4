"""A picture of a child that tells nothing but what is to be seen.

A picture from a telephone says where and when it was taken and by whose device; saving it again keeps some of that. So its
pixels alone are taken over into a new picture.
"""

from __future__ import annotations

import io

from PIL import Image

from wayhome.casework.core.errors import Invalid

MOST_BYTES = 10_000_000
MOST_PIXELS = 50_000_000
"""Opened, a picture takes three bytes a pixel: a small file may claim to be large enough to fill the memory."""
LONGEST_SIDE = 1024
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def clean_photo(data: bytes) -> bytes:
    """A JPEG of the same pixels, upright, at most `LONGEST_SIDE` long.

    Raises
    ------
    Invalid
        photo: "required", "too_large", "too_many_pixels" or "not_an_image".
    """
    if not data:
        raise Invalid({"photo": "required"})
    if len(data) > MOST_BYTES:
        raise Invalid({"photo": "too_large"})
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid({"photo": "too_many_pixels"})
            turn = _TURNS.get(_orientation(picture))
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            opaque = _opaque(picture)
            opaque.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid({"photo": "too_many_pixels"}) from error
    except Exception as error:  # a decoder that was fed nonsense may raise anything
        raise Invalid({"photo": "not_an_image"}) from error
    bare = Image.frombytes("RGB", opaque.size, opaque.tobytes())
    upright = bare if turn is None else bare.transpose(turn)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _orientation(picture: Image.Image) -> int:
    """How the camera was held; upright where that cannot be read. A broken note about a picture is no reason to refuse it."""
    try:
        value = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # whatever a parser does with nonsense
        return 1
    return value if isinstance(value, int) else 1


def _opaque(picture: Image.Image) -> Image.Image:
    """In plain colours, on white where it is transparent."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")
