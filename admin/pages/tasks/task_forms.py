"""The forms of one task: tick off with evidence, not possible, progress note. Errors lose nothing that was sent."""

import re
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from flask import current_app, request
from flask_babel import gettext, lazy_gettext
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from admin.web.context import site, today
from admin.web.formatting import number, sentence
from admin.web.forms import DayField, Form, PastDayField
from admin.web.identity import person
from admin.web.labels import reason_name
from admin.web.request_numbers import whole
from tracker.errors import NotUnderstoodError
from tracker.kinds import Reason
from tracker.models import Completion
from tracker.services.tasks.progress import LONGEST_TEXT
from tracker.store.storage import NewEvidence, link

MOST_FILES = 20
"""Photos and files of one report, as by LINE."""
_KEPT_SECONDS = 2 * 24 * 3600
_KEY = re.compile(r"[0-9a-f]{32}")


class EvidenceForm(Form):
    """Photos, files and links of a report; what was received stays where an error elsewhere shows the form again."""

    files = MultipleFileField(lazy_gettext("Photos or files"))
    links = StringField(lazy_gettext("Link"), [Length(max=4000)])

    def __init__(
        self, *arguments: Any, sender: str | None = None, typed: MultiDict[str, str] | None = None, **named: Any
    ) -> None:
        """``sender`` stands for one who did not sign in: kept files are given back to their sender alone.

        ``typed`` is what the form held when it came too late (``admin.web.form_recovery``).
        """
        super().__init__(*arguments, **({"formdata": typed} if typed else {}), **named)
        self._sender = sender or f"account {person().account.id}"
        sent = request.form if request.method == "POST" else typed
        self.kept: list[NewEvidence] = _unsealed(sent.getlist("kept") if sent else [], self._sender)
        self.linked: list[NewEvidence] = []
        self._refused: list[str] = []

    def receive(self) -> None:
        """Stores each file that can be kept, so that an error elsewhere does not ask for it again.

        It takes its time (photos are drawn anew): call it while no transaction is open.
        """
        uploads = [upload for upload in self.files.data or () if getattr(upload, "filename", "")]
        if len(self.kept) + len(uploads) > MOST_FILES:
            self._refused.append(
                gettext("At most %(n)s photos and files go with one report: leave some out.", n=number(MOST_FILES))
            )
            return
        for upload in uploads:
            try:
                self.kept.append(site().evidence.keep(upload.read(), upload.filename))
            except NotUnderstoodError as error:
                self._refused.append(sentence(error))

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


class TickForm(EvidenceForm):
    """What was done, what came of it, when, and the evidence."""

    result = TextAreaField(
        lazy_gettext("What was done"),
        [InputRequired(lazy_gettext("Write in a sentence what was done.")), Length(max=LONGEST_TEXT)],
    )
    outcome = TextAreaField(lazy_gettext("What came of it"), [Length(max=LONGEST_TEXT)])
    done_on = PastDayField(
        lazy_gettext("Day it was done"),
        [InputRequired(lazy_gettext("Write the day on which it was done."))],
        default=today,
    )
    also = SelectMultipleField(coerce=whole, choices=[], validate_choice=False)
    own_days = BooleanField(lazy_gettext("Each was done on the day it was due"))
    key = HiddenField(default=lambda: uuid4().hex)

    def validate_done_on(self, field: DayField) -> None:
        if field.data is not None and field.data > today():
            raise ValidationError(gettext("This day is still to come: write the day on which it was done."))

    @property
    def form_key(self) -> str | None:
        """What knows this form again when it is sent twice; None where it was tampered with."""
        return self.key.data if _KEY.fullmatch(self.key.data or "") else None

    def fill(self, completion: Completion) -> None:
        """Shows what was recorded before and taken back, with its evidence, to be corrected."""
        self.result.data, self.outcome.data = completion.result, completion.outcome
        self.done_on.data = completion.done_on
        self.links.data = " ".join(piece.url for piece in completion.evidence if piece.url)
        self.kept = [
            NewEvidence(piece.original_name, piece.stored_name, piece.media_type, piece.size, piece.sha256)
            for piece in completion.evidence
            if piece.stored_name
        ]


class NotPossibleForm(Form):
    """Why a task cannot be done, and since when that is known."""

    reason = RadioField(lazy_gettext("Reason"), [InputRequired(lazy_gettext("Choose the reason."))])
    text = TextAreaField(lazy_gettext("In your words"), [Length(max=LONGEST_TEXT)])
    declared_on = PastDayField(lazy_gettext("Day from which it is not possible"), default=today)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.reason.choices = [SelectChoice(reason, reason_name(reason)) for reason in Reason]

    def validate_text(self, field: Field) -> None:
        if self.reason.data == "other" and not (field.data or "").strip():
            raise ValidationError(gettext("Say why it is not possible."))

    def validate_declared_on(self, field: DayField) -> None:
        """A form from before there was the field sends none: it is of today."""
        if field.raw_data and not field.raw_data[0]:
            raise ValidationError(gettext("Write the day from which it is known."))
        if field.data is not None and field.data > today():
            raise ValidationError(gettext("This day is still to come: write the day from which it is known."))


class NoteForm(EvidenceForm):
    """How far a task is that is still under way, with photos or files that show it."""

    note = TextAreaField(
        lazy_gettext("Progress so far"),
        [InputRequired(lazy_gettext("Write in a sentence how far it is.")), Length(max=LONGEST_TEXT)],
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """It stands on one page with the form of ticking off, whose fields have these names, too."""
        super().__init__(*arguments, **named)
        self.files.id, self.links.id = "note-files", "note-links"


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
