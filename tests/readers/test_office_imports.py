"""Plans that LibreOffice and we ourselves write, read again: OpenDocument, Word and Excel 97, PDF."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.readers.conftest import program
from tests.unit.plan_import import test_import_documents  # noqa: F401  (it registers documents)
from tests.unit.plan_import.import_files import as_docx, as_xlsx, row
from tests.unit.plan_import.plan_documents import DOCUMENTS
from tracker.plan_draft import DraftPlan
from tracker.plan_import import read_plan

ROWS = [
    row("๑. เปิดเผยข้อมูล", "๑. รวบรวมข้อมูล\n๒. เผยแพร่บนเว็บไซต์", "สำนักปลัด\nกองคลัง", "ตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖", "", ""),
    row("๒. ป้องกันการทุจริต", "๑. ประเมินความเสี่ยง", "งานนิติการ", "ไตรมาส ๒", "", ""),
]
DIFFERS = {"arrows_and_ticks_under_months_that_no_word_for_time_heads"}
"""LibreOffice shows the years of a header over other columns where a file does not say how wide its columns are."""


def told(plan: DraftPlan) -> list[object]:
    """What was understood; LibreOffice writes digits that Word's lists count in Thai in Arabic."""
    thai = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
    return [
        (
            one.number,
            one.title,
            [(step.number, step.text.translate(thai)) for step in one.steps],
            one.responsible,
            (one.period.start, one.period.end, one.period.checkpoints),
            one.summary,
            one.outcome,
        )
        for one in plan.measures
    ]


def converted(files: Sequence[Path], kind: str, into: Path) -> None:
    subprocess.run(
        [
            program("soffice", "libreoffice-writer-nogui libreoffice-calc-nogui"),
            f"-env:UserInstallation={(into / 'profile').as_uri()}",
            "--headless", "--convert-to", kind, "--outdir", into, *files,
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our corpus in Word and Excel, and what LibreOffice makes of it."""
    folder = tmp_path_factory.mktemp("office")
    for name, (build, _) in DOCUMENTS.items():
        stem, _, file = name.partition("/")
        if file.endswith((".docx", ".xlsx")):
            (folder / f"{stem}{Path(file).suffix}").write_bytes(build())
    (folder / "own.docx").write_bytes(as_docx(ROWS))
    (folder / "own.xlsx").write_bytes(as_xlsx(ROWS))
    converted(sorted(folder.glob("*.docx")), "odt", folder)
    converted(sorted(folder.glob("*.xlsx")), "ods", folder)
    converted([folder / "own.odt"], "doc", folder)
    converted([folder / "own.xlsx"], "xls", folder)
    return folder


@pytest.mark.timeout(600)
def test_open_document_says_what_word_and_excel_say(office: Path) -> None:
    wrong = []
    for file in [*sorted(office.glob("*.odt")), *sorted(office.glob("*.ods"))]:
        source = file.with_suffix(".docx" if file.suffix == ".odt" else ".xlsx")
        plans = [read_plan(one.read_bytes(), one.name, 2566) for one in (source, file)]
        if told(plans[0]) != told(plans[1]):
            wrong.append(file.stem)
    assert set(wrong) <= DIFFERS
    assert len(list(office.glob("*.od?"))) > 10


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("kind", "source"), [("doc", "docx"), ("xls", "xlsx")])
def test_files_of_old_office_programs_are_converted_and_read(office: Path, kind: str, source: str) -> None:
    plans = [read_plan((office / f"own.{one}").read_bytes(), f"own.{one}", 2566) for one in (source, kind)]
    assert told(plans[0]) == told(plans[1])
    assert len(plans[0].measures) == len(ROWS)


def test_our_own_reports_are_read_from_pdf_as_from_word(written: Path) -> None:
    for file in sorted(written.glob("*.pdf")):
        if file.stem.startswith(("annex", "names")):
            continue
        word, pdf = (
            read_plan(file.with_suffix(f".{kind}").read_bytes(), f"x.{kind}", 2566) for kind in ("docx", "pdf")
        )
        assert [one.number for one in pdf.measures] == [one.number for one in word.measures], file.stem
        for one, other in zip(word.measures, pdf.measures, strict=True):
            assert (one.period.start, one.period.end, one.period.checkpoints) == (
                other.period.start, other.period.end, other.period.checkpoints,
            )  # fmt: skip
            assert one.responsible.parties == other.responsible.parties
            assert [step.text.replace(" ", "") for step in one.steps] == [
                step.text.replace(" ", "") for step in other.steps
            ]
