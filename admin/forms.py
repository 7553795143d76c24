"""The base of every form: CSRF by Flask-WTF, messages from our own catalogue."""

from typing import Any

from flask_admin.form import BaseForm as FlaskAdminForm
from flask_babel import Domain
from flask_wtf import FlaskForm

from admin.translations import FOLDER


class _Messages:
    """WTForms' own messages in the reader's language; WTForms ships no Thai."""

    _domain = Domain(str(FOLDER), domain="wtforms")

    def gettext(self, text: str) -> str:
        return str(self._domain.gettext(text))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return str(self._domain.ngettext(singular, plural, count))


class Form(FlaskForm):
    """A form of our own pages."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Messages:  # noqa: ARG002
            return _Messages()


class SecureForm(FlaskAdminForm):
    """A form of a Flask-Admin view, under the same CSRF protection as ours."""

    class Meta(Form.Meta):
        pass
