"""ประวัติการแก้ไข: the record as sentences, with filters, and as a table for auditors."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

from flask import Response, g, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy import Select, select
from sqlalchemy.orm import Query

from admin.pages.organisation.reference import RecordView
from admin.pages.tasks.event_sentences import event_sentence, places_of
from admin.pages.tasks.event_words import KINDS, event_name, way_name
from admin.web.base_view import expose
from admin.web.context import db
from admin.web.formatting import instant
from admin.web.identity import viewer
from admin.web.language import reader
from tracker.models import Event

AT_ONCE = 1_000
"""Events that the export reads and writes at a time."""


class EventRecords(RecordView):
    """Every change, the newest first; ``kind``, ``who`` and ``task`` in the address choose among them."""

    list_template = "organisation/record.html"
    column_list = ("sequence", "at", "actor", "kind", "channel")
    column_default_sort = ("sequence", True)
    column_labels = {  # noqa: RUF012
        "sequence": lazy_gettext("Number"), "at": lazy_gettext("When"), "actor": lazy_gettext("Who"),
        "kind": lazy_gettext("What"), "channel": lazy_gettext("Channel"),
    }  # fmt: skip
    column_formatters = {  # noqa: RUF012
        "at": lambda _view, _context, row, _name: instant(row.at),
        "channel": lambda _view, _context, row, _name: way_name(row.channel),
        "kind": lambda _view, _context, row, _name: _linked(row),
    }

    def own(self, query: Query[Any]) -> Query[Any]:
        chosen: Query[Any] = _chosen(super().own(query))
        return chosen

    def get_list(self, *arguments: Any, **named: Any) -> tuple[int | None, Sequence[Event]]:
        count, rows = super().get_list(*arguments, **named)
        g.event_places = _places(rows)
        return count, rows

    def render(self, template: str, **values: Any) -> str:
        kinds = sorted(KINDS, key=event_name)
        return str(super().render(template, event_kinds=[(kind, event_name(kind)) for kind in kinds], **values))

    @expose("/export.csv")
    def as_table(self) -> ResponseReturnValue:
        """The chosen changes, the oldest first, as CSV that Excel reads as Thai."""
        reader()  # whose account belongs to this session, which is over when the lines are read
        response = Response(stream_with_context(_lines()), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = "attachment; filename=record.csv"
        return response


def _chosen(query: Any) -> Any:
    """The events that the address asks for."""
    if kind := request.args.get("kind"):
        query = query.filter(Event.kind == kind)
    if who := request.args.get("who"):
        query = query.filter(Event.actor.icontains(who, autoescape=True))
    task = request.args.get("task", "")
    return query.filter(Event.task_id == int(task)) if task.isdecimal() and len(task) < 10 else query


def _places(rows: Sequence[Event]) -> dict[int, str]:
    return places_of(db(), viewer().agency_id, {row.task_id for row in rows if row.task_id is not None})


def _linked(event: Event) -> str | Markup:
    words = event_sentence(event, g.event_places.get(event.task_id, ""))
    if event.task_id not in g.event_places:
        return words
    return Markup('<a href="{}">{}</a>').format(url_for("tasks.show", task_id=event.task_id), words)


def _lines() -> Iterator[str]:
    yield "\ufeff" + _line(["sequence", "at_utc", "who", "channel", "kind", "task", "sentence", "hash"])
    last = 0
    while rows := db().scalars(_page(last)).all():
        places = _places(rows)
        for row in rows:
            sentence = event_sentence(row, places.get(row.task_id or 0, ""))
            at = row.at.isoformat()
            yield _line([row.sequence, at, row.actor, row.channel, row.kind, row.task_id or "", sentence, row.hash])
        last = rows[-1].sequence


def _page(last: int) -> Select[Event]:
    query: Select[Event] = _chosen(select(Event).where(Event.agency_id == viewer().agency_id))
    return query.where(Event.sequence > last).order_by(Event.sequence).limit(AT_ONCE)


def _line(values: Sequence[object]) -> str:
    """A line of CSV; what a table calculation would run as a formula is marked as text."""
    text = StringIO()
    cells = [f"'{value}" if str(value).startswith(("=", "+", "-", "@")) else value for value in values]
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
