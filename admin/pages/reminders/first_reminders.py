"""การแจ้งเตือนครั้งแรก: on Monday at half past eight these people get these messages; then switch on."""

from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, site, today
from admin.web.formatting import day as day_words
from admin.web.formatting import digits, weekday
from admin.web.identity import actor, agency
from admin.web.may import COORDINATOR
from tracker.channels.registry import going_out
from tracker.errors import ConflictError
from tracker.kinds import ChannelName
from tracker.reminders.first_messages import FirstMessage, first_messages
from tracker.services.organisation.agencies import find_plan, working_days
from tracker.services.organisation.first_day import first_reminder_day, switch_off, switch_on
from tracker.thai.calendar import fiscal_year_of


class FirstRemindersPage(CoordinatorPage):
    """What goes out first, to whom, by what; nothing goes before she switches it on."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("First reminders"), endpoint="first_reminders", url="/reminders/first")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        day = agency().reminders_from
        is_on = day is not None
        if day is None or day < today():
            day = first_reminder_day(working_days(db(), agency().id), today())
        with site().database.session(writing=True) as session:
            messages = first_messages(session, site().settings, agency().id, day, announced=now())
        asked = request.args.get("person", type=int)
        shown = next((one for one in messages if one.member_id == asked), messages[0] if messages else None)
        by_line = sum(ChannelName.LINE in one.channels for one in messages)
        return self.render(
            "reminders/first_reminders.html",
            day=day,
            opens=_time(datetime.combine(day, agency().send_from)),
            messages=messages,
            shown=shown,
            by_line=by_line,
            waiting=sum(is_in_mailbox(one) for one in messages),
            is_on=is_on,
            is_in_mailbox=is_in_mailbox,
            weekday=weekday,
        )

    @expose("/on", methods=["POST"], may=COORDINATOR)
    def on(self) -> ResponseReturnValue:
        find_plan(db(), agency(), fiscal_year_of(today()), today())
        if agency().reminders_from is not None:
            raise ConflictError("The reminders are on already.", "เปิดการแจ้งเตือนไว้แล้ว")
        day = first_reminder_day(working_days(db(), agency().id), today())
        switch_on(db(), agency(), day, by=actor(), at=now())
        flash(
            gettext(
                "The reminders are on: the first go out on %(day)s at %(time)s.",
                day=day_words(day, "long"),
                time=_time(datetime.combine(day, agency().send_from)),
            ),
            "success",
        )
        return redirect(url_for("overview.index"))

    @expose("/off", methods=["POST"], may=COORDINATOR)
    def off(self) -> ResponseReturnValue:
        switch_off(db(), agency(), by=actor(), at=now())
        flash(gettext("The reminders are off: nothing goes out until you switch them on again."), "success")
        return redirect(url_for("first_reminders.index"))


def is_in_mailbox(message: FirstMessage) -> bool:
    """Whether it reaches the person inside of the system alone."""
    return not {channel.name for channel in going_out()} & set(message.channels)


def _time(at: datetime) -> str:
    return digits(f"{at:%H.%M}")
