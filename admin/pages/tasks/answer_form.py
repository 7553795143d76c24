"""The form behind the link of an e-mail: one of three answers, for one or several occasions of a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from admin.pages.tasks.task_forms import TickForm
from admin.web.context import today
from admin.web.formatting import day, sentence, timeliness
from admin.web.labels import reason_name
from tracker.errors import NotUnderstoodError
from tracker.kinds import Reason
from tracker.line.sentences import Reading, read_answer
from tracker.line.work import LastTime, Occasion, Work, carried_over
from tracker.services.tasks.action_links import Answer, AnswerKind, DoneOffer
from tracker.services.tasks.progress import LONGEST_TEXT
from tracker.thai.days import read_day

ANSWERS: tuple[AnswerKind, ...] = ("done", "note", "not_possible")


@dataclass(slots=True)
class OccasionRow:
    """One occasion in the form: whether it is meant, and on which day it was done. ``suffix`` ends its field names."""

    occasion: Occasion
    is_late: bool
    suffix: str
    checked: bool
    typed: str = ""
    unknown: bool = False
    on: date | None = None
    error: str | None = None
    is_early: bool = False
    """The day lies before the occasion's own month, quarter or half began: asked about."""
    early_meant: bool = False
    counts: str = ""
    """How the day counts, in words."""


class AnswerForm(TickForm):
    """Which answer, of which occasions, in which words; ``asks_about`` is what a sentence says against ทำแล้ว."""

    answer = RadioField(lazy_gettext("Answer"), default="done")
    result = TextAreaField(lazy_gettext("What was done"), [Length(max=LONGEST_TEXT)])
    note = TextAreaField(lazy_gettext("Progress so far"), [Length(max=LONGEST_TEXT)])
    reason = RadioField(lazy_gettext("Reason"), validate_choice=False)
    text = TextAreaField(lazy_gettext("In your words"), [Length(max=LONGEST_TEXT)])
    sure = HiddenField()

    def __init__(self, offered: DoneOffer, work: Work, *, wanted: str = "", **named: Any) -> None:
        super().__init__(sender=offered.key, **named)
        del self.done_on  # each occasion has a day of its own
        self.answer.choices = [
            SelectChoice("done", gettext("Done")),
            SelectChoice("note", gettext("Not finished")),
            SelectChoice("not_possible", gettext("Not possible")),
        ]
        self.reason.choices = [SelectChoice(reason, reason_name(reason)) for reason in Reason]
        if not self.is_submitted() and wanted in ANSWERS:
            self.answer.data = wanted
        self.rows = self._rows_of(offered, work)
        self._earliest = work.earliest
        self.asks_about: Reading | None = None

    def _rows_of(self, offered: DoneOffer, work: Work) -> list[OccasionRow]:
        sent = self.is_submitted()
        chosen = set(request.form.getlist("task", type=int)) if sent else set()
        if sent and "several" not in request.form:
            chosen = {offered.task.id}
        rows = []
        for task, occasion in zip(offered.occasions, work.occasions, strict=True):
            is_due = task.due_on is not None and task.due_on <= today()
            own = task.id == offered.task.id
            suffix = "" if own else f"-{task.id}"
            checked = task.id in chosen if sent else own or (is_due and self.answer.data == "done")
            row = OccasionRow(occasion, bool(task.due_on and task.due_on < today()), suffix, checked)
            if sent:
                row.typed = request.form.get(f"done_on{suffix}", "").strip()[:100]
                row.unknown = f"unknown{suffix}" in request.form
                row.early_meant = f"early{suffix}" in request.form
            rows.append(row)
        return rows

    @property
    def chosen(self) -> Sequence[OccasionRow]:
        return [row for row in self.rows if row.checked]

    def as_answer(self) -> Answer:
        """What a valid form says."""
        kind = cast(AnswerKind, self.answer.data)
        words = {"done": self.result, "note": self.note, "not_possible": self.text}[kind]
        return Answer(
            kind=kind,
            tasks=tuple(row.occasion.task_id for row in self.chosen),
            text=(words.data or "").strip(),
            outcome=self.outcome.data,
            days={row.occasion.task_id: row.on for row in self.chosen},
            reason=self.reason.data or "",
            evidence=self.evidence,
            form_key=self.form_key,
        )

    def copy(self, last: LastTime | None) -> None:
        """Last time's words for these occasions."""
        if last is not None and self.rows:
            self.result.data = carried_over(last, self.rows[-1].occasion)[0]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.answer.data == "done":
            with_day = [self._has_day(row) for row in self.chosen]
            valid &= all(with_day)
        if valid and self.answer.data == "done" and not self.sure.data:
            read = read_answer(self.result.data or "", today(), self._earliest)
            self.asks_about = None if read.kind == "result" else read
        return bool(valid and self.asks_about is None)

    def validate_answer(self, _field: RadioField) -> None:
        if not self.chosen:
            raise ValidationError(gettext("Choose at least one of them."))

    def validate_result(self, field: TextAreaField) -> None:
        if self.answer.data == "done" and not (field.data or "").strip():
            raise ValidationError(gettext("Write in a sentence what was done."))

    def validate_note(self, field: TextAreaField) -> None:
        if self.answer.data == "note" and not (field.data or "").strip():
            raise ValidationError(gettext("Write in a sentence how far it is."))

    def validate_reason(self, field: RadioField) -> None:
        if self.answer.data == "not_possible" and field.data not in list(Reason):
            raise ValidationError(gettext("Choose the reason."))

    def validate_text(self, field: TextAreaField) -> None:
        if self.answer.data == "not_possible" and self.reason.data == Reason.OTHER and not (field.data or "").strip():
            raise ValidationError(gettext("Say why it is not possible."))

    def _has_day(self, row: OccasionRow) -> bool:
        """Reads the day of a chosen occasion; what is wrong stands in the row."""
        if row.unknown:
            return True
        try:
            row.on = read_day(row.typed, today(), "past", due_on=row.occasion.due_on) if row.typed else None
        except NotUnderstoodError as error:
            row.error = sentence(error)
            return False
        if row.on is None:
            row.error = gettext(
                "Say the day of %(occasion)s, or that nobody remembers it.", occasion=row.occasion.label
            )
        elif row.on > today():
            row.error = gettext("This day is still to come: write the day on which it was done.")
        else:
            row.typed = day(row.on)
            row.counts = timeliness(row.on, row.occasion.due_on, today())
            row.is_early = row.occasion.starts_on is not None and row.on < row.occasion.starts_on
            if row.is_early and not row.early_meant:
                row.error = gettext(
                    "%(day)s lies before %(occasion)s began: check the day, or say that it is meant.",
                    day=day(row.on),
                    occasion=row.occasion.label,
                )
        return row.error is None
