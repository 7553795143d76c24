"""Random plans against the oracle of a second author, who had not read the code (docs/rules.md, "Roll-up")."""

import os
from collections.abc import Iterator

import pytest

from tests.unit.reports.second_oracle import Reader, of_outcomes
from tests.unit.reports.second_plans import Asked, PlanMaker
from tracker.reports.rollup import compose

#: Each is asked for in both rounds, so that a run reads 800 reports; by hand 10,000 plans and more.
PLANS = int(os.environ.get("SECOND_ORACLE_PLANS", "400"))


def complaints(asked: Asked) -> Iterator[str]:
    options = {"published": asked.published, "names": asked.names}
    composed = compose(asked.steps, "summary", round_end=asked.round_end, thai_digits=asked.thai_digits, **options)
    yield from Reader(asked.steps, asked.round_end, composed, **options).complaints()
    outcomes = compose(asked.steps, "outcome", round_end=asked.round_end, **options)
    yield from of_outcomes(asked.steps, asked.round_end, outcomes)


@pytest.mark.untraced
def test_the_composed_columns_say_what_the_rules_say() -> None:
    for seed in range(PLANS):
        for asked in PlanMaker(seed).plan():
            found = list(complaints(asked))
            assert not found, (seed, asked, found)
