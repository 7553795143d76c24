"""``make chaos``: two hundred agencies, a hundred kills and more; on PostgreSQL, then on SQLite with one worker."""

from pathlib import Path

import pytest

from tests.chaos.chaos import Size
from tests.chaos.verdict import passes

LONG = Size(
    agencies=200,
    tasks=20_000,
    kills=100,
    workers=2,
    flushes=8,
    sweeps=8,
    beat_kills=4,
    broker_kills=3,
    restarts=("fast",) * 4 + ("immediate",) * 2,
    open_at_first=0.1,
    pause=(0.0, 1.5),
    patience=300,
)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("size", [LONG, LONG.on_sqlite()], ids=["postgresql", "sqlite"])
def test_every_digest_arrives_once(size: Size, tmp_path: Path) -> None:
    assert passes(tmp_path, size)
