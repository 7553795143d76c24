"""``make soak``: a province's year under faults, on SQLite and on PostgreSQL; what was lost, doubled, late."""

import os

import pytest

from tests.chaos.soak import Size
from tests.chaos.soak_verdict import holds

AGENCIES = int(os.environ.get("SOAK_AGENCIES", "200"))
SEED = int(os.environ.get("SOAK_SEED", "2570"))


@pytest.mark.timeout(0)
@pytest.mark.parametrize("postgres", [False, True], ids=["sqlite", "postgresql"])
def test_a_year_of_a_province_loses_nothing(postgres: bool) -> None:
    assert holds(Size(AGENCIES, SEED, postgres))
