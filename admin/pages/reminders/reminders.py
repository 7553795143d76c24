"""การแจ้งเตือน: messages that landed in the mailbox, and "send now"."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import joinedload

from admin.web import queue
from admin.web.base_view import Page, expose
from admin.web.context import db, now, site, today
from admin.web.formatting import weekday
from admin.web.headers import own_styles
from admin.web.identity import agency, viewer
from admin.web.may import COORDINATOR, MEMBER
from tracker.broker import Work
from tracker.errors import NotFoundError
from tracker.models import MailboxMessage
from tracker.reminders.first_messages import messages_at
from tracker.reminders.sweep import reminds
from tracker.services.access import mailbox_of
from tracker.services.organisation.agencies import working_days

SHOWN = 100


class RemindersPage(Page):
    """A member's own messages; the coordinator sees those of the agency."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Reminders"), endpoint="reminders", url="/reminders")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        messages = mailbox_of(viewer()).options(joinedload(MailboxMessage.member))
        newest = messages.order_by(MailboxMessage.sent_at.desc(), MailboxMessage.id.desc()).limit(SHOWN)
        return self.render("reminders/reminders.html", messages=db().scalars(newest).all())

    @expose("/send", may=COORDINATOR)
    def look(self) -> ResponseReturnValue:
        """To whom what would go by which channel, and that the office is closed, before anything goes."""
        with site().database.session(writing=True) as session:
            messages = messages_at(session, site().settings, agency().id, now(), whatever_the_hour=True)
        return self.render(
            "reminders/send.html",
            messages=messages,
            is_on=reminds(agency().reminders_from, today()),
            why_off=working_days(db(), agency().id).why_off(today()),
            today=today(),
            weekday=weekday,
        )

    @expose("/send", methods=["POST"], may=COORDINATOR)
    def send(self) -> ResponseReturnValue:
        if queue.send(site().settings, Work.SWEEP_AGENCY_NOW, agency().id):
            flash(gettext("Reminders are being sent; reload this page in a moment."), "success")
        else:
            flash(
                gettext("The workers cannot be reached: start the whole system with “tracker up”, then try again."),
                "error",
            )
        return redirect(url_for("reminders.index"))

    @expose("/<int:message_id>")
    def show(self, message_id: int) -> ResponseReturnValue:
        return self.render("reminders/message.html", message=_message(message_id))

    @expose("/<int:message_id>/read", methods=["POST"], may=MEMBER)
    def read(self, message_id: int) -> ResponseReturnValue:
        message = _message(message_id)
        message.read_at = message.read_at or now()
        return redirect(url_for("reminders.index"))

    @expose("/<int:message_id>/body")
    def body(self, message_id: int) -> ResponseReturnValue:
        """The message as it was composed, in a sandbox: its own style sheet by its hash, no script, no network."""
        return sandboxed(_message(message_id).body_html)


def sandboxed(page: str) -> Response:
    """A composed message as a page for a frame of ours."""
    styles = own_styles(page)
    page = page.replace("<head>", '<head><base target="_top">', 1)
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {styles}; frame-ancestors 'self'; "
        "sandbox allow-top-navigation-by-user-activation"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _message(message_id: int) -> MailboxMessage:
    query = mailbox_of(viewer()).where(MailboxMessage.id == message_id).options(joinedload(MailboxMessage.member))
    message = db().scalar(query)
    if message is None:
        raise NotFoundError("There is no such message, or it is not yours.", "ไม่พบข้อความนี้ หรือข้อความนี้ไม่ใช่ของท่าน")
    return message
