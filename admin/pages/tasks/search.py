"""ค้นหา: words anywhere in what the viewer may see."""

from datetime import date

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
        pages = self._pages(asked) if len(asked) >= SHORTEST else []
        return self.render(
            "tasks/search.html",
            asked=asked,
            too_short=0 < len(asked) < SHORTEST,
            found=found,
            pages=pages,
            count=sum(len(group.hits) for group in found) + len(pages),
            first_day=date.fromisoformat,
            kind_title=_kind_title,
            address=_address,
        )

    def _pages(self, asked: str) -> list[tuple[str, str]]:
        """The pages that this person may open whose name holds all the words: address and name."""
        words = asked.lower().split()
        shown = [item for item in self.admin.menu() if item.is_visible() and item.is_accessible()]
        named = [(item.get_url(), str(item.name)) for item in shown]
        return [(address, name) for address, name in named if all(word in name.lower() for word in words)]


def _kind_title(kind: Kind) -> str:
    return {
        "measure": gettext("Measures"),
        "step": gettext("Steps"),
        "result": gettext("Results and outcomes"),
        "note": gettext("Progress notes"),
        "unit": gettext("Units"),
        "month": gettext("Months"),
        "evidence": gettext("Evidence"),
        "person": gettext("People"),
    }[kind]


def _address(hit: Hit) -> str | None:
    """Where the hit is shown; None for a unit that the viewer has no list of."""
    if hit.kind in ("measure", "step"):
        return url_for("plan.index", year=hit.fiscal_year, _anchor=f"measure-{hit.place}")
    if hit.kind == "month":
        if viewer().sees_agency:
            month = hit.place.removesuffix("-01")
            return url_for("all_tasks.index", year=hit.fiscal_year, state="all", view="calendar", month=month)
        return url_for("tasks.index", year=hit.fiscal_year)
    if hit.kind == "person":
        return url_for("member.edit_view", id=hit.id)
    if hit.kind == "unit":
        return url_for("all_tasks.index", unit=hit.id) if viewer().sees_agency else None
    return url_for("tasks.show", task_id=hit.id)
