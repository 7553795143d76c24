"""Every address that a release or a day of main has shown still leads somewhere: bookmarks and messages keep them."""

import re
from pathlib import Path

from flask import Flask

OLD = Path(__file__).parents[2] / "data" / "old_addresses.txt"
"""The pages of every version of docs/access.md since its first, without what they name; add, take none away."""


def test_no_page_has_lost_its_address(app: Flask) -> None:
    today = {
        re.sub("<[^>]+>", "<>", rule.rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())
    }
    old = set(OLD.read_text(encoding="utf-8").split())
    assert len(old) >= 180
    assert old - today == set()
