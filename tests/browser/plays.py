"""Which story is played where: every pair of story, size, language and database meets in one of sixteen plays."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pytest
from babel.support import Translations

from admin.translations import FOLDER
from tracker.thai.numerals import to_thai

SIZES: Final = {
    "phone": (360, 740, 1.0),
    "tablet": (768, 1024, 1.0),
    "laptop": (911, 512, 1.5),
    "desk": (1440, 900, 1.0),
}
"""Width, height and device scale; the laptop is one of 1366 × 768 pixels whose owner reads at 150 %."""
TABLE: Final = """
october   phone   th  sqlite
october   tablet  en  postgresql
october   laptop  th  sqlite
october   desk    en  postgresql
february  phone   en  sqlite
february  tablet  th  postgresql
february  laptop  en  sqlite
february  desk    th  postgresql
april     phone   th  postgresql
april     tablet  en  sqlite
april     laptop  th  postgresql
april     desk    en  sqlite
conflict  phone   en  postgresql
conflict  tablet  th  sqlite
conflict  laptop  en  postgresql
conflict  desk    th  sqlite
"""
ROWS: Final = [tuple(line.split()) for line in TABLE.strip().splitlines()]


@dataclass(frozen=True)
class Play:
    """A reader's language and screen."""

    size: str
    language: str

    @property
    def screen(self) -> dict[str, Any]:
        """What a browser's context is made with."""
        width, height, scale = SIZES[self.size]
        return {"viewport": {"width": width, "height": height}, "device_scale_factor": scale, "locale": "th-TH"}

    def say(self, text: str, **values: Any) -> str:
        """What a page says for this English text of the code; digits as this reader sees them."""
        thai = self.language == "th"
        found = _thai().gettext(text) if thai else text
        filled = found % values if values else found
        return to_thai(filled) if thai else filled


def plays(story: str) -> Callable[[Any], Any]:
    """Runs a test once for each row of a story, with ``play`` and ``database_url``."""
    rows = [row for row in ROWS if row[0] == story]
    return pytest.mark.parametrize(
        ("play", "database_url"),
        [(Play(size, language), database) for _, size, language, database in rows],
        indirect=["database_url"],
        ids=["-".join(row[1:]) for row in rows],
    )


@cache
def _thai() -> Translations:
    found = Translations.load(str(FOLDER), ["th"])
    assert isinstance(found, Translations)
    return found
