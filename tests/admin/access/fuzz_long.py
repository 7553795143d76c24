"""The long form of ``test_odd_requests``: 25,000 requests, by ``make fuzz``."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize("seed", range(5))
def test_five_thousand_odd_requests(accidents: Callable[[int, int], list[str]], seed: int) -> None:
    assert accidents(seed, 5_000) == []
