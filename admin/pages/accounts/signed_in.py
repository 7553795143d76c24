"""ที่เข้าสู่ระบบอยู่: where the account is signed in, and signing out there."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from admin.web.base_view import Page, expose
from admin.web.context import db, now
from admin.web.formatting import number
from admin.web.identity import person
from admin.web.may import SIGNED_IN
from tracker.errors import NotFoundError
from tracker.services.accounts import sessions

_BROWSERS = {
    "Line/": "LINE", "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser/": "Samsung Internet", "Firefox/": "Firefox",
    "FxiOS/": "Firefox", "CriOS/": "Chrome", "Chrome/": "Chrome", "Safari/": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Macintosh": "Mac",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


class SignedInPage(Page):
    """One's own sessions."""

    may = SIGNED_IN

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Signed in"), endpoint="signed_in", url="/account/signed-in")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        places = sessions.places_of(db(), person().account, now())
        return self.render(
            "accounts/signed_in.html", places=places, here=person().signed_in_id, device_words=device_words
        )

    @expose("/<int:signed_in_id>/end", methods=["POST"], may=SIGNED_IN)
    def end(self, signed_in_id: int) -> ResponseReturnValue:
        if not sessions.end(db(), person().account, signed_in_id):
            raise NotFoundError("There is no such sign-in of yours.", "ไม่พบการเข้าสู่ระบบนี้ของท่าน")
        flash(gettext("Signed out there."), "success")
        return redirect(url_for("signed_in.index"))

    @expose("/others/end", methods=["POST"], may=SIGNED_IN)
    def end_others(self) -> ResponseReturnValue:
        ended = sessions.end_others(db(), person().account, person().signed_in_id or 0)
        flash(ngettext("Signed out in %(n)s place.", "Signed out in %(n)s places.", ended, n=number(ended)), "success")
        return redirect(url_for("signed_in.index"))


def device_words(user_agent: str) -> str:
    """Browser and system in two words, such as “Chrome, Android”; what is unknown is said so."""
    found = [next((word for mark, word in known.items() if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(word for word in found if word) or gettext("an unknown browser")
