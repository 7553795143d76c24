"""Whatever is asked of whichever address, by whomever: an answer, never an accident."""

from collections.abc import Callable


def test_odd_requests_are_answered(accidents: Callable[[int, int], list[str]]) -> None:
    assert accidents(2569, 600) == []
