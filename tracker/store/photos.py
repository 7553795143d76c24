"""Photos: bytes in, bytes out. Judged by their content, upright, no larger than the report needs, without metadata.

What a phone writes into a photo (where it was taken, when, by which device) stays out of the record: only the picture
itself is drawn anew. A photo is decoded one at a time, so that several large ones do not fill the memory together.
"""

from io import BytesIO
from threading import Lock

from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from tracker.errors import NotUnderstoodError

register_heif_opener(thumbnails=False)

LARGEST_SIDE = 2_048
"""Pixels of the longer side of a photo that is kept."""
THUMBNAIL_SIDE = 320
MOST_PIXELS = 64_000_000
"""A larger picture is not decoded: a small file may unpack into more memory than the server has."""
PRINTED_SIDE = 1_400
"""12 cm at 300 dots an inch: as sharp as half a page of paper shows."""
SHOWN_SIDE = 640
MEDIA_TYPE = "image/jpeg"
READ = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF")

_QUALITY = 85
_GAP = 3.0
"""How much larger than asked for a JPEG is decoded before it is shrunk: the sharper, the slower."""
_one_at_a_time = Lock()


def cleaned(data: bytes) -> bytes:
    """The photo as an upright JPEG in sRGB, at most ``LARGEST_SIDE`` long, with nothing but the picture in it.

    Raises NotUnderstoodError, without naming the file, for what is no photo, is damaged or has too many pixels.
    """
    return _drawn_anew(data, LARGEST_SIDE)


def thumbnail(data: bytes) -> bytes:
    """The photo as a small JPEG of at most ``THUMBNAIL_SIDE``; raises what ``cleaned`` raises."""
    return _drawn_anew(data, THUMBNAIL_SIDE)


def printed(data: bytes) -> bytes:
    """The photo as a JPEG for a page of paper, at most ``PRINTED_SIDE`` long; raises what ``cleaned`` raises."""
    return _drawn_anew(data, PRINTED_SIDE)


def shown(data: bytes) -> bytes:
    """The photo as a JPEG for a page on a screen, at most ``SHOWN_SIDE`` long; raises what ``cleaned`` raises."""
    return _drawn_anew(data, SHOWN_SIDE)


def size(jpeg: bytes) -> tuple[int, int]:
    """Width and height in pixels of what this module drew."""
    with Image.open(BytesIO(jpeg), formats=("JPEG",)) as opened:
        return opened.size


def _drawn_anew(data: bytes, side: int) -> bytes:
    with _one_at_a_time:
        try:
            with Image.open(BytesIO(data), formats=READ) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _too_many_pixels()
                return _jpeg(_upright(opened, side))
        except NotUnderstoodError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _too_many_pixels() from None
        except Exception:
            raise NotUnderstoodError(
                "The photo is damaged; take or choose it again.", "รูปนี้เสียหาย เปิดไม่ได้ กรุณาถ่ายหรือเลือกรูปใหม่"
            ) from None


def _upright(opened: Image.Image, side: int) -> Image.Image:
    picture = opened if opened.mode in ("RGB", "L", "CMYK") else opened.convert("RGBA")
    picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=_GAP)
    profile = opened.info.get("icc_profile")
    picture = _turned(picture)
    if picture.mode == "RGBA":
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    return _in_srgb(picture, profile).convert("RGB")


def _turned(picture: Image.Image) -> Image.Image:
    """As the camera was held; a broken note of that is no reason to refuse the picture."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as every screen shows them, since the profile goes with the metadata."""
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return converted or picture


def _jpeg(picture: Image.Image) -> bytes:
    plain = Image.new("RGB", picture.size)
    plain.paste(picture)
    buffer = BytesIO()
    plain.save(buffer, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return buffer.getvalue()


def _too_many_pixels() -> NotUnderstoodError:
    most = MOST_PIXELS // 1_000_000
    return NotUnderstoodError(
        f"The photo has more than {most} million pixels; take or choose a smaller one.",
        f"รูปนี้มีมากกว่า {most} ล้านพิกเซล กรุณาถ่ายหรือเลือกรูปที่เล็กลง",
    )
