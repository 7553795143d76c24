"""The sample's documents: the plan for any fiscal year, the people, and what they write when they tick off."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from string import Template

from tracker.thai.calendar import format_date
from tracker.thai.numerals import to_thai

_FOLDER = files("tracker.sample")


@dataclass(frozen=True, slots=True)
class StepWords:
    """What is written for one step: results in turn, the outcome, a progress note and a link as evidence, if any."""

    results: tuple[str, ...]
    outcome: str
    note: str | None
    link: str | None

    def result(self, turn: int, scheduled_on: date, fiscal_year: int) -> str:
        """The result of the ``turn``-th task of the step."""
        words = Template(self.results[turn % len(self.results)])
        return words.substitute(month=format_date(scheduled_on, style="month"), year=to_thai(str(fiscal_year)))


def plan_document(fiscal_year: int) -> bytes:
    """The plan of a fiscal year (Buddhist Era), in the shape in which agencies publish theirs."""
    template = Template((_FOLDER / "plan.txt").read_text(encoding="utf-8"))
    filled = template.substitute(year=to_thai(str(fiscal_year)), before=to_thai(str(fiscal_year - 1)))
    return filled.encode()


def people_document() -> bytes:
    """The units and people as ``tracker people import`` reads them."""
    return (_FOLDER / "people.csv").read_bytes()


@cache
def step_words() -> dict[tuple[int, int], StepWords]:
    """The words by measure and step number."""
    listed = tomllib.loads((_FOLDER / "results.toml").read_text(encoding="utf-8"))["step"]
    return {
        (step["measure"], step["number"]): StepWords(
            tuple(step["results"]), step["outcome"], step.get("note"), step.get("link")
        )
        for step in listed
    }
