"""``/seen/…``: the pages behind the links of a message that show and do not answer. Opening them changes nothing."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask.typing import ResponseReturnValue

from admin.web import queue
from admin.web.context import db, now, site, today
from admin.web.formatting import place_in_plan, said, sentence
from admin.web.fresh_links import few_new_links, goes, gone, send_new
from admin.web.limits import limiter
from admin.web.may import ANYONE, may
from tracker.broker import Work
from tracker.channels.reading_link import ReadingLinks, Shown
from tracker.channels.registry import find_channel
from tracker.errors import ConflictError, ForbiddenError, NotFoundError, TrackerError
from tracker.kinds import RoundState
from tracker.line.linking import unlink
from tracker.line.own_tasks import SentTo, own_view
from tracker.models import ReportVersion
from tracker.reminders.posts import post_of
from tracker.reminders.rows import Row, rows_of
from tracker.reminders.signatures import waiting_reports
from tracker.reminders.wording import head_of
from tracker.services.access import visible_task
from tracker.services.audit import Actor
from tracker.services.reports.snapshots import report_of
from tracker.services.tasks.action_links import GOOD_FOR, LinkGoneError
from tracker.services.tasks.reading_links import Opened, opened, renewed, too_old, used_tasks
from tracker.services.tasks.remind_again import Prompt, look, remind_again
from tracker.services.tasks.unit_standing import late_units, owed, unit_standing
from tracker.settings import secret_key
from tracker.thai.phones import dial

pages = Blueprint("seen", __name__)

WRONG_TOKENS = "30 per 15 minutes"
"""Per address, as of the links that answer: mail scanners open every link that is good."""
REMINDS_FOR = timedelta(days=7)
"""How long a link has a unit reminded: a message of an escalation comes once a week and brings a new one, so that one
that was passed on acts in its person's name for no longer."""
SENT_FORMS = "20 per 15 minutes"
"""Per address: each unit is reminded once a day anyway."""


_WORDS: dict[Shown, str] = {
    "tasks": "งานทั้งหมดของท่าน",
    "unit": "งานของหน่วยงานที่ค้าง",
    "task": "งานที่แจ้งถึงท่าน",
    "report": "รายงานที่รอท่านลงนาม",
    "reminders": "หน้าเลือกวิธีรับการแจ้งเตือน",
}
"""What a new link opens, in its message."""


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row of the person's own list, with the address of its answers; empty where that link was used up."""

    row: Row
    answers: str


def _was_wrong(response: FlaskResponse) -> bool:
    return response.status_code == 404


@pages.get("/seen/<seen>")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
def show(seen: str) -> ResponseReturnValue:
    try:
        found = _opened(seen)
        if found.link.shown == "reminders":
            return redirect(url_for("reminders_by_link.show_by_link", seen=seen))
        return _page(found)
    except (NotFoundError, LinkGoneError) as error:
        return gone(seen, error)


@pages.post("/seen/<seen>/remind")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
@limiter.limit(SENT_FORMS)
def remind(seen: str) -> ResponseReturnValue:
    """เตือนอีกครั้ง: what the page of the unit showed is sent, once a day."""
    problem, sent = None, False
    try:
        found = _opened(seen)
        if found.link.shown != "unit":
            raise NotFoundError("This link shows no unit.", "ลิงก์นี้ไม่ใช่ลิงก์ของหน่วยงาน")
        by, post = Actor(found.member.name, found.way, found.member.id), post_of(found.member)
        try:
            _must_remind(found)
            remind_again(db(), site().settings, found.viewer, found.link.thing, asked_as=post, by=by, at=now())
            db().commit()
            queue.send(site().settings, Work.DELIVER)
            sent = True
        except (ConflictError, ForbiddenError) as error:
            db().rollback()
            found, problem = _opened(seen), error
        return _unit(found, sent=sent, problem=problem), problem.http_status if problem else 200
    except (NotFoundError, LinkGoneError) as error:
        return gone(seen, error)


@pages.post("/seen/<seen>/unlink")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
@limiter.limit(SENT_FORMS)
def unlink_line(seen: str) -> ResponseReturnValue:
    """Who did not link the LINE account that has the own name parts it, by the mail that told of it."""
    try:
        found = _opened(seen)
        if found.link.shown != "line" or found.way != "email":
            raise NotFoundError("This link parts no LINE account.", "ลิงก์นี้ใช้ยกเลิกการเชื่อม LINE ไม่ได้")
        unlink(db(), found.member, Actor(found.member.name, found.way, found.member.id), now())
        return _line(found)
    except (NotFoundError, LinkGoneError) as error:
        return gone(seen, error)


@pages.post("/seen/<seen>/again")
@may(ANYONE)
@limiter.limit(WRONG_TOKENS, deduct_when=_was_wrong)
@few_new_links
def again(seen: str) -> ResponseReturnValue:
    """A new link, to the address alone that the old one went to; to the own tasks where the old one's thing is gone."""
    links = ReadingLinks(_key())
    old = too_old(db(), links, seen, today())
    if old is None or old.link.shown == "line" or not goes(old.way):
        return redirect(url_for("seen.show", seen=seen))
    shown = old.link.shown if _still_leads(old) else "tasks"
    fresh = renewed(links, old, shown, today())
    return send_new(fresh, f"/seen/{fresh.token}", _WORDS[shown])


def _still_leads(old: Opened) -> bool:
    """Whether its person may still see what the link showed."""
    try:
        return old.link.shown == "reminders" or bool(_page(old))
    except TrackerError:
        return False


def _page(found: Opened) -> str:
    pages_of = {"tasks": _tasks, "unit": _unit, "task": _task, "report": _report, "line": _line}
    return pages_of[found.link.shown](found)


def _opened(seen: str) -> Opened:
    return opened(db(), ReadingLinks(_key()), seen, today())


def _tasks(found: Opened) -> str:
    """All of the person's own open tasks, to be read and answered; what else the person looks after, to be read."""
    member, link = found.member, found.link
    view = own_view(db(), SentTo(member, found.address, link.sent_on), today(), "", _key())
    used = used_tasks(db(), member.id, link.sent_on, found.address, [item.task_id for item in view.items])
    rows = []
    for row in rows_of(view):
        answered_by = next((task for task in row.tasks if task not in used), None)
        rows.append(OwnRow(row, view.done_urls[answered_by] if answered_by else ""))
    is_above = found.viewer.sees_agency
    units = late_units(db(), found.viewer, today()) if is_above else []
    signs = found.viewer.executive_rank is not None
    reports = waiting_reports(db(), [member.agency_id]).get(member.agency_id, []) if signs else []
    return render_template(
        "seen/tasks.html",
        member=member,
        rows=rows,
        count=sum(len(one.row.tasks) for one in rows),
        units=[(one, _token(found, "unit", one.unit_id)) for one in units],
        reports=[(one, _token(found, "report", one.version_id)) for one in reports],
        until=_until(found),
        is_above=is_above,
    )


def _unit(found: Opened, *, sent: bool = False, problem: TrackerError | None = None) -> str:
    """What one unit owes, for those above it, and what reminding it again would send."""
    standing = unit_standing(db(), found.viewer, found.link.thing, today())
    late = [one for one in standing.owed if one.is_late(today())]
    return render_template(
        "seen/unit.html",
        standing=standing,
        late=late,
        offered=None if sent or problem else _offered(found),
        sent=sent,
        problem=problem and sentence(problem),
        address=url_for("seen.remind", seen=(request.view_args or {})["seen"]),
        now=now(),
        channel_name=_channel_name,
        head_of=head_of,
        dial=dial,
        today=today(),
        place_in_plan=place_in_plan,
        coming=[one for one in standing.owed if one not in late],
        until=_until(found),
        everything=_token(found, "tasks", 0),
    )


def _must_remind(found: Opened) -> None:
    """ConflictError where the link is older than the week until the next escalation: it has its own."""
    if today() > found.link.sent_on + REMINDS_FOR:
        raise ConflictError(
            "This link reminds nobody any more, it is older than a week: use your latest message, or sign in.",
            "ลิงก์นี้เก่ากว่า ๗ วัน ดูได้แต่ใช้เตือนไม่ได้แล้ว กรุณาใช้ข้อความล่าสุด หรือเข้าสู่ระบบ",
        )


def _offered(found: Opened) -> Prompt | None:
    """What the reader may have sent; None where the reader may not, or nothing is to be sent."""
    try:
        _must_remind(found)
        return look(db(), site().settings, found.viewer, found.link.thing, now())
    except (ConflictError, ForbiddenError):
        return None


def _channel_name(name: str) -> str:
    channel = find_channel(name)
    return said(channel.words.name) if channel else name


def _task(found: Opened) -> str:
    """One task as it stands, for a reader who does not answer for it."""
    task = visible_task(db(), found.viewer, found.link.thing)
    [one] = owed(db(), [task])
    return render_template("seen/task.html", one=one, today=today(), until=_until(found))


def _line(found: Opened) -> str:
    """Which LINE account has the person's name, and the way to part it."""
    address = url_for("seen.unlink_line", seen=(request.view_args or {})["seen"])
    return render_template("seen/line.html", member=found.member, address=address, until=_until(found))


def _report(found: Opened) -> str:
    """A frozen report, to be read before it is signed; signing asks for the sign-in."""
    version = db().get(ReportVersion, found.link.thing)
    is_theirs = version is not None and version.agency_id == found.viewer.agency_id and found.viewer.sees_agency
    if version is None or not is_theirs or version.reopened_at or version.round.state != RoundState.CLOSED:
        raise NotFoundError(
            "This report is no longer put before you; a newer one may follow.",
            "รายงานฉบับนี้ไม่ได้เสนอต่อท่านแล้ว อาจมีฉบับใหม่ตามมา",
        )
    return render_template("seen/report.html", version=version, report=report_of(version), until=_until(found))


def _until(found: Opened) -> date:
    return found.link.sent_on + GOOD_FOR


def _key() -> str:
    return secret_key(site().settings)


def _token(found: Opened, shown: Shown, thing: int) -> str:
    """Another page of the same person, for as long as this link is good."""
    return ReadingLinks(_key()).token(found.member.id, shown, thing, found.link.sent_on, found.address)
