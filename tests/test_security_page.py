"""docs/security.md answers every requirement of ASVS 5.0.0 of levels 1 and 2, each once, with a state."""

import re

from tests.conftest import ROOT

SECTIONS = """
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1
    5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1
    8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3
    12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3
    16.5:3 17.1:1 17.2:4 17.3:2
"""
"""Of the published text: the sections that have requirements of level 1 or 2, and how many."""

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_requirement_has_its_line_and_its_state() -> None:
    asked = [
        f"{section}.{number}"
        for section, count in (pair.split(":") for pair in SECTIONS.split())
        for number in range(1, int(count) + 1)
    ]
    assert len(asked) == 253
    rows = re.findall(r"^\| ([\d.]+) \| [12] \| [^|]+ \| (met|n/a|open)\b[^|]*\|$", PAGE, re.MULTILINE)
    assert [id_ for id_, _ in rows] == asked


def test_every_file_and_test_that_it_names_exists() -> None:
    named = {name for name in re.findall(r"`([\w/.-]+\.(?:py|md))`", PAGE) if "*" not in name}
    folders = ("tracker", "admin", "tests", "docs")
    known = {path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / folder).rglob("*")}
    assert {name for name in named if not any(path.endswith(f"/{name}") or path == name for path in known)} == set()
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert {name for name in re.findall(r"`(test_\w+)`", PAGE) if f"def {name}(" not in tests} == set()
