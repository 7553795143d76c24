"""What the unit tests share: which of them coverage does not measure."""

import sys
from collections.abc import Iterator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """No tracer while a test marked ``untraced`` is set up and runs."""
    tracer = sys.gettrace()
    if item.get_closest_marker("untraced") is None or tracer is None:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
