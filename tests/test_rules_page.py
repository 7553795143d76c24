"""Every heading of docs/rules.md that the code names, and every name that docs/glossary.md gives, is there."""

import importlib
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
_CITED = re.compile(r"rules\.md(?P<heading>, \"[^\"]+\")?")
_OUTSIDE = re.compile(r"\(design\b|\bdesign(?: page|\.md|, )|\bissue [A-Z]\b|house\.md")


def _headings() -> list[str]:
    text = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    return re.findall(r"^#{2,3} (.+)$", text, re.MULTILINE)


def _sources() -> list[tuple[Path, str]]:
    folders = ("tracker", "workers", "admin", "tests", "migrations", "benchmarks")
    files = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [(path, path.read_text(encoding="utf-8")) for path in files if path != Path(__file__)]


def test_a_heading_stands_once() -> None:
    assert sorted(set(_headings())) == sorted(_headings())


def test_every_rule_that_the_code_names_stands_on_the_page() -> None:
    known = {f', "{heading}"' for heading in _headings()}
    cited = [
        (path.relative_to(ROOT), match["heading"])
        for path, text in _sources()
        for match in _CITED.finditer(re.sub(r"\s+", " ", text))
    ]
    assert len(cited) > 20
    assert [(str(path), heading) for path, heading in cited if heading not in known] == []


def test_no_docstring_sends_its_reader_to_a_page_that_is_not_here() -> None:
    assert [str(path.relative_to(ROOT)) for path, text in _sources() if _OUTSIDE.search(text)] == []


def test_every_word_of_the_glossary_is_defined_where_it_says() -> None:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    names = re.findall(r"`(tracker\.[\w.]+)\.(\w+)`", text)
    assert len(names) > 40
    assert [f"{module}.{name}" for module, name in names if not hasattr(importlib.import_module(module), name)] == []
