"""งาน: every task that the viewer may see: filtered, sorted, in groups or as a calendar, in pages of fifty."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Select, func, select

from admin.pages.tasks.row_facts import rows_by_id
from admin.pages.tasks.task_calendar import month_of_tasks, read_month
from admin.pages.tasks.task_filters import (
    NARROWING,
    QUESTIONS,
    STATES,
    Asked,
    counts_of,
    filtered,
    filters_asked,
    opened_with,
)
from admin.pages.tasks.task_groups import folded, groups_of, kept, later_by_step, page_of
from admin.pages.tasks.task_rows import task_rows
from admin.web.base_view import AgencyPage, expose
from admin.web.context import db, site, today
from admin.web.identity import person, viewer
from admin.web.may import OVERSEER
from admin.web.pager import asked_pager
from admin.web.years import Years, other_year, years
from tracker.kinds import OPEN_STATES
from tracker.models import Measure, Member, Plan, Task, TaskUnit, Unit
from tracker.services.tasks.bulk import ACTIONS
from tracker.services.tasks.saved_filters import LONGEST_NAME, forget_filter, keep_filter

PAGE = 50
_DENSITIES = ("compact", "wide")
_DENSITY = "task-rows"
"""The cookie that remembers how high this browser's rows are."""
_DENSITY_DAYS = 400


class AllTasksPage(AgencyPage):
    """The list that the overview's figures lead to."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Tasks"), endpoint="all_tasks", url="/all-tasks")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = years()
        if found.shown is None:
            return self.render("web/no_plan.html", may_import=viewer().coordinator)
        asked = opened_with(filters_asked())
        if other_year() is not None:
            asked["year"] = str(found.shown.fiscal_year)
        shows = _calendar if asked.get("view") == "calendar" else _list
        response = make_response(
            self.render("tasks/all_tasks.html", **_frame(found, found.shown, asked), **shows(found.shown, asked))
        )
        if (chosen := request.args.get("rows")) in _DENSITIES:
            https = site().settings.base_url.startswith("https:")
            response.set_cookie(_DENSITY, chosen, max_age=_DENSITY_DAYS * 86_400, secure=https, samesite="Lax")
        return response

    @expose("/keep", methods=["POST"], may=OVERSEER)
    def keep(self) -> ResponseReturnValue:
        """Names what the list shows now, for this person."""
        asked = _to_keep(filters_asked(request.form))
        keep_filter(_member(), request.form.get("name", ""), asked)
        flash(gettext("The filter is kept above the list."), "success")
        return redirect(_address(asked, {}))

    @expose("/forget", methods=["POST"], may=OVERSEER)
    def forget(self) -> ResponseReturnValue:
        forget_filter(_member(), request.form.get("name", ""))
        return redirect(_address(_to_keep(filters_asked(request.form)), {}))


def _frame(found: Years, plan: Plan, asked: Asked) -> dict[str, Any]:
    """What stands above the list, however it is shown."""
    others = {name: value for name, value in asked.items() if name != "state"}
    kept_filters, here = _member().task_filters, _to_keep(asked)
    counts = counts_of(
        plan, *({**others, "state": state} for state in QUESTIONS), *(one["asked"] for one in kept_filters)
    )
    narrowed = any(name in asked for name in NARROWING if name not in ("state", "unit"))
    return {
        "years": found,
        "asked": asked,
        "narrowed": narrowed or asked.get("state") != "open",
        "counts": dict(zip(QUESTIONS, counts[: len(QUESTIONS)], strict=True)),
        "kept_filters": [
            (one["name"], _address(one["asked"], {}), count, one["asked"] == here)
            for one, count in zip(kept_filters, counts[len(QUESTIONS) :], strict=True)
        ],
        "is_kept": any(one["asked"] == here for one in kept_filters),
        "longest_name": LONGEST_NAME,
        "units": db().scalars(_units(plan)).all(),
        "measures": db().execute(_measures(plan)).all(),
        "misread": [name for name in ("since", "until") if request.args.get(name) and name not in asked],
        "undo": _undo(),
        "today": today,
        "states": STATES,
        "to": lambda **changes: _address(asked, changes),
        "density": _density(),
        "actions": ACTIONS if viewer().coordinator else (),
    }


def _list(plan: Plan, asked: Asked) -> dict[str, Any]:
    tasks, group = filtered(plan, asked), asked.get("group", "step")
    opened = request.args.getlist("later", type=int)
    fold = folded(today(), opened) if group == "step" and _folds(asked) else None
    later = {} if fold is None else later_by_step(db(), tasks, fold)
    shown = kept(tasks, fold)
    pager = asked_pager(db().scalar(shown.with_only_columns(func.count())) or 0, PAGE)
    page = page_of(db(), shown, group, asked.get("sort", "due"), pager)
    heads = later if pager.page == pager.pages else {key: later[key] for key, _ in page if key in later}
    of_page = select(Task).where(Task.id.in_([id_ for _, id_ in page]))
    total = pager.count + sum(later.values())
    return {
        "calendar": None,
        "groups": groups_of(db(), plan, group, page, heads, today()),
        "rows": rows_by_id(db(), task_rows(db(), of_page)),
        "group": group,
        "sort": asked.get("sort", "due"),
        "opened": opened,
        "pager": pager,
        "total": total,
        "next_due": None if total else _next_due(plan),
    }


def _calendar(plan: Plan, asked: Asked) -> dict[str, Any]:
    wanted = {name: value for name, value in asked.items() if name not in ("since", "until")}
    month = month_of_tasks(db(), filtered(plan, wanted), read_month(request.args.get("month", ""), today()), today())
    return {"calendar": month, "total": month.count, "sort": "", "group": asked.get("group", "step")}


def _folds(asked: Mapping[str, str]) -> bool:
    """Whether far occasions are folded away: not where somebody asks for a measure, a step, words or days."""
    return asked.get("state") in ("open", "all") and not any(
        name in asked for name in NARROWING if name not in ("state", "unit")
    )


def _address(asked: Asked, changes: dict[str, Any]) -> str:
    """The list's address with something changed; what is None is taken out."""
    return url_for("all_tasks.index", **{name: value for name, value in {**asked, **changes}.items() if value})


def _to_keep(asked: Mapping[str, str]) -> Asked:
    """What a named filter holds: the year is that of the day on which it is used."""
    return {name: value for name, value in asked.items() if name != "year"}


def _member() -> Member:
    member = person().member
    assert member is not None  # noqa: S101  (the page is for those of an agency)
    return member


def _density() -> str:
    for chosen in (request.args.get("rows"), request.cookies.get(_DENSITY)):
        if chosen in _DENSITIES:
            return chosen
    return _DENSITIES[0]


def _next_due(plan: Plan) -> tuple[date, int] | None:
    """The day on which open tasks fall due next, and how many."""
    row = db().execute(
        select(Task.due_on, func.count())
        .where(Task.plan_id == plan.id, Task.state.in_(OPEN_STATES), Task.due_on >= today())
        .group_by(Task.due_on)
        .order_by(Task.due_on)
        .limit(1)
    ).first()  # fmt: skip
    return (row[0], row[1]) if row and row[0] else None


def _units(plan: Plan) -> Select[Unit]:
    of_plan = Task.agency_id == viewer().agency_id, Task.plan_id == plan.id
    with_tasks = select(TaskUnit.unit_id).join(Task, Task.id == TaskUnit.task_id).where(*of_plan)
    return (
        select(Unit)
        .where(Unit.agency_id == viewer().agency_id, Unit.id.in_(with_tasks))
        .order_by(Unit.position, Unit.id)
    )


def _measures(plan: Plan) -> Select[int, str]:
    return (
        select(Measure.number, Measure.title)
        .where(Measure.plan_id == plan.id, ~Measure.retired)
        .order_by(Measure.position)
    )


def _undo() -> str | None:
    """The instant of the order that this person has just given to many tasks, to be undone."""
    return request.args.get("undo") if viewer().coordinator else None
