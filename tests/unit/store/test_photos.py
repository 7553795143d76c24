"""Photos: upright, shrunk, bare of metadata, whatever a phone makes; bombs and broken files are refused in words."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from tracker.errors import NotUnderstoodError
from tracker.store.photos import LARGEST_SIDE, MOST_PIXELS, THUMBNAIL_SIDE, cleaned, thumbnail

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F
LATITUDE = {1: "N", 2: (13.0, 44.0, 55.5), 3: "E", 4: (100.0, 31.0, 4.5)}


def taken(kind: str, size: tuple[int, int] = (60, 40), *, orientation: int = 1, mode: str = "RGB") -> bytes:
    """A photo as a phone writes it, red at its left edge, with the place where it was taken."""
    picture = Image.new(mode, size, "white")
    picture.paste("red" if mode != "L" else 90, (0, 0, size[0] // 3, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "SecretPhone"
    exif.get_ifd(GPS).update(LATITUDE)
    buffer = io.BytesIO()
    picture.save(buffer, kind, exif=exif)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_but_the_picture_is_left(kind: str) -> None:
    data = taken(kind)
    assert b"SecretPhone" in data
    kept = cleaned(data)
    picture = opened(kept)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (60, 40))
    assert b"SecretPhone" not in kept
    assert b"Exif" not in kept
    assert dict(picture.getexif()) == {}
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


def test_comments_and_profiles_go_and_the_colours_stay() -> None:
    buffer = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (60, 40), (200, 30, 40)).save(buffer, "JPEG", comment=b"at home", icc_profile=profile, quality=95)
    kept = cleaned(buffer.getvalue())
    assert b"at home" not in kept
    assert "icc_profile" not in opened(kept).info
    colour = opened(kept).getpixel((30, 20))
    assert isinstance(colour, tuple)
    assert all(abs(now - then) < 8 for now, then in zip(colour, (200, 30, 40), strict=True))


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (60, 40), (2, 20)), (3, (60, 40), (57, 20)), (6, (40, 60), (20, 2)), (8, (40, 60), (20, 57))],
)
def test_a_photo_stands_as_the_camera_was_held(orientation: int, size: tuple[int, int], red: tuple[int, int]) -> None:
    picture = opened(cleaned(taken("JPEG", orientation=orientation)))
    assert picture.size == size
    pixel = picture.getpixel(red)
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[1] < 100


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_large_photo_is_shrunk_and_a_small_one_is_not_blown_up(kind: str) -> None:
    assert opened(cleaned(taken(kind, (3000, 1000)))).size == (LARGEST_SIDE, 683)
    assert opened(cleaned(taken(kind, (30, 10)))).size == (30, 10)
    assert max(opened(thumbnail(taken(kind, (3000, 1000)))).size) == THUMBNAIL_SIDE


def test_what_a_camera_makes_becomes_small() -> None:
    noisy = Image.effect_noise((4000, 3000), 60).convert("RGB")
    buffer = io.BytesIO()
    noisy.save(buffer, "JPEG", quality=95)
    assert len(buffer.getvalue()) > 4_000_000
    assert len(cleaned(buffer.getvalue())) < 1_500_000


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "RGBA", "LA", "1", "I;16"])
def test_every_kind_of_pixel_is_drawn(mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (30, 20)).save(buffer, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(cleaned(buffer.getvalue())).size == (30, 20)


def test_what_is_see_through_stands_on_white() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(buffer, "PNG")
    assert opened(cleaned(buffer.getvalue())).getpixel((3, 3)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8_001, 8_000), (12_000, 12_000), (60_000, 60_000)])
def test_a_small_file_that_unpacks_into_a_huge_picture_is_refused(size: tuple[int, int]) -> None:
    assert size[0] * size[1] > MOST_PIXELS
    with pytest.raises(NotUnderstoodError, match="64 million pixels") as raised:
        cleaned(bomb(*size))
    assert "64 ล้านพิกเซล" in raised.value.sentence_th


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF", "WEBP"])
def test_a_broken_photo_is_refused_in_words(kind: str) -> None:
    with pytest.raises(NotUnderstoodError) as raised:
        cleaned(taken(kind, (600, 400))[:200])
    assert "เสียหาย" in raised.value.sentence_th


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 500), st.binary(max_size=40))
def test_hostile_bytes_end_in_a_picture_or_in_a_sentence(kind: str, place: int, bytes_: bytes) -> None:
    data = taken(kind)
    try:
        kept = cleaned(data[:place] + bytes_ + data[place + len(bytes_) :])
    except NotUnderstoodError:
        return
    assert kept[:3] == b"\xff\xd8\xff"


def test_a_broken_note_of_how_the_camera_was_held_is_no_reason_to_refuse() -> None:
    data = taken("JPEG")
    place = data.index(b"Exif\0\0") + 6
    assert opened(cleaned(data[:place] + b"\xff" * 30 + data[place + 30 :])).size == (60, 40)
