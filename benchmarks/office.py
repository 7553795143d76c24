"""The same content by other programs: a plain python-docx table, and LibreOffice making its PDF of our DOCX."""

import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from time import perf_counter

from tracker.reports import wording
from tracker.reports.data import ReportData
from tracker.reports.table import cell_text, measure_rows


def plain_docx(report: ReportData) -> None:
    """The table's texts through python-docx's own functions, without fonts, cover or page numbers."""
    from docx import Document  # noqa: PLC0415  (its memory is measured without the others)

    rows = [row for measure in report.measures for row in measure_rows(measure, report)]
    document = Document()
    table = document.add_table(0, len(wording.HEADINGS))
    for texts in (wording.HEADINGS, *([cell_text(cell, soft_break="\n") for cell in row] for row in rows)):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    document.save(BytesIO())


def has_office() -> bool:
    """Whether LibreOffice is on this machine."""
    return shutil.which("soffice") is not None


def office_pdf(docx: bytes, folder: Path) -> tuple[float, float]:
    """Seconds, and the most megabytes that its process held, for LibreOffice from start to PDF; a warm profile."""
    source = folder / "report.docx"
    source.write_bytes(docx)
    command = [
        "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", str(folder), str(source),
    ]  # fmt: skip
    if not (folder / "profile").exists():
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    begun = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
    return perf_counter() - begun, peak


def _resident(session: int) -> float:
    """The memory of the largest process of a session: soffice is a script that starts the real one."""
    largest = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getsid(int(status.parent.name)) != session:
                continue
            lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            continue
        held = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
        largest = max(largest, int(held.split()[1]) / 1024)
    return largest
