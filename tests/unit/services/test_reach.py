"""Which addresses telephones can open, as far as the name tells."""

import pytest

from tracker.services.accounts.reach import is_reachable


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("https://khaowao.go.th", True),
        ("http://203.150.10.10:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
        ("http://10.0.0.7", False),
        ("http://172.20.1.1", False),
        ("http://server", False),
        ("http://tracker.local", False),
        ("https://tracker.lan.", False),
    ],
)
def test_which_addresses_telephones_reach(address: str, *, reached: bool) -> None:
    assert is_reachable(address) is reached
