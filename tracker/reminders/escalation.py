"""Whom an escalation tells, and how often (docs/rules.md, "Escalation"): pure rules.

When a level is reached is ``stages``' part; the coordinator may hold a task's escalation there.
"""

from datetime import date, timedelta
from typing import Literal

Audience = Literal["parent_head", "coordinator", "executive_1", "executive_2"]

LADDER: tuple[tuple[Audience, ...], ...] = (("parent_head", "coordinator"), ("executive_1",), ("executive_2",))
"""By level from 1: the parent unit's head and the coordinator; the ปลัด; the นายก."""

_APART = timedelta(7)
"""Those above hear once a week at most, or they stop reading."""


def audience(level: int) -> tuple[Audience, ...]:
    """Who is told of a level from 1; nobody above the ladder."""
    return LADDER[level - 1] if 1 <= level <= len(LADDER) else ()


def may_report(last_reported_on: date | None, day: date) -> bool:
    """Whether a person whose last escalation digest was of ``last_reported_on`` may get one on ``day``: one a week.

    What may not be told stays unrecorded for that person and goes into the next one.
    """
    return last_reported_on is None or day - last_reported_on >= _APART
