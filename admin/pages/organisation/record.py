"""ประวัติการแก้ไข: the record as sentences, with filters, and as tables for auditors."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from flask import Response, g, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import Query

from admin.pages.organisation.record_filter import (
    RecordFilter,
    as_address,
    asked_filter,
    counts_by_subject,
    people_of,
)
from admin.pages.organisation.record_sheet import Row, csv_lines, excel_sheet
from admin.pages.organisation.record_undo import undo_ways
from admin.pages.organisation.reference import RecordView
from admin.pages.tasks.event_sentences import acts_markup, event_markup, event_sentence, places_of
from admin.pages.tasks.event_words import SUBJECT_OF, SUBJECTS, way_name
from admin.web.base_view import expose
from admin.web.context import db, site, today
from admin.web.formatting import day, digits, weekday
from admin.web.identity import agency, viewer
from admin.web.language import reader
from tracker import clock
from tracker.models import Event, Unit
from tracker.services.access import of_agency
from tracker.services.reports.record_check import record_problems

AT_ONCE = 1_000
"""Events that the export reads and writes at a time."""
MOST_PRINTED = 2_000
"""Rows of the printable sheet; more belong into a table."""
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class EventRecords(RecordView):
    """Every change, the newest first, those made together as one; the address chooses among them."""

    is_table = False
    list_template = "organisation/record.html"
    column_list = ("sequence",)
    column_default_sort = ("sequence", True)
    column_sortable_list = ()

    def own(self, query: Query[Any]) -> Query[Any]:
        return super().own(query).filter(*_conditions())

    def get_list(self, *arguments: Any, **named: Any) -> tuple[int | None, Sequence[Event]]:
        count, rows = super().get_list(*arguments, **named)
        g.record_days = _by_day(rows, together=True)
        return count, rows

    def render(self, template: str, **values: Any) -> str:
        asked, ours = _asked(), viewer().agency_id
        without_subjects = asked.conditions(ours, site().settings.zone, subjects=False)
        return str(
            super().render(
                template,
                asked=asked,
                subjects=SUBJECTS,
                of_subject=counts_by_subject(db(), without_subjects),
                people=people_of(db(), ours),
                units=db().scalars(of_agency(viewer(), Unit, Unit.agency_id).order_by(Unit.position, Unit.id)).all(),
                kept=as_address(request.args),
                **values,
            )
        )

    @expose("/export.csv")
    def as_table(self) -> ResponseReturnValue:
        """The chosen changes, the oldest first, as CSV that Excel reads as Thai."""
        reader()  # whose account belongs to this session, which is over when the lines are read
        lines = stream_with_context(csv_lines(_rows()))
        return _file(Response(lines, content_type="text/csv; charset=utf-8"), "record.csv")

    @expose("/export.xlsx")
    def as_workbook(self) -> ResponseReturnValue:
        """The same as an Excel sheet."""
        return _file(Response(excel_sheet(_rows()), content_type=_EXCEL), "record.xlsx")

    @expose("/print")
    def as_sheet(self) -> ResponseReturnValue:
        """The same for paper: the days with their sentences, the oldest first."""
        events = db().scalars(_page(0).limit(MOST_PRINTED)).all()
        asked = _asked()
        return self.render("organisation/record_print.html", days=_by_day(events), agency=agency(), asked_of=asked)

    @expose("/check")
    def check(self) -> ResponseReturnValue:
        """Whether nothing in the record was changed or removed, and everything that is stored stands in it."""
        problems = record_problems(db(), viewer().agency_id, site().database.witness, site().evidence)
        return self.render("organisation/record_check.html", problems=problems)


def _asked() -> RecordFilter:
    return asked_filter(request.args, today())


def _conditions() -> list[Any]:
    return list(_asked().conditions(viewer().agency_id, site().settings.zone))


def _file(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _by_day(events: Sequence[Event], *, together: bool = False) -> list[tuple[str, list[dict[str, Any]]]]:
    """The events under their days, each as a line: time, who, sentence, way.

    ``together``: what one person did to several tasks at once is one line, which has the sentence of each behind it
    and, where it can still be taken back, the way to that.
    """
    zone, places = site().settings.zone, _places(events)
    lines: list[dict[str, Any]] = []
    done_together = [list(group) for _, group in groupby(events, _act if together else attrgetter("sequence"))]
    ways = undo_ways(done_together) if together else {}
    for acts in done_together:
        first, at = acts[0], clock.local(acts[0].at, zone)
        sentences = [event_markup(one, places.get(one.task_id or 0, ""), _address(one, places)) for one in acts]
        lines.append(
            {
                "number": first.sequence,
                "last": acts[-1].sequence,
                "on": at.date(),
                "time": digits(f"{at:%H.%M}"),
                "who": first.actor,
                "sentence": acts_markup(acts) if len(acts) > 1 else sentences[0],
                "each": sentences if len(acts) > 1 else (),
                "way": way_name(first.channel),
                "undo": ways.get(first.sequence),
            }
        )
    return [(f"{weekday(on)} {day(on)}", list(group)) for on, group in groupby(lines, itemgetter("on"))]


def _act(event: Event) -> tuple[object, ...]:
    """What changes of several tasks that were made together have in common; of every other change its own number."""
    if event.task_id is None:
        return (event.sequence,)
    return event.at, event.actor, event.channel, event.kind


def _places(rows: Sequence[Event]) -> dict[int, str]:
    return places_of(db(), viewer().agency_id, {row.task_id for row in rows if row.task_id is not None})


def _address(event: Event, places: dict[int, str]) -> str | None:
    """Where the change is seen: its task, its round, its plan, the people."""
    details = event.details
    if event.task_id is not None:
        return url_for("tasks.show", task_id=event.task_id) if event.task_id in places else None
    if "fiscal_year" in details and details.get("round") in (6, 12):
        return _address_of_round(event.kind, details)
    subject = SUBJECT_OF.get(event.kind)
    if subject in ("plan", "tasks") and "fiscal_year" in details:
        return url_for("plan.index", year=details["fiscal_year"])
    return {"people": url_for("people.index"), "settings": url_for("settings.index_view")}.get(subject or "")


def _address_of_round(kind: str, details: dict[str, Any]) -> str:
    of_round = {"fiscal_year": details["fiscal_year"], "number": details["round"]}
    if kind == "text_edited" and "measure_id" in details:
        return url_for("text_history.index", **of_round, measure_id=details["measure_id"], column=details["column"])
    return url_for("publishing.index" if kind.startswith("report_") else "closing.index", **of_round)


def _rows() -> Iterator[Row]:
    last = 0
    while rows := db().scalars(_page(last).limit(AT_ONCE)).all():
        places = _places(rows)
        for row in rows:
            sentence = event_sentence(row, places.get(row.task_id or 0, ""))
            at = row.at.isoformat()
            yield row.sequence, at, row.actor, row.channel, row.kind, row.task_id or "", sentence, row.hash
        last = rows[-1].sequence


def _page(last: int) -> Select[Event]:
    query = select(Event).where(*_conditions(), Event.sequence > last)
    return query.order_by(Event.sequence)
