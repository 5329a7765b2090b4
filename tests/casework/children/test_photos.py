"""Nothing but the pixels of a picture is kept, whatever a camera or an attacker put beside them."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from factories.world import World
from wayhome.casework.children import actions, queries
from wayhome.casework.core.errors import Invalid, NotAllowed
from wayhome.casework.core.photos import FORMATS, LONGEST_SIDE, MOST_BYTES, clean_photo

SECRET = b"21.54N-107.97E-SN4711"


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **told: object) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **told)  # type: ignore[arg-type]
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = SECRET.decode()
    notes.get_ifd(0x8769)[0x927C] = SECRET
    notes.get_ifd(0x8825).update({1: "N", 2: (21.0, 32.0, 24.0), 29: "2011:07:15"})
    return notes


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=["JPEG"])


def bare(data: bytes) -> bool:
    """Whether a JPEG has no segment but those that its pixels need."""
    at, seen = 2, []
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        seen.append(data[at + 1])
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    # APP0 (JFIF), tables, frame: no APP1 (Exif, XMP), APP2 (profile), APP13 (IPTC), COM.
    return set(seen) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4} and not data.partition(b"\xff\xd9")[2]


def test_what_a_camera_notes_is_gone() -> None:
    dirty = picture(exif=exif(), comment=SECRET, icc_profile=SECRET, xmp=SECRET) + SECRET
    assert dirty.count(SECRET) >= 5
    assert not bare(dirty)
    clean = clean_photo(dirty)
    assert SECRET not in clean
    assert bare(clean)
    assert not opened(clean).getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_come_out_as_bare_jpeg(kind: str) -> None:
    told: dict[str, object] = {"exif": exif()}
    if kind == "PNG":
        notes = PngInfo()
        notes.add_text("Comment", SECRET.decode())
        told["pnginfo"] = notes
    dirty = picture(kind, **told)
    assert SECRET in dirty
    clean = clean_photo(dirty)
    assert bare(clean)
    assert SECRET not in clean


@pytest.mark.parametrize(
    ("orientation", "left_is_red", "size"),
    [(1, True, (60, 40)), (3, False, (60, 40)), (6, True, (40, 60)), (8, True, (40, 60))],
)
def test_the_picture_stands_upright(orientation: int, left_is_red: bool, size: tuple[int, int]) -> None:
    upright = opened(clean_photo(picture(exif=exif(orientation))))
    assert upright.size == size
    # Turned by 90 degrees, left and right become top and bottom.
    corner = {1: (5, 5), 3: (5, 5), 6: (5, 5), 8: (5, 55)}[orientation]
    red, _, blue = upright.getpixel(corner)  # type: ignore[misc]
    assert (red > blue) is left_is_red


def test_large_pictures_are_made_smaller_and_small_ones_left() -> None:
    assert opened(clean_photo(picture(size=(3000, 1500)))).size == (LONGEST_SIDE, 512)
    assert opened(clean_photo(picture(size=(30, 3000), kind="PNG"))).size == (10, LONGEST_SIDE)
    assert opened(clean_photo(picture(size=(16, 9)))).size == (16, 9)


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(clean_photo(picture(kind, mode=mode))).mode == "RGB"


def test_what_is_transparent_is_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert min(opened(clean_photo(out.getvalue())).getpixel((10, 10))) > 250  # type: ignore[type-var]


def bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "required"),
        (b"\xff" * (MOST_BYTES + 1), "too_large"),
        (b"no picture", "not_an_image"),
        (picture()[:200], "not_an_image"),
        (picture("GIF"), "not_an_image"),
        (picture("TIFF"), "not_an_image"),
        (bomb(8000, 8000), "too_many_pixels"),
        (bomb(12_000, 10_000), "too_many_pixels"),
        (bomb(60_000, 60_000), "too_many_pixels"),
        (bomb(100, 100)[:60], "not_an_image"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_picture(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_photo(data)
    assert refused.value.fields == {"photo": code}


@given(st.binary(max_size=400), st.binary(max_size=200))
def test_arbitrary_notes_never_come_through_nor_refuse_the_picture(notes: bytes, comment: bytes) -> None:
    dirty = picture(exif=b"Exif\0\0" + notes, comment=comment)
    clean = clean_photo(dirty)
    assert bare(clean)
    assert sorted(opened(clean).size) == [40, 60]


tags = st.dictionaries(
    st.sampled_from([0x0112, 0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298]),
    st.one_of(st.integers(0, 60_000), st.text(max_size=30)),
    max_size=5,
)


@given(tags, st.sampled_from(FORMATS))
def test_well_formed_notes_of_any_kind_are_gone(values: dict[int, object], kind: str) -> None:
    notes = Image.Exif()
    for tag, value in values.items():
        notes[tag] = value
    try:
        packed = notes.tobytes()
    except (struct.error, UnicodeError, TypeError, ValueError):
        return
    clean = clean_photo(picture(kind, exif=packed))
    assert bare(clean)
    assert not opened(clean).getexif()


@given(st.data())
def test_a_broken_picture_is_cleaned_or_refused_and_nothing_else(data: st.DataObject) -> None:
    broken = bytearray(picture(data.draw(st.sampled_from(FORMATS)), exif=exif(6)))
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        clean = clean_photo(bytes(broken))
    except Invalid:
        return
    assert bare(clean)


def test_the_last_picture_is_the_childs(world: World) -> None:
    child = world.child()
    assert queries.photo(child) is None
    actions.add_photo(child=child, data=picture(), by=world.actor("officer"), at=world.now())
    last = actions.add_photo(child=child, data=picture(exif=exif(6)), by=world.actor("nurse"), at=world.now())
    kept = queries.photo(child)
    assert kept == last
    assert bare(bytes(kept.jpeg))
    assert hashlib.sha256(bytes(kept.jpeg)).hexdigest() == kept.sha256
    with pytest.raises(NotAllowed):
        actions.add_photo(child=child, data=picture(), by=world.actor("analyst"), at=world.now())
