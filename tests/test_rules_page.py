"""What docs name is there: rules.md in the code, the glossary's words, the ways and recipes of developers.md."""

import importlib
import re
from collections.abc import Iterator
from functools import reduce
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


_BASES = (ROOT, ROOT / "tracker", ROOT / "admin" / "templates")
"""Where a path of docs/developers.md begins."""


def _ways() -> Iterator[tuple[str, str]]:
    """Paths, with the name in them that is meant; not what is to be made (NAME, x.py) and not addresses."""
    text = (ROOT / "docs/developers.md").read_text(encoding="utf-8")
    for path, name in re.findall(r"`(\w[\w.-]*/[\w./-]*)(?:: ([\w.]+))?`", text):
        if not re.search(r"[A-Z]{4}", path):
            yield path, name


def _is_there(path: str, name: str) -> bool:
    found = next((base / path for base in _BASES if (base / path).exists()), None)
    if found is None or not name:
        return found is not None
    module = ".".join(found.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return (
        reduce(lambda thing, part: getattr(thing, part, None), name.split("."), importlib.import_module(module))
        is not None
    )


def test_every_way_and_recipe_leads_to_what_is_there() -> None:
    ways = list(_ways())
    assert len([name for _, name in ways if name]) > 40
    assert [f"{path}: {name}" for path, name in ways if not _is_there(path, name)] == []
