"""Reports: frozen content in, the bytes of a file out; no database, no clock."""

from tracker.reports.assets import RenderAssets
from tracker.reports.clean import clean
from tracker.reports.data import ReportData
from tracker.reports.formats import FORMATS, Format, format_of

__all__ = ["FORMATS", "Format", "render"]

_PLAIN = RenderAssets()


def render(data: ReportData, format: str, material: RenderAssets = _PLAIN) -> bytes:  # noqa: A002  the command line's name
    """The report as a file of one of ``FORMATS``; the same data and material give the same bytes.

    Raises NotUnderstoodError for another format.
    """
    return format_of(format).render(clean(data), material)
