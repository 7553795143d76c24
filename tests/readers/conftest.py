"""The seed's and the sample's reports of both rounds, and the programs that open them: LibreOffice and poppler."""

import os
import shutil
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.shared import REPORT, if_shared
from tests.unit.reports.agency_names import report_of_names
from tests.unit.reports.report_sample import report_of
from tests.unit.reports.test_report_annex import MATERIAL, with_annex
from tracker.plan_import import read_plan
from tracker.reports import render
from tracker.reports.data import ReportData, RoundNumber
from tracker.sample.load import do, load_agency, load_plan
from tracker.sample.work import work_of
from tracker.services.reports.compose import report_data
from tracker.settings import Settings
from tracker.store.db import Database

YEAR = 2566
ROUNDS: tuple[RoundNumber, ...] = (6, 12)
SANS = ROOT / "tracker" / "reports" / "fonts"


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"These tests need {name}: apt-get install {package}")
    return found


@pytest.fixture(scope="session")
def reports(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, ReportData]:
    """The sample's year played through, the seed's document where it lies beside the checkout, and a full annex."""
    folder = tmp_path_factory.mktemp("readers")
    shutil.copy(migrated_sqlite, folder / "tracker.sqlite3")
    database = Database(f"sqlite:///{folder / 'tracker.sqlite3'}")
    settings = Settings(_env_file=None, data_dir=folder)
    made = datetime(2022, 10, 1, 2, tzinfo=UTC)
    with database.writing() as session:
        plan = load_plan(session, load_agency(session, made), YEAR, settings, made)
        for work in sorted(work_of(session, plan), key=lambda work: work.done_on):
            do(session, work, settings)
        found = {
            f"sample-{number}": report_data(session, plan, number, settings.zone, published=True) for number in ROUNDS
        }
    database.dispose()
    if seed := if_shared(REPORT):
        whole = report_of(read_plan(seed.read_bytes(), seed.name, YEAR), annex=())
        found |= {f"seed-{number}": replace(whole, round=number) for number in ROUNDS}
    return found | {"annex-12": with_annex(), "names-12": report_of_names()}


@pytest.fixture(scope="session")
def written(reports: Mapping[str, ReportData], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every report as DOCX, PDF and XLSX in one folder."""
    folder = tmp_path_factory.mktemp("written")
    for name, data in reports.items():
        for format_ in ("docx", "pdf", "xlsx"):
            (folder / f"{name}.{format_}").write_bytes(render(data, format_, MATERIAL))
    return folder


@pytest.fixture(scope="session")
def opened(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What LibreOffice makes of them: a PDF of every DOCX, a CSV of every sheet; started once for each kind."""
    folder = tmp_path_factory.mktemp("opened")
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    for kind, wanted in (("docx", "pdf"), ("xlsx", every_sheet)):
        subprocess.run(
            [
                program("soffice", "libreoffice-writer-nogui libreoffice-calc-nogui"),
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless", "--convert-to", wanted, "--outdir", folder, *sorted(written.glob(f"*.{kind}")),
            ],
            env={**os.environ, "FONTCONFIG_FILE": str(_fonts(folder))},
            check=True,
            capture_output=True,
            timeout=120,
        )  # fmt: skip
    return folder


def _fonts(folder: Path) -> Path:
    """A font of TH SarabunPSK's width under its name: Sarabun, on a grid that is half as fine again."""
    fonts = folder / "fonts"
    fonts.mkdir(exist_ok=True)
    for name in ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf"):
        font = bytearray((SANS / name).read_bytes())
        tables = (struct.unpack_from(">4sIII", font, 12 + 16 * n) for n in range(struct.unpack_from(">H", font, 4)[0]))
        head = next(start for tag, _, start, _ in tables if tag == b"head")
        struct.pack_into(">H", font, head + 18, struct.unpack_from(">H", font, head + 18)[0] * 3 // 2)
        (fonts / name).write_bytes(font)
    config = folder / "fonts.conf"
    config.write_text(
        f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{folder / "cache"}</cachedir>
<match target="pattern"><test name="family"><string>TH SarabunPSK</string></test>
<edit name="family" mode="assign" binding="same"><string>Sarabun</string></edit></match></fontconfig>"""
    )
    return config


def text_of_pdf(file: Path) -> str:
    """The PDF's text by poppler."""
    asked = [program("pdftotext", "poppler-utils"), "-raw", file, "-"]
    return subprocess.run(asked, capture_output=True, check=True, timeout=60).stdout.decode()
