"""ตัวอย่างข้อความ: any person's digest as it would be now, for the coordinator; nothing is sent or kept."""

from datetime import datetime, timedelta

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy import select

from admin.pages.reminders.reminders import sandboxed
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, site, today
from admin.web.formatting import weekday
from admin.web.identity import agency, viewer
from tracker.errors import NotFoundError
from tracker.models import Member
from tracker.reminders.first_messages import messages_at
from tracker.reminders.preview import Preview, preview
from tracker.services.organisation.agencies import working_days


class PreviewPage(CoordinatorPage):
    """One person, one message."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Preview"), endpoint="preview", url="/reminders/preview")

    def is_visible(self) -> bool:
        return False

    @expose("")
    @expose("/")
    def index(self) -> ResponseReturnValue:
        people = select(Member).where(Member.agency_id == viewer().agency_id, Member.active, Member.roles.any())
        asked = request.args.get("person", type=int)
        member = _member(asked) if asked else None
        next_day = working_days(db(), viewer().agency_id).next_or_same(today() + timedelta(days=1))
        opening = datetime.combine(next_day, agency().send_from, tzinfo=site().settings.zone)
        with site().database.session(writing=True) as session:
            coming = messages_at(session, site().settings, viewer().agency_id, opening, whatever_the_hour=False)
        return self.render(
            "reminders/preview.html",
            coming=coming,
            next_day=next_day,
            weekday=weekday,
            people=db().scalars(people.order_by(Member.name, Member.id)).all(),
            member=member,
            preview=_preview(member) if member else None,
        )

    @expose("/<int:member_id>/body")
    def body(self, member_id: int) -> Response:
        """The message alone, in a sandbox."""
        found = _preview(_member(member_id))
        if found.content is None:
            raise NotFoundError("There is nothing to tell this person now.", "ขณะนี้ไม่มีเรื่องต้องแจ้งบุคคลนี้")
        return sandboxed(found.content.html)


def _member(member_id: int) -> Member:
    member = db().scalar(select(Member).where(Member.agency_id == viewer().agency_id, Member.id == member_id))
    if member is None:
        raise NotFoundError("There is no such person.", "ไม่พบบุคลากรนี้")
    return member


def _preview(member: Member) -> Preview:
    with site().database.session(writing=True) as session:
        return preview(session, site().settings, member, now())
