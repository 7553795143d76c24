"""ค้นหา: words anywhere in what the viewer may see."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from admin.web.base_view import Page, expose
from admin.web.context import db
from admin.web.identity import viewer
from admin.web.language import gettext
from tracker.services.tasks.search import LONGEST, SHORTEST, Hit, Kind, search


class SearchPage(Page):
    """One field, and what holds its words, by kind."""

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Search"), endpoint="search", url="/search")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        asked = request.args.get("q", "").strip()[:LONGEST]
        found = search(db(), viewer(), asked)
        return self.render(
            "tasks/search.html",
            asked=asked,
            too_short=0 < len(asked) < SHORTEST,
            found=found,
            count=sum(len(group.hits) for group in found),
            kind_title=_kind_title,
            address=_address,
        )


def _kind_title(kind: Kind) -> str:
    return {
        "measure": gettext("Measures"),
        "step": gettext("Steps"),
        "result": gettext("Results and outcomes"),
        "note": gettext("Progress notes"),
        "unit": gettext("Units"),
    }[kind]


def _address(hit: Hit) -> str | None:
    """Where the hit is shown; None for a unit that the viewer has no list of."""
    if hit.kind in ("measure", "step"):
        return url_for("plan.index", year=hit.fiscal_year, _anchor=f"measure-{hit.place}")
    if hit.kind == "unit":
        return url_for("all_tasks.index", unit=hit.id) if viewer().sees_agency else None
    return url_for("tasks.show", task_id=hit.id)
