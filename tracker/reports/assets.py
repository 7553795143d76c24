"""What a report is written with beside its content: photos by their hash, the agency's own Word template."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote, urlsplit, urlunsplit

import segno

from tracker.errors import NotUnderstoodError
from tracker.reports.annex import LONG_ADDRESS, Exhibit, exhibits
from tracker.reports.data import ReportData
from tracker.store import photos

_SAFE = "/:?#[]@!$&'()*+,;=%~"
"""What an address may hold as it is."""
Files = Callable[[str], bytes | None]
"""An evidence file's bytes by its SHA-256; None where it is gone."""


def no_files(_sha256: str) -> bytes | None:
    """No file is at hand: the annex names photos without showing them."""
    return None


@dataclass(frozen=True, slots=True)
class RenderAssets:
    """The same content with the same material gives the same bytes."""

    file: Files = no_files
    template: bytes | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of the annex as it is printed: a small JPEG with its size in pixels."""

    exhibit: Exhibit
    jpeg: bytes
    width: int
    height: int

    def width_within(self, width: float, height: float) -> float:
        """The width at which the photo fills a box of that width and height, in the same unit."""
        return min(width, height * self.width / self.height)


def printed_photos(
    data: ReportData, material: RenderAssets, drawn: Callable[[bytes], bytes] = photos.printed
) -> Iterator[Photo]:
    """The photos of the annex in order, drawn one at a time; what is gone or damaged is left out."""
    for exhibit in exhibits(data):
        content = material.file(exhibit.evidence.sha256 or "") if exhibit.is_photo else None
        if content is None:
            continue
        try:
            jpeg = drawn(content)
        except NotUnderstoodError:
            continue
        yield Photo(exhibit, jpeg, *photos.size(jpeg))


def photo_pairs(data: ReportData, material: RenderAssets) -> Iterator[list[Photo]]:
    """The photos two by two, as they lie on a page; the last may be alone."""
    found = printed_photos(data, material)
    while pair := list(islice(found, 2)):
        yield pair


def qr_svg(address: str) -> str:
    """The address as a QR code in SVG, without style: what a page's policy allows."""
    out = io.BytesIO()
    _qr(address).save(out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, scale=1)
    return out.getvalue().decode()


def qr_png(address: str) -> bytes:
    """The address as a QR code in PNG, for formats that take no vectors."""
    out = io.BytesIO()
    _qr(address).save(out, kind="png", scale=4)
    return out.getvalue()


def in_ascii(address: str) -> str:
    """The address with its host in punycode and the rest in percent codes, as every telephone opens it."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return quote(address, safe=_SAFE)
    rest = (quote(part, safe=_SAFE) for part in (parts.path, parts.query, parts.fragment))
    user = parts.netloc.rpartition("@")[0]
    return urlunsplit((parts.scheme, f"{quote(user, safe=_SAFE)}@{host}{port}" if user else host + port, *rest))


def _qr(address: str) -> segno.QRCode:
    text = in_ascii(address)
    return segno.make_qr(text, error="l" if len(text) >= LONG_ADDRESS else "m")
