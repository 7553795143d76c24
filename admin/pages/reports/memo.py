"""บันทึกข้อความ: memos to units whose tasks are late, and the one that puts a round's report before the executive."""

from datetime import timedelta
from typing import ClassVar

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from admin.pages.reports.report_files import attachment
from admin.pages.reports.rounds import asked_round
from admin.web.base_view import CoordinatorPage, expose
from admin.web.context import db, now, site, today
from admin.web.forms import ComingDayField, DayField, Form
from admin.web.identity import actor, agency, person, viewer
from admin.web.may import COORDINATOR
from admin.web.two_savers import changed_fields, quoted
from admin.web.years import years
from tracker.errors import ConflictError
from tracker.memos.memo import Fields, Memo
from tracker.memos.memo_docx import render
from tracker.memos.memo_texts import LateUnit, cover_memo, late_memo
from tracker.models import MemoFields, Plan
from tracker.reports import FORMATS
from tracker.reports.data import ReportData, RoundNumber
from tracker.services.reports import closing, memos
from tracker.services.reports.compose import report_data
from tracker.services.reports.snapshots import report_of

_DAYS_TO_REPLY = 7
_LONG, _SHORT = Length(max=300), Length(max=100)
_NEEDED = InputRequired(lazy_gettext("Fill this in, please."))


class MemoForm(Form):
    office = StringField(lazy_gettext("Office (ส่วนราชการ)"), [_NEEDED, _LONG])
    number = StringField(lazy_gettext("Number (ที่)"), [_SHORT])
    day = DayField(lazy_gettext("Day (วันที่)"), [InputRequired(lazy_gettext("Type a day."))])
    signer_name = StringField(lazy_gettext("Who signs"), [_NEEDED, _LONG])
    signer_position = StringField(lazy_gettext("Position"), [_LONG])

    remembers: ClassVar[tuple[str, ...]] = ("office", "number", "signer_name", "signer_position")
    """What the next memo begins with."""

    def remembered(self) -> dict[str, str]:
        return {name: (self[name].data or "").strip() for name in self.remembers}

    def remember(self) -> None:
        """Keeps what was typed; ConflictError where a colleague kept something else in the same field meanwhile."""
        typed, stands = self.remembered(), _stands(self)
        kinds = ("memo_fields_changed",)
        mine = changed_fields(typed, stands, kinds, lambda name: quoted(self[name].label.text, stands[name]))
        kept = stands | {name: typed[name] for name in mine}
        memos.remember_fields(db(), agency(), by=actor(), at=now(), **kept)

    def fields(self) -> Fields:
        assert self.day.data is not None  # noqa: S101  (validated)
        typed = self.remembered()
        return Fields(
            office=typed["office"],
            number=typed["number"],
            day=self.day.data,
            signer_name=typed["signer_name"],
            signer_position=typed["signer_position"],
        )


class LateForm(MemoForm):
    reply_by = ComingDayField(lazy_gettext("Answer wanted by"), [InputRequired(lazy_gettext("Type a day."))])


class CoverForm(MemoForm):
    remembers = (*MemoForm.remembers, "executive")
    executive = StringField(lazy_gettext("Addressed to (เรียน)"), [_NEEDED, _LONG])


class MemoPage(CoordinatorPage):
    """The fields, what the memo will say, and the file."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Memo"), endpoint="memo", url="/memo")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return redirect(url_for("memo.late"))

    @expose("/late")
    def late(self) -> ResponseReturnValue:
        found = years()
        if found.shown is None:
            return self.render("web/no_plan.html", may_import=True)
        return self._late(found.shown, LateForm(formdata=None, data=_beginning() | {"reply_by": _reply_by()}))

    @expose("/late", methods=["POST"], may=COORDINATOR)
    def write_late(self) -> ResponseReturnValue:
        plan = years().shown
        if plan is None:
            raise ConflictError("There is no plan yet.", "ยังไม่มีแผน")
        form, units = LateForm(), memos.late_units(db(), plan, today())
        wanted = set(request.form.getlist("unit", type=int))
        chosen = [unit for unit_id, unit in units.items() if unit_id in wanted]
        if not form.validate() or not chosen:
            return self._late(plan, form, nobody=not chosen), 422
        form.remember()
        reply_by = form.reply_by.data
        assert reply_by is not None  # noqa: S101  (validated)
        letters = [late_memo(unit, form.fields(), agency().name, plan.fiscal_year, reply_by) for unit in chosen]
        return _file(letters, f"memo-late-{plan.fiscal_year}.docx")

    @expose("/round/<int:fiscal_year>/<int:number>")
    def cover(self, fiscal_year: int, number: int) -> ResponseReturnValue:
        plan, round_number = asked_round(fiscal_year, number)
        return self._cover(plan, round_number, CoverForm(formdata=None, data=_beginning()))

    @expose("/round/<int:fiscal_year>/<int:number>", methods=["POST"], may=COORDINATOR)
    def write_cover(self, fiscal_year: int, number: int) -> ResponseReturnValue:
        plan, round_number = asked_round(fiscal_year, number)
        form = CoverForm()
        if not form.validate():
            return self._cover(plan, round_number, form), 422
        executive = (form.executive.data or "").strip()
        form.remember()
        figures = memos.round_figures(_report(plan, round_number), today())
        letter = cover_memo(figures, form.fields(), agency().name, plan.fiscal_year, round_number, executive)
        return _file([letter], f"memo-{plan.fiscal_year}-{round_number}.docx")

    def _late(self, plan: Plan, form: LateForm, *, nobody: bool = False) -> str:
        units = memos.late_units(db(), plan, today())
        wanted = set(request.form.getlist("unit", type=int)) or {request.args.get("unit", type=int)} & units.keys()
        return self.render(
            "reports/memo_late.html",
            plan=plan,
            form=form,
            stands=_stands(form),
            units=units,
            wanted=wanted or set(units),
            nobody=gettext("Choose at least one unit.") if nobody and units else None,
            days_late=_days_late,
        )

    def _cover(self, plan: Plan, number: RoundNumber, form: CoverForm) -> str:
        figures = memos.round_figures(_report(plan, number), today())
        known = _known()
        fields = Fields(known.office, known.number, today(), known.signer_name, known.signer_position)
        shown = cover_memo(figures, fields, agency().name, plan.fiscal_year, number, known.executive)
        return self.render(
            "reports/memo_cover.html",
            plan=plan,
            number=number,
            form=form,
            stands=_stands(form),
            memo=shown,
            figures=figures,
        )


def _report(plan: Plan, number: RoundNumber) -> ReportData:
    """What the memo goes with: the closed report, else the draft as it stands now."""
    version = closing.closed_version(db(), plan, number)
    return report_of(version) if version else report_data(db(), plan, number, site().settings.zone)


def _known() -> MemoFields:
    return memos.memo_fields(db(), agency(), viewer().name, _own_position())


def _beginning() -> dict[str, object]:
    known = _known()
    names = ("office", "number", "signer_name", "signer_position", "executive")
    return {name: getattr(known, name) for name in names} | {"day": today()}


def _stands(form: MemoForm) -> dict[str, str]:
    """What is kept of the form's fields now."""
    known = _known()
    return {name: getattr(known, name) for name in form.remembers}


def _reply_by() -> object:
    return today() + timedelta(_DAYS_TO_REPLY)


def _days_late(unit: LateUnit) -> int:
    return max((today() - task.due_on).days for task in unit.tasks)


def _file(letters: list[Memo], name: str) -> Response:
    db().commit()  # nobody waits while the file is written
    return attachment(render(letters), name, FORMATS["docx"].content_type)


def _own_position() -> str:
    member = person().member
    return member.position if member else ""
