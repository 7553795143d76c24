"""The person's own account: language, digits, password, and the agency to work in."""

from flask import flash, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired

from admin.web import language
from admin.web.base_view import Page, expose
from admin.web.context import db, defers_write_lock, now, writing
from admin.web.formatting import sentence
from admin.web.forms import Form
from admin.web.identity import person, sign_in
from admin.web.limits import limiter
from admin.web.may import SIGNED_IN
from tracker.errors import TrackerError
from tracker.services.accounts.accounts import change_password, hashed_anew
from tracker.services.accounts.passwords import SHORTEST
from tracker.services.accounts.sessions import places_of


class ReadingForm(Form):
    language = RadioField(
        lazy_gettext("Language"), choices=[SelectChoice("th", "ภาษาไทย"), SelectChoice("en", "English")]
    )
    digits = RadioField(
        lazy_gettext("Digits on Thai pages"), choices=[SelectChoice("thai", "๑ ๒ ๓"), SelectChoice("arabic", "1 2 3")]
    )


class PasswordForm(Form):
    current = PasswordField(lazy_gettext("Current password"), [InputRequired()])
    new = PasswordField(lazy_gettext("New password"), [InputRequired()])
    again = PasswordField(
        lazy_gettext("New password again"),
        [InputRequired(), EqualTo("new", lazy_gettext("The two new passwords differ: type both again."))],
    )


class AccountPage(Page):
    """บัญชีของฉัน."""

    may = SIGNED_IN

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("My account"), endpoint="account", url="/account")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(PasswordForm(formdata=None))

    @expose("/reading", methods=["POST"], may=SIGNED_IN)
    def reading(self) -> ResponseReturnValue:
        form = ReadingForm()
        if not form.validate():
            return self._page(PasswordForm(formdata=None)), 422
        account = person().account
        account.language, account.thai_digits = form.language.data, form.digits.data == "thai"
        language.changed()
        flash(gettext("Saved."), "success")
        return redirect(url_for("account.index"))

    @expose("/password", methods=["POST"], may=SIGNED_IN)
    @defers_write_lock
    @limiter.limit("10 per 15 minutes", key_func=lambda: f"password {person().account.id}")
    def password(self) -> ResponseReturnValue:
        form = PasswordForm()
        if not form.validate():
            return self._page(form), 422
        account = person().account
        try:
            new = hashed_anew(db(), account, current=form.current.data or "", new=form.new.data or "")
            change_password(writing(), account, new)
        except TrackerError as error:
            (form.new if error.http_status == 422 else form.current).errors = [sentence(error)]
            return self._page(form), 422
        sign_in(account, by="new password")
        flash(gettext("The password is changed; other devices are signed out."), "success")
        return redirect(url_for("account.index"))

    @expose("/agency", methods=["POST"], may=SIGNED_IN)
    def agency(self) -> ResponseReturnValue:
        if request.form.get("member", type=int) in {member.id for member in person().members}:
            cookie["member"] = request.form.get("member", type=int)
            cookie.pop("year", None)
        return redirect(url_for("home"))

    def _page(self, password: PasswordForm) -> str:
        account = person().account
        reading = ReadingForm(
            formdata=None, language=account.language, digits="thai" if account.thai_digits else "arabic"
        )
        return self.render(
            "accounts/account.html",
            reading=reading,
            password=password,
            shortest=SHORTEST,
            places=len(places_of(db(), account, now())),
        )
