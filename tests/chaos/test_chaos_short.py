"""No digest is lost and LINE gets none twice, whatever dies: the short form of ``make chaos``, on PostgreSQL."""

from pathlib import Path

import pytest

from tests.chaos.chaos import Size
from tests.chaos.verdict import passes

SHORT = Size(
    agencies=20,
    tasks=2_000,
    kills=12,
    workers=2,
    flushes=3,
    sweeps=2,
    beat_kills=1,
    restarts=("fast", "immediate"),
)


@pytest.mark.timeout(240)
def test_every_digest_arrives_once(tmp_path: Path) -> None:
    assert passes(tmp_path, SHORT)
