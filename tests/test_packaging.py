"""The wheel carries all that it needs: installed into an empty environment, it works from any directory."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is in the repository, and nothing that stands beside it, as in a clean clone."""
    folder, clone = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)
    build = [
        "wheel",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(clone),
    ]
    subprocess.run([sys.executable, "-m", "pip", *build], check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An environment that holds the wheel alone; its dependencies are lent by this one."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    install = ["--python", str(python), "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True)
    packages = next((folder / "venv" / "lib").glob("python*/site-packages"))
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder


def tracker(installed: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The installed command, from a directory of its own."""
    elsewhere = installed / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "PYTHON"))}
    return subprocess.run(
        [str(installed / "venv" / "bin" / "tracker"), *arguments],
        cwd=elsewhere,
        env=environment | {"TRACKER_DATA_DIR": str(installed / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    listed = ["git", "ls-files", "-z", "tracker", "workers", "admin", "migrations"]
    tracked = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    with ZipFile(wheel) as archive:
        missing = {name for name in tracked if name and (ROOT / name).exists()} - set(archive.namelist())
    assert missing == set()


def test_it_is_our_code_that_runs(installed: Path) -> None:
    python = installed / "venv" / "bin" / "python"
    where = subprocess.run(
        [str(python), "-c", "import tracker; print(tracker.__file__)"],
        cwd=installed,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(installed))


def test_period_from_any_directory(installed: Path) -> None:
    done = tracker(installed, "period", "ตุลาคม ๒๕๖๕ - เมษายน ๒๕๖๖", "--fiscal-year", "2566", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["end"] == "2023-04-30"


def test_doctor_finds_its_migrations_and_fonts(installed: Path) -> None:
    done = tracker(installed, "doctor", "--json")
    states = {finding["name"]: finding["state"] for finding in json.loads(done.stdout)}
    assert {states[name] for name in ("database", "migrations", "fonts")} == {"ok"}


def test_the_sample_plays_its_year_from_the_wheel(installed: Path) -> None:
    """Migrations, sample, word list, templates of reminders and reports, fonts: all at once."""
    done = tracker(installed, "demo", "--out", "played")
    assert done.returncode == 0, done.stderr
    played = installed / "elsewhere" / "played"
    summary = json.loads((played / "summary.json").read_text(encoding="utf-8"))
    assert summary["broken_records"] == []
    assert summary["tasks"]["done"] > 100
    assert summary["messages"] == len(list((played / "reminders").iterdir())) > 100
    assert all((played / name).stat().st_size > 1000 for name in summary["reports"])
    assert next(played.glob("*-12.pdf")).read_bytes().startswith(b"%PDF")


def test_the_web_application_speaks_thai_from_the_wheel(installed: Path) -> None:
    code = "from admin.wsgi import app; print(app.test_client().get('/', follow_redirects=True).text)"
    done = subprocess.run(
        [str(installed / "venv" / "bin" / "python"), "-c", code],
        cwd=installed,
        env=os.environ | {"TRACKER_DATA_DIR": str(installed / "web")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "เข้าสู่ระบบ" in done.stdout, done.stderr
