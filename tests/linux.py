"""What only Linux tells: tests that ask it run where the product runs, and are passed over elsewhere."""

import sys

import pytest

needs_proc = pytest.mark.skipif(
    sys.platform != "linux", reason="reads processes and their memory from /proc, which only Linux has"
)
