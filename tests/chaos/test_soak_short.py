"""Forty days of one agency under the faults of ``make soak``."""

import pytest

from tests.chaos.soak import Odds, Size
from tests.chaos.soak_verdict import holds

WILD = Odds(killed=0.5, beside=0.3, rough=0.2, gone=0.6, clock_ahead=0.05, outage=0.1, most_statements=60)


@pytest.mark.timeout(240)
def test_forty_days_under_faults_lose_nothing() -> None:
    assert holds(Size(agencies=1, seed=2570, postgres=False, days=40, odds=WILD))
