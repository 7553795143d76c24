"""The form by which a plan's document comes in, and the years that it may be of."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from admin.web.context import site, today
from admin.web.formatting import fiscal_year
from admin.web.forms import Form
from tracker.errors import NotUnderstoodError
from tracker.plan_import.grid import Table
from tracker.plan_import.readers import read_document
from tracker.thai.calendar import fiscal_year_of
from tracker.thai.text import squeeze_spaces

_HEADER_ROWS = 3
_LONGEST_HEADER = 80
_LONGEST_PASTE = 500_000
YEARS_BACK = 10
"""Reports of the years before are kept for showing and copying; older ones are on paper."""
_PASTED = "วางข้อความ.txt"
PROBLEM = "problem"
"""Beside the fields that are kept: why the document could not be read."""


class PlanUploadForm(Form):
    fiscal_year = SelectField(lazy_gettext("Fiscal year"), coerce=int)
    document = FileField(lazy_gettext("File of the plan"))
    pasted = TextAreaField(lazy_gettext("Or paste the table here"), [Length(max=_LONGEST_PASTE)])

    def __init__(self, before: MultiDict[str, str] | None = None) -> None:
        """``before`` is what was sent and could not be read."""
        super().__init__(**({} if before is None else {"formdata": before}))
        self.fiscal_year.choices = [SelectChoice(year, fiscal_year(year)) for year in years()]
        if self.fiscal_year.data not in years():
            self.fiscal_year.data = fiscal_year_of(today())
        if before is not None:
            self.document.errors = before.getlist(PROBLEM)

    @property
    def problems(self) -> list[str]:
        """What is wrong with what was sent, a sentence each."""
        return [str(error) for field in self for error in field.errors]

    def sent(self) -> tuple[bytes, str]:
        """The document's bytes and name; NotUnderstoodError where neither a file nor a text was sent."""
        if self.document.data and self.document.data.filename:
            data = self.document.data.read()
            site().evidence.check_room(len(data))
            return data, self.document.data.filename
        if self.pasted.data and self.pasted.data.strip():
            return self.pasted.data.encode(), _PASTED
        raise NotUnderstoodError("Choose the file of the plan.", "กรุณาเลือกไฟล์แผน หรือวางตารางของแผน")


def years() -> range:
    """The fiscal years that a plan may be of: the next one and back."""
    this = fiscal_year_of(today())
    return range(this + 1, this - YEARS_BACK, -1)


def headers_of(data: bytes, name: str) -> list[str]:
    """What may be a header: the short texts of the first rows of the document's tables."""
    texts = []
    for table in read_document(data, name).blocks:
        if isinstance(table, Table):
            filled = [row for row in table.rows if len(row.filled) > 1]
            texts += [squeeze_spaces(cell.text) for row in filled[:_HEADER_ROWS] for cell in row.filled]
    return list(dict.fromkeys(text for text in texts if len(text) <= _LONGEST_HEADER))
