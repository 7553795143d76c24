"""The base of every form: CSRF by Flask-WTF, messages from our own catalogue."""

from datetime import date
from typing import Any

from flask_admin.form import BaseForm as FlaskAdminForm
from flask_babel import Domain
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.widgets import HiddenInput, TextInput

from admin.translations import FOLDER
from admin.web.context import today
from admin.web.formatting import day, sentence
from tracker.errors import NotUnderstoodError
from tracker.thai.days import Side, read_day


class _Messages:
    """WTForms' own messages in the reader's language; WTForms ships no Thai."""

    _domain = Domain(str(FOLDER), domain="wtforms")

    def gettext(self, text: str) -> str:
        return str(self._domain.get_translations().ugettext(text))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return str(self._domain.get_translations().ungettext(singular, plural, count))


class Form(FlaskForm):
    """A form of our own pages."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Messages:  # noqa: ARG002
            return _Messages()


class SecureForm(FlaskAdminForm):
    """A form of a Flask-Admin view, under the same CSRF protection as ours."""

    class Meta(Form.Meta):
        pass


class SeenField(StringField):
    """The stamp among the fields of a form that is stored as a whole."""

    widget = HiddenInput()

    def populate_obj(self, obj: object, name: str) -> None:
        """It is no part of what is stored."""


class DayField(Field):
    """A day, typed and read as people do: ๓๑/๓/๒๕๖๖, 31 มี.ค. 66, 2023-03-31. Its data are a date or None.

    A form made with ``meta={"due_on": …}`` reads วันครบกำหนด.
    """

    widget = TextInput()
    side: Side = "near"
    data: date | None

    def read(self, typed: str) -> date:
        """The day that was typed; NotUnderstoodError where it is none."""
        return read_day(typed, today(), self.side, due_on=getattr(self.meta, "due_on", None))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return day(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        self.raw_data = valuelist = [text.strip() for text in valuelist]  # spaces alone are nothing to InputRequired
        if valuelist and valuelist[0]:
            try:
                self.data = self.read(valuelist[0])
            except NotUnderstoodError as error:
                raise ValueError(sentence(error)) from None


class PastDayField(DayField):
    """A day that has been: ๓๑ มี.ค. without its year is the latest."""

    side = "past"


class ComingDayField(DayField):
    """A day still to come: ๓๑ มี.ค. without its year is the next."""

    side = "ahead"
