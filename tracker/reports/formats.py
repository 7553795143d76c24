"""The formats of a report, one record each: who names, offers, writes, sends or describes a file asks here."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, cast

from tracker.errors import NotUnderstoodError
from tracker.reports.assets import RenderAssets
from tracker.reports.data import ReportData

Render = Callable[[ReportData, RenderAssets], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file in which a report is written.

    ``name`` is the word of addresses, commands and ``report_file.format`` (at most eight letters) and, after a point,
    the end of file names; ``label`` is what people read. ``offered_first`` says for whom it leads the others: officials
    go on writing in it, readers open it. ``in_place``: a browser may show it where it was found. ``from_template``: the
    agency's own Word template goes into it. ``by_schema``: it follows the schema of ``open_data``.
    """

    name: str
    media_type: str
    render: Render
    text: bool = False
    offered_first: Literal["officials", "readers"] | None = None
    in_place: bool = False
    from_template: bool = False
    by_schema: bool = False

    @property
    def label(self) -> str:
        return self.name.upper()

    @property
    def suffix(self) -> str:
        return f".{self.name}"

    @property
    def content_type(self) -> str:
        """The media type as it is sent: text says that it is UTF-8."""
        return f"{self.media_type}; charset=utf-8" if self.text else self.media_type


def _by(module: str) -> Render:
    """What the module writes; it is loaded when it is first asked to, for typst and openpyxl take their time."""

    def render(data: ReportData, assets: RenderAssets) -> bytes:
        return cast(Render, import_module(f"tracker.reports.{module}").render)(data, assets)

    return render


_OFFICE = "application/vnd.openxmlformats-officedocument"

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "docx",
            f"{_OFFICE}.wordprocessingml.document",
            _by("as_docx"),
            offered_first="officials",
            from_template=True,
        ),
        Format("pdf", "application/pdf", _by("as_pdf"), offered_first="readers", in_place=True),
        Format("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _by("as_xlsx")),
        Format("html", "text/html", _by("as_html"), text=True, in_place=True),
        Format("json", "application/json", _by("as_json"), by_schema=True),
        Format("csv", "text/csv", _by("as_csv"), text=True),
    )
}
"""Every format by its name, in the order in which people see them."""


def format_of(name: str) -> Format:
    """The format of that name; NotUnderstoodError where there is none."""
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        raise NotUnderstoodError(
            f'there is no report format "{name}"; choose from {known}',
            f"ไม่มีรายงานรูปแบบ “{name}” โปรดเลือกจาก {known}",
        )
    return FORMATS[name]


def offered_first(to: Literal["officials", "readers"]) -> Format:
    """The format that leads the others."""
    return next(one for one in FORMATS.values() if one.offered_first == to)
