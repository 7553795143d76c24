"""The floor of a report: an empty document through the same library, which is loaded only when it is asked for."""

from io import BytesIO


def docx() -> None:
    from docx import Document  # noqa: PLC0415  (each library's memory is measured without the others)

    Document().save(BytesIO())


def xlsx() -> None:
    from openpyxl import Workbook  # noqa: PLC0415

    Workbook().save(BytesIO())


def pdf() -> None:
    import typst  # noqa: PLC0415

    typst.compile(b" ", format="pdf", font_paths=typst.Fonts(include_system_fonts=False))


FLOORS = {"docx": docx, "pdf": pdf, "xlsx": xlsx}
