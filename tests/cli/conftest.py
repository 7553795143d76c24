"""The commands: in this process for speed, with the environment of a fresh installation."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tracker.cli.main import run


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.status == 0, self.err
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one line on standard error of a command that failed."""
        assert self.status in (1, 2), self
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert "Traceback" not in line
        return line


@dataclass(frozen=True)
class Commands:
    """Runs ``tracker`` commands on the installation of a test."""

    capfd: pytest.CaptureFixture[str]

    def __call__(self, *arguments: object) -> Answer:
        self.capfd.readouterr()
        status = run([str(argument) for argument in arguments])
        out, err = self.capfd.readouterr()
        return Answer(status, out, err)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that does not exist yet, named in the environment; the current folder is another one."""
    for name in list(os.environ):
        if name.startswith("TRACKER_") or name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "data" / "ข้อมูล"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return tmp_path / "data" / "ข้อมูล"


@pytest.fixture
def tracker(data_dir: Path, migrated_sqlite: Path, capfd: pytest.CaptureFixture[str]) -> Commands:
    """Commands on an empty installation whose schema is there already."""
    data_dir.mkdir(parents=True)
    (data_dir / "tracker.sqlite3").write_bytes(migrated_sqlite.read_bytes())
    return Commands(capfd)


@pytest.fixture
def seed_file(tmp_path: Path, seed: bytes) -> Path:
    path = tmp_path / "รายงาน.txt"
    path.write_bytes(seed)
    return path
