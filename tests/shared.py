"""Real documents that lie beside a developer's checkout and are no part of it (docs/developers.md, "Tests")."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "shared"
REPORT = "seeds/000_e8db5c7326f9b4e1.txt"
"""The real report of an อบต. for 2566: six measures, twelve steps, results of the whole year."""


def shared(path: str) -> Path:
    """A file or folder of the shared folder; skips the test, and says for want of what, where it is absent."""
    __tracebackhide__ = True  # so that the summary names the test
    found = if_shared(path)
    if found is None:
        pytest.skip(f"reads a real document that lies beside a developer's checkout only: ../shared/{path}")
    return found


def if_shared(path: str) -> Path | None:
    """A file or folder of the shared folder, or None where it is absent."""
    found = FOLDER / path
    return found if found.exists() else None
