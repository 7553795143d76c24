"""Reports: frozen content in, the bytes of a file out; no database, no clock."""

from collections.abc import Callable
from importlib import import_module

from tracker.errors import NotUnderstoodError
from tracker.reports.assets import RenderAssets
from tracker.reports.clean import clean
from tracker.reports.data import ReportData

FORMATS = ("docx", "pdf", "xlsx", "html", "json", "csv")


_PLAIN = RenderAssets()


def render(data: ReportData, format: str, material: RenderAssets = _PLAIN) -> bytes:  # noqa: A002  the command line's name
    """The report as a file of one of ``FORMATS``; the same data and material give the same bytes.

    Raises NotUnderstoodError for another format.
    """
    if format not in FORMATS:
        known = ", ".join(FORMATS)
        raise NotUnderstoodError(
            f'there is no report format "{format}"; choose from {known}',
            f"ไม่มีรายงานรูปแบบ “{format}” โปรดเลือกจาก {known}",
        )
    write: Callable[[ReportData, RenderAssets], bytes] = import_module(f"tracker.reports.as_{format}").render
    return write(clean(data), material)
