"""What a day that was typed into a form means, for the page to say beneath the field."""

from datetime import date

from flask import request
from flask_babel import gettext

from admin.web.context import today
from admin.web.formatting import ago, day, sentence, timeliness, weekday
from tracker.errors import NotUnderstoodError
from tracker.thai.days import read_day

_LONGEST = 100
"""Characters that are read: the longest form that a page prints has half of it."""


def typed_day(due_on: date | None, *, counted: bool = False) -> dict[str, str]:
    """``{"day", "words"}`` of the day in ``?text=``, or ``{"problem"}``.

    ``counted`` adds how it counts for a task that was due on ``due_on``.
    """
    try:
        typed = read_day(request.args.get("text", "")[:_LONGEST], today(), "past", due_on=due_on)
    except NotUnderstoodError as error:
        return {"problem": sentence(error)}
    if typed > today():
        return {"problem": gettext("This day is still to come: write the day on which it was done.")}
    words = f"{weekday(typed)} {day(typed)} ({ago(typed, today())})"
    if counted:
        words = f"{words} · {timeliness(typed, due_on, today())}"
    return {"day": typed.isoformat(), "words": words}
