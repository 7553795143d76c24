"""No digest is lost and LINE gets none twice, whatever dies: on SQLite with one worker."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.test_chaos_short import SHORT
from tests.chaos.verdict import passes


@pytest.mark.timeout(240)
def test_every_digest_arrives_once(tmp_path: Path) -> None:
    assert passes(tmp_path, replace(SHORT.on_sqlite(), agencies=12, tasks=1_200, kills=8, flushes=2, sweeps=1))
