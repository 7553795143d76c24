"""No function is harder to follow than C by radon's cyclomatic complexity; in the parser of period cells, than D."""

from collections.abc import Iterator
from pathlib import Path

from radon.complexity import cc_rank, cc_visit

from tests.conftest import ROOT

PERIOD_PARSER = Path("tracker/plan_import/period")


def _functions() -> Iterator[tuple[Path, str, int]]:
    """Every function and class of ours, with its complexity."""
    for folder in ("tracker", "workers", "admin"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for block in cc_visit(path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT), block.fullname, block.complexity


def _too_complex(path: Path, complexity: int) -> bool:
    worst = "D" if path.is_relative_to(PERIOD_PARSER) else "C"
    return cc_rank(complexity) > worst


def test_no_function_is_hard_to_follow() -> None:
    found = list(_functions())
    assert len(found) > 1_000
    assert [f"{path} {name}: {count}" for path, name, count in found if _too_complex(path, count)] == []
