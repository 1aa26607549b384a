"""A picture that was sent becomes a small square one, or a sentence; nothing else comes through with it."""

import io
import struct
import zlib

import pytest
from PIL import Image

from lastlink_ui.accounts import pictures
from lastlink_ui.accounts.pictures import MAX_BYTES, SIDE, InvalidPicture, to_webp


def sent(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#7c3aed").save(made, kind, **options)  # pyright: ignore[reportArgumentType]
    return made.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of some kilobytes that claims to be a picture of 900 million pixels."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * 64))
    parts = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_photo_is_made_square_and_small(kind: str) -> None:
    made = Image.open(io.BytesIO(to_webp(sent(kind))))
    assert (made.format, made.size) == ("WEBP", (SIDE, SIDE))


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    told = Image.Exif()
    told[0x010F] = "Camera of Ana"
    told[0x8825] = {1: "S", 2: (23.0, 33.0, 1.0)}
    made = to_webp(sent(exif=told))
    assert b"Ana" in sent(exif=told)
    assert b"Ana" not in made
    assert not Image.open(io.BytesIO(made)).getexif()


def test_a_photo_taken_sideways_stands_upright() -> None:
    sideways = Image.new("RGB", (600, 600), "white")
    sideways.paste("black", (0, 0, 600, 300))
    told = Image.Exif()
    told[0x0112] = 6
    taken = io.BytesIO()
    sideways.save(taken, "JPEG", exif=told)
    made = Image.open(io.BytesIO(to_webp(taken.getvalue()))).convert("1")
    assert (made.getpixel((480, 256)), made.getpixel((30, 256))) == (0, 255)


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        sent()[:200],
        b"MZ" + bytes(500),
    ],
)
def test_what_is_no_photo_is_refused_in_a_sentence(junk: bytes) -> None:
    with pytest.raises(InvalidPicture, match=r"picture\.unreadable"):
        to_webp(junk)


def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    with pytest.raises(InvalidPicture, match=r"picture\.too_large"):
        to_webp(bytes(MAX_BYTES + 1))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(bomb()) < 10_000
    with pytest.raises(InvalidPicture, match=r"picture\.too_many_pixels"):
        to_webp(bomb())
    # A small one, which may be tried: with the cap off it is unpacked.
    assert len(bomb(7_000)) < 10_000
    with pytest.raises(InvalidPicture, match=r"picture\.too_many_pixels"):
        to_webp(bomb(7_000))
    monkeypatch.setattr(pictures, "MAX_PIXELS", 10**9)
    assert to_webp(bomb(7_000))
