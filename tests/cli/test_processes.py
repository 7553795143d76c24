"""The ``tracker`` script itself, as a process: fresh folders, two at once, pipes, languages."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

TRACKER = Path(sys.executable).with_name("tracker")


def start(*arguments: object, cwd: Path, **environment: str) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "LC_", "LANG"))}
    env: Mapping[str, str] = {**kept, **environment}
    return subprocess.Popen(
        [str(TRACKER), *map(str, arguments)],
        cwd=cwd,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def ended(process: "subprocess.Popen[str]", given: str = "") -> tuple[int, str, str]:
    out, err = process.communicate(given, timeout=120)
    return process.returncode, out, err


def test_two_imports_at_once_into_a_fresh_folder(seed_file: Path, tmp_path: Path) -> None:
    data = str(tmp_path / "new" / "data")
    command = ("plan", "import", seed_file, "--fiscal-year", "2566", "--json")
    answers = [ended(process) for process in [start(*command, cwd=tmp_path, TRACKER_DATA_DIR=data) for _ in range(2)]]
    assert [(status, err) for status, _, err in answers] == [(0, ""), (0, "")]
    assert json.loads(answers[0][1]) == json.loads(answers[1][1])
    status, out, _ = ended(start("task", "list", "--json", cwd=Path("/"), TRACKER_DATA_DIR=data))
    assert (status, len(json.loads(out))) == (0, 34)


@pytest.mark.parametrize("locale", [{"LANG": "th_TH.UTF-8"}, {"LANG": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}])
def test_thai_comes_through_in_every_locale(tmp_path: Path, locale: dict[str, str]) -> None:
    process = start("period", "-", "--fiscal-year", "2566", "--json", cwd=tmp_path, **locale)
    status, out, err = ended(process, "มกราคม – ๓๑ มิถุนายน ๒๕๖๖\nไตรมาส ๔\n")
    first, second = map(json.loads, out.splitlines())
    assert (status, err, second["end"]) == (0, "", "2023-09-30")
    assert first["text"] == "มกราคม – ๓๑ มิถุนายน ๒๕๖๖"
    assert any("๓๑ มิถุนายน" in warning for warning in first["warnings"])


def test_an_error_is_one_sentence_and_no_more(tmp_path: Path) -> None:
    thai = start("task", "list", cwd=tmp_path, TRACKER_DATA_DIR=str(tmp_path / "d"), LANG="th_TH.UTF-8")
    assert ended(thai) == (2, "", "ยังไม่มีหน่วยงานในระบบ กรุณานำเข้าแผนหรือบุคลากรก่อน\n")


def test_a_reader_that_goes_away_is_no_trouble(tmp_path: Path) -> None:
    with start("period", "-", "--fiscal-year", "2566", cwd=tmp_path) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write("มีนาคม\n" * 2000)
        process.stdin.close()
        assert process.stderr.read() == ""
