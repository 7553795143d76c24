"""How a year's plan stands against its rounds: the national lights, and what it takes to be green.

The lights are those of the national anti-corruption plan (e-PlanNACC): a round is judged by the share of the whole
year's tasks that is done by its last day. Six months: green from 50 %, orange from 20 %; twelve: green from 80 %,
orange from 50 %.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tracker.thai.calendar import RoundMonths, fiscal_year_end, fiscal_year_start, round_end

Light = Literal["green", "orange", "red"]
Forecast = Literal["green", "unsure", "orange", "red"]
Standing = Literal["green", "orange", "red", "on_track", "behind", ""]

#: percent from which a light is green, and from which it is orange
LIGHTS: dict[RoundMonths, tuple[int, int]] = {6: (50, 20), 12: (80, 50)}
#: a round's lights are the national ones from a month before its end until the month in which they are assessed is over
JUDGED = timedelta(days=31)
_WORST: tuple[Light, ...] = ("red", "orange", "green")


@dataclass(frozen=True, slots=True)
class Tally:
    """The year's tasks as one round sees them.

    ``done`` by the round's last day; ``impossible`` will never be done. ``due`` counts what has fallen due by today,
    ``due_done`` what of it is done, ``waiting`` what of it is still to be done; ``ahead`` is still to be done too and
    falls due after today, within the round.
    """

    total: int = 0
    done: int = 0
    impossible: int = 0
    due: int = 0
    due_done: int = 0
    waiting: int = 0
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """A round's light as it is, as it will be if all goes on so, and what is missing to the best light in reach."""

    round: RoundMonths
    ends: date
    over: bool
    total: int
    done: int
    light: Light | None
    #: tasks that will be done at the round's end where as large a share as until now is done when it falls due
    expected: int | None
    expected_light: Light | None
    #: the best light that can still be had
    target: Light | None
    #: tasks that must be done for it, and how many of them every week
    needed: int
    weekly: int
    #: of those, how many do not fall due within the round and must be done earlier than planned
    early: int
    #: the tasks that should be done by today, and those that fall due after the round's end
    due: int
    beyond: int
    #: the light where all that falls due within the round is done, and nothing more
    planned_light: Light | None
    #: how likely green is while the round runs; of a round that is over, its light. None where there is nothing to do
    forecast: Forecast | None

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 49.9 is not yet green."""
        return percent(self.done, self.total)


def percent(part: int, whole: int) -> int:
    """Whole percent, rounded down; 0 of nothing."""
    return 100 * part // whole if whole else 0


def round_at(fiscal_year: int, today: date) -> RoundMonths:
    """The round that matters on a day: the six-month one until a month after its end."""
    return 6 if today <= round_end(fiscal_year, 6) + JUDGED else 12


def light(done: int, total: int, round_: RoundMonths) -> Light | None:
    """The light of a share; None where there is nothing to do."""
    if not total:
        return None
    green, orange = LIGHTS[round_]
    return "green" if 100 * done >= green * total else "orange" if 100 * done >= orange * total else "red"


def standing(*, total: int, done: int, late: int, begun: int, fiscal_year: int, today: date) -> Standing:
    """The light of the round that matters; before its last month only whether the work is on track.

    Empty where nothing is due yet.
    """
    if not begun and not done:
        return ""
    round_ = round_at(fiscal_year, today)
    if total and today < round_end(fiscal_year, round_) - JUDGED:
        return "behind" if late else "on_track"
    return light(done, total, round_) or ""


def time_gone(fiscal_year: int, today: date) -> float:
    """The share of the fiscal year that has passed, 0 to 1; its days count when they are over."""
    start, end = fiscal_year_start(fiscal_year), fiscal_year_end(fiscal_year)
    return min(1.0, max(0.0, (today - start).days / ((end - start).days + 1)))


def outlook(tally: Tally, fiscal_year: int, round_: RoundMonths, today: date) -> Outlook:
    """What the numbers mean for a round on a day."""
    ends = round_end(fiscal_year, round_)
    over = today > ends
    expected = _expected(tally, over=over)
    reachable = tally.done if over else tally.total - tally.impossible
    target = light(reachable, tally.total, round_)
    needed = max(0, _least(tally.total, round_, target) - tally.done)
    weeks = max(1, -(-((ends - today).days + 1) // 7))
    planned = tally.done if over else tally.done + tally.waiting + tally.ahead
    planned_light = light(planned, tally.total, round_)
    expected_light = None if expected is None else light(expected, tally.total, round_)
    return Outlook(
        round=round_,
        ends=ends,
        over=over,
        total=tally.total,
        done=tally.done,
        light=light(tally.done, tally.total, round_),
        expected=expected,
        expected_light=expected_light,
        target=target,
        needed=needed,
        weekly=-(-needed // weeks),
        early=max(0, needed - tally.waiting - tally.ahead),
        due=tally.due,
        beyond=max(0, tally.total - tally.impossible - planned),
        planned_light=planned_light,
        forecast=_forecast(planned_light, expected_light, light(tally.done, tally.total, round_)),
    )


def _forecast(planned: Light | None, expected: Light | None, now: Light | None) -> Forecast | None:
    """Green where it is reached, or will be if all goes on so; at risk where even the whole plan does not give it."""
    if planned is None or now == "green":
        return now
    if planned != "green":
        return planned if expected is None else min(planned, expected, key=_WORST.index)
    return "green" if expected == "green" else "unsure"


def _expected(tally: Tally, *, over: bool) -> int | None:
    if over:
        return tally.done
    if not tally.due:
        return None
    return tally.done + tally.ahead * tally.due_done // tally.due


def _least(total: int, round_: RoundMonths, target: Light | None) -> int:
    """How many done tasks give the light."""
    green, orange = LIGHTS[round_]
    share = {"green": green, "orange": orange}.get(target or "", 0)
    return -(-total * share // 100)
