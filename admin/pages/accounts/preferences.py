"""การแจ้งเตือนของฉัน: channels, hours, what to hear of, and leave; within what the agency leaves to people."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import Response as FlaskResponse
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from admin.web.base_view import Page, expose
from admin.web.context import db, now, site, today
from admin.web.formatting import said, sentence
from admin.web.forms import ComingDayField, Form
from admin.web.fresh_links import gone
from admin.web.hours import clock_time
from admin.web.identity import actor, agency, person
from admin.web.limits import limiter
from admin.web.may import ANYONE, MEMBER, may
from admin.web.two_savers import names, take_in, values_of
from tracker.channels.reading_link import ReadingLinks
from tracker.channels.registry import channels, find_channel, going_out
from tracker.errors import NotFoundError, NotUnderstoodError
from tracker.models import Agency, Member
from tracker.services.audit import Actor
from tracker.services.organisation.preferences import Preferences, set_preferences
from tracker.services.tasks.action_links import LinkGoneError
from tracker.services.tasks.reading_links import Opened, opened
from tracker.settings import Settings, secret_key

BY_DEFAULT, ALL_AT_ONCE = "", "both"
"""What the form sends beside the channels' own names."""
WRONG_TOKENS = "30 per 15 minutes"
SENT_FORMS = "20 per 15 minutes"
"""Per address, of the page behind a message's link."""


def _was_wrong(response: FlaskResponse) -> bool:
    return response.status_code == 404


class PreferencesForm(Form):
    """How and when; the choices are those that the agency leaves."""

    channels = RadioField(lazy_gettext("Where messages go"), validate_choice=True)
    urgent_only = BooleanField(lazy_gettext("Only what is urgent"))
    send_from = SelectField(lazy_gettext("Not before"))
    send_until = SelectField(lazy_gettext("Not after"))
    away_from = ComingDayField(lazy_gettext("On leave from"))
    away_until = ComingDayField(lazy_gettext("On leave until"))

    def __init__(self, agency: Agency, **named: Any) -> None:
        super().__init__(**named)
        self.channels.choices = [SelectChoice(value, name) for value, name in _ways(agency).items()]
        moments = _half_hours(agency.send_from, agency.send_until)
        as_the_agency = SelectChoice("", gettext("same as the agency"))
        hours = [SelectChoice(f"{moment:%H:%M}", clock_time(moment)) for moment in moments]
        self.send_from.choices = [as_the_agency, *hours[:-1]]
        self.send_until.choices = [as_the_agency, *hours[1:]]


class PreferencesPage(Page):
    """One's own reminders."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("My reminders"), endpoint="my_reminders", url="/account/reminders")

    def is_visible(self) -> bool:
        return False

    @expose("")
    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(_stands(_member()))

    @expose("", methods=["POST"], may=MEMBER)
    def save(self) -> ResponseReturnValue:
        form = PreferencesForm(agency())
        if not form.validate():
            return self._page(form), 422
        member = _member()
        take_in(form, _stands(member), ("preferences_changed", "member_changed"), names(member))
        try:
            set_preferences(db(), member, agency(), _wanted(form), by=actor(), at=now())
        except NotUnderstoodError as error:
            return self._page(form, problem=sentence(error)), error.http_status
        flash(gettext("Saved."), "success")
        return redirect(url_for("my_reminders.index"))

    def _page(self, form: PreferencesForm, *, problem: str | None = None) -> str:
        shown = _shown(_member(), form, url_for("my_reminders.save"), problem)
        return self.render("accounts/preferences.html", **shown)


by_link = Blueprint("reminders_by_link", __name__)


@by_link.get("/seen/<seen>/reminders")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
def show_by_link(seen: str) -> ResponseReturnValue:
    """One's own reminders from a message, for whoever has no password."""
    try:
        member = _opened(seen).member
    except (NotFoundError, LinkGoneError) as error:
        return gone(seen, error)
    return _page_by_link(seen, member, _stands(member))


@by_link.post("/seen/<seen>/reminders")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
@limiter.limit(SENT_FORMS)
def save_by_link(seen: str) -> ResponseReturnValue:
    try:
        found = _opened(seen)
    except (NotFoundError, LinkGoneError) as error:
        return gone(seen, error)
    member = found.member
    form = PreferencesForm(member.agency)
    if not form.validate():
        return _page_by_link(seen, member, form), 422
    take_in(form, _stands(member), kinds=())
    by = Actor(member.name, found.way, member.id)
    try:
        set_preferences(db(), member, member.agency, _wanted(form), by=by, at=now())
    except NotUnderstoodError as error:
        return _page_by_link(seen, member, form, sentence(error)), error.http_status
    flash(gettext("Saved."), "success")
    return redirect(url_for("reminders_by_link.show_by_link", seen=seen))


def _opened(seen: str) -> Opened:
    found = opened(db(), ReadingLinks(secret_key(site().settings)), seen, today())
    if found.link.shown != "reminders":
        raise NotFoundError("This link is for something else.", "ลิงก์นี้ใช้เลือกการแจ้งเตือนไม่ได้")
    return found


def _page_by_link(seen: str, member: Member, form: PreferencesForm, problem: str | None = None) -> str:
    address = url_for("reminders_by_link.save_by_link", seen=seen)
    return render_template("accounts/preferences.html", by_link=True, **_shown(member, form, address, problem))


def _shown(member: Member, form: PreferencesForm, address: str, problem: str | None) -> dict[str, Any]:
    return {
        "form": form,
        "stands": values_of(_stands(member)),
        "address": address,
        "problem": problem,
        "member": member,
        "agency": member.agency,
        "clock_time": clock_time,
        "ways": ", ".join(said(channel.words.name) for channel in channels()),
        "remarks": list(_remarks(member, site().settings)),
    }


def _wanted(form: PreferencesForm) -> Preferences:
    return Preferences(
        channels=_chosen()[form.channels.data],
        urgent_only=form.urgent_only.data,
        send_from=_moment(form.send_from.data),
        send_until=_moment(form.send_until.data),
        away_from=form.away_from.data,
        away_until=form.away_until.data,
    )


def _chosen() -> dict[str, list[str]]:
    """The channels that each choice of the form stands for."""
    first = {channel.name: [channel.name] for channel in channels() if channel.words.first}
    return {BY_DEFAULT: [], ALL_AT_ONCE: [channel.name for channel in going_out()], **first}


def _ways(agency: Agency) -> dict[str, str]:
    """The choices in words, in the order of the channels."""
    otherwise = gettext(", else ")
    ways = {BY_DEFAULT: otherwise.join(said(one.words.default) for one in going_out() if one.words.default)}
    ways |= {one.name: said(one.words.first) for one in going_out() if one.words.first}
    ways[ALL_AT_ONCE] = gettext(
        "By all of these: %(ways)s", ways=", ".join(said(one.words.name) for one in going_out())
    )
    if not agency.messages_required:
        ways |= {one.name: said(one.words.first) for one in channels() if one.words.first and not one.goes_out}
    return ways


def _remarks(member: Member, settings: Settings) -> Iterator[str]:
    """What keeps a channel from reaching the person."""
    for channel in going_out():
        if not channel.is_set_up(settings):
            remark = channel.words.not_set_up
        else:
            remark = None if channel.address_of(member) else channel.words.no_address
        if remark:
            yield said(remark)


def _member() -> Member:
    member = person().member
    assert member is not None  # noqa: S101  (the page is for those of an agency)
    return member


def _as_they_are(member: Member) -> dict[str, Any]:
    names = [name for name in member.channels if find_channel(name)]
    chosen = next((value for value, channels in _chosen().items() if channels == names), ALL_AT_ONCE)
    return {
        "channels": chosen,
        "urgent_only": member.urgent_only,
        "send_from": f"{member.send_from:%H:%M}" if member.send_from else "",
        "send_until": f"{member.send_until:%H:%M}" if member.send_until else "",
        "away_from": member.away_from,
        "away_until": member.away_until,
    }


def _stands(member: Member) -> PreferencesForm:
    return PreferencesForm(member.agency, formdata=None, data=_as_they_are(member))


def _moment(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def _half_hours(first: time, last: time) -> list[time]:
    """The first moment, every full and half hour after it, the last."""
    between = (time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30))
    return [first, *(moment for moment in between if first < moment < last), last]
