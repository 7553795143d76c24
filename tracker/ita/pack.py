"""Rule packs: what an item of the assessment asks for, by fiscal year and class of agency, with source and mark.

The marks say how far a rule can be trusted: read in a source, read in a source that is not official, remembered, or
inferred. Only what was read is ever shown as certain.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from tracker.thai.calendar import to_ce

AgencyClass = Literal["local", "school", "vocational", "state", "education"]
Mark = Literal["V", "V-unofficial", "M", "inference", "own"]
Covers = Literal["current", "previous"]
CLASSES: tuple[AgencyClass, ...] = ("local", "state", "school", "vocational", "education")
_FOLDER = files("tracker.ita") / "data"


@dataclass(frozen=True, slots=True)
class Window:
    """When the answers are collected: month and day of the fiscal year's second half, and how sure that is."""

    opens: str
    closes: str
    mark: Mark
    source: str

    def days(self, fiscal_year: int) -> tuple[date, date]:
        """The first and the last day in a fiscal year (Buddhist Era)."""
        first, last = (date.fromisoformat(f"{to_ce(fiscal_year)}-{day}") for day in (self.opens, self.closes))
        return first, last


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the assessment. ``number`` is empty where nobody knows it; ``covers``: which year's work it wants."""

    key: str
    number: str
    title: str
    covers: Covers
    mark: Mark
    source: str
    covers_mark: Mark


@dataclass(frozen=True, slots=True)
class Rule:
    """What an item must contain. ``check`` names how it is found out; ``answer`` is a person's word."""

    id: str
    item: str
    check: str
    text: str
    text_en: str
    mark: Mark
    source: str
    off: bool = False
    changed: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether the rule was read in a source, and may be shown as certain."""
        return self.mark == "V" and not self.changed


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one fiscal year for one class of agency. ``carried_from`` is the year of the pack that stands in."""

    fiscal_year: int
    agency_class: AgencyClass
    version: str
    title: str
    window: Window
    items: tuple[Item, ...]
    rules: tuple[Rule, ...]
    note: str = ""
    carried_from: int | None = None

    @property
    def base(self) -> str:
        """Which shipped pack this is, for the record of changes made over it."""
        return f"{self.carried_from or self.fiscal_year}-{self.agency_class}-{self.version}"

    def of_item(self, key: str) -> Iterator[Rule]:
        return (rule for rule in self.rules if rule.item == key)

    def rule(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def load_pack(fiscal_year: int, agency_class: AgencyClass) -> Pack:
    """The pack of the year and class; where none is known, the nearest year's, in which nothing is certain any more."""
    years = sorted(year for year, known in _known() if known == agency_class)
    if fiscal_year in years:
        return _read(f"{fiscal_year}-{agency_class}.toml")
    before = [year for year in years if year < fiscal_year]
    nearest = before[-1] if before else years[0]
    pack = _read(f"{nearest}-{agency_class}.toml")
    return replace(
        pack,
        fiscal_year=fiscal_year,
        carried_from=nearest,
        window=replace(pack.window, mark="inference"),
        items=tuple(replace(item, mark="inference", covers_mark="inference") for item in pack.items),
        rules=tuple(replace(rule, mark="inference") for rule in pack.rules),
    )


@cache
def _known() -> tuple[tuple[int, str], ...]:
    """Year and class of every pack that is shipped."""
    names = (entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(".toml"))
    return tuple((int(year), known) for year, _, known in (name.removesuffix(".toml").partition("-") for name in names))


@cache
def _read(name: str) -> Pack:
    raw: dict[str, Any] = tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return Pack(
        fiscal_year=raw["fiscal_year"],
        agency_class=raw["agency_class"],
        version=raw["version"],
        title=raw["title"],
        window=Window(**raw["window"]),
        items=tuple(Item(**item) for item in raw["item"]),
        rules=tuple(Rule(**rule) for rule in raw["rule"]),
        note=raw.get("note", ""),
    )
