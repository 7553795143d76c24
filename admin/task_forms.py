"""The forms of one task: tick off with evidence, not possible, progress note. Errors lose nothing that was sent."""

from dataclasses import asdict
from typing import Any

from flask import current_app, request
from flask_babel import gettext, lazy_gettext
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import Field, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from admin.context import site, today
from admin.forms import DayField, Form
from admin.people import person
from admin.wording import reason_name, sentence
from tracker.errors import NotUnderstoodError
from tracker.models import REASONS
from tracker.services.progress import LONGEST_TEXT
from tracker.storage import NewEvidence, link

_KEPT_SECONDS = 2 * 24 * 3600


class TickForm(Form):
    """What was done, what came of it, when, and the evidence."""

    result = TextAreaField(
        lazy_gettext("What was done"),
        [InputRequired(lazy_gettext("Write in a sentence what was done.")), Length(max=LONGEST_TEXT)],
    )
    outcome = TextAreaField(lazy_gettext("What came of it"), [Length(max=LONGEST_TEXT)])
    done_on = DayField(
        lazy_gettext("Day it was done"),
        [InputRequired(lazy_gettext("Write the day on which it was done."))],
        default=today,
    )
    files = MultipleFileField(lazy_gettext("Photos or files"))
    links = StringField(lazy_gettext("Link"), [Length(max=4000)])

    def __init__(self, *arguments: Any, sender: str | None = None, **named: Any) -> None:
        """``sender`` stands for one who did not sign in: kept files are given back to their sender alone."""
        super().__init__(*arguments, **named)
        self._sender = sender or f"account {person().account.id}"
        kept = request.form.getlist("kept") if request.method == "POST" else []
        self.kept: list[NewEvidence] = _unsealed(kept, self._sender)
        self.linked: list[NewEvidence] = []
        self._refused: list[str] = []

    def receive(self) -> None:
        """Stores each file that can be kept, so that an error elsewhere does not ask for it again.

        It takes its time (photos are drawn anew): call it while no transaction is open.
        """
        for upload in self.files.data or ():
            if getattr(upload, "filename", ""):
                try:
                    self.kept.append(site().evidence.keep(upload.read(), upload.filename))
                except NotUnderstoodError as error:
                    self._refused.append(sentence(error))

    def validate_done_on(self, field: DayField) -> None:
        if field.data is not None and field.data > today():
            raise ValidationError(gettext("This day is still to come: write the day on which it was done."))

    def validate_files(self, _field: MultipleFileField) -> None:
        if self._refused:
            raise ValidationError(" ".join(self._refused))

    def validate_links(self, field: StringField) -> None:
        try:
            self.linked = [link(word) for word in (field.data or "").split()]
        except NotUnderstoodError as error:
            raise ValidationError(sentence(error)) from None

    @property
    def evidence(self) -> list[NewEvidence]:
        return [*self.kept, *self.linked]

    @property
    def sealed(self) -> list[tuple[str, str]]:
        """The kept files for the form to send again: (value, name)."""
        seal = _seal()
        return [(seal.dumps([self._sender, asdict(piece)]), piece.original_name) for piece in self.kept]


class NotPossibleForm(Form):
    """Why a task cannot be done."""

    reason = RadioField(lazy_gettext("Reason"), [InputRequired(lazy_gettext("Choose the reason."))])
    text = TextAreaField(lazy_gettext("In your words"), [Length(max=LONGEST_TEXT)])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.reason.choices = [SelectChoice(reason, reason_name(reason)) for reason in REASONS]

    def validate_text(self, field: Field) -> None:
        if self.reason.data == "other" and not (field.data or "").strip():
            raise ValidationError(gettext("Say why it is not possible."))


class NoteForm(Form):
    """How far a task is that is still under way."""

    note = TextAreaField(
        lazy_gettext("How far it is"),
        [InputRequired(lazy_gettext("Write in a sentence how far it is.")), Length(max=LONGEST_TEXT)],
    )


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="kept evidence")


def _unsealed(values: list[str], sender: str) -> list[NewEvidence]:
    kept = []
    for value in values:
        try:
            sent_by, piece = _seal().loads(value, max_age=_KEPT_SECONDS)
        except BadData:
            continue
        if sent_by == sender:
            kept.append(NewEvidence(**piece))
    return kept
