"""How much of the house a small command loads, and what every process pays for: modules counted, not seconds."""

import json
import subprocess
import sys

import pytest
from argon2 import PasswordHasher

from tests.conftest import ROOT
from tracker.services.accounts import accounts

_LOADED = """
import json, sys
from tracker.cli.main import run
before = sys.stdout
sys.stdout = open("/dev/null", "w", encoding="utf-8")
run(json.loads(sys.argv[1]))
print(json.dumps(sorted(sys.modules)), file=before)
"""
HEAVY = {"sqlalchemy", "pydantic", "lxml", "openpyxl", "celery", "flask", "pendulum", "redis", "argon2"}


def loaded(*arguments: str) -> list[str]:
    """The modules that a command leaves loaded."""
    command = [sys.executable, "-c", _LOADED, json.dumps(arguments)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return list(json.loads(ended.stdout))


@pytest.mark.parametrize(
    ("arguments", "most"), [(("--help",), 150), (("period", "ตลอดปีงบประมาณ", "--fiscal-year", "2566"), 180)]
)
def test_a_small_command_loads_little(arguments: tuple[str, ...], most: int) -> None:
    modules = loaded(*arguments)
    assert HEAVY & set(modules) == set()
    assert len(modules) < most


_HASHED = """
import argon2
made = []
argon2.PasswordHasher.hash = lambda *_, **__: made.append(1)
import workers.tasks, admin.app
print(len(made))
"""


def test_no_process_hashes_a_password_by_being_started() -> None:
    command = [sys.executable, "-c", _HASHED]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "0\n"


def test_beat_loads_no_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_REDIS_URL", "redis://127.0.0.1:1/0")
    code = (
        "import json, sys, workers.beat as b; b.app.loader.import_default_modules(); print(json.dumps([*sys.modules]))"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(json.loads(ended.stdout))
    assert "celery" in modules
    assert {"sqlalchemy", "workers.tasks", "tracker.models"} & modules == set()


def test_a_sign_in_takes_as_long_where_no_account_is() -> None:
    assert not PasswordHasher().check_needs_rehash(accounts._NOBODY)
