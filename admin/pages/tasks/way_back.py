"""Where a task's page leads back to: the list that it was opened from, with its filters, called by its name."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request, url_for

from admin.web.identity import viewer
from admin.web.language import gettext


@dataclass(frozen=True)
class WayBack:
    address: str
    name: str


def way_back() -> WayBack:
    """The list that the browser came from, where it is one of ours; else the person's own list of tasks."""
    own = viewer().unit_ids or not viewer().sees_agency
    names = {"tasks.index": gettext("My tasks"), "search.index": gettext("Search")}
    if viewer().sees_agency:
        names["all_tasks.index"] = gettext("All tasks")
    if viewer().coordinator:
        names["review.index"] = gettext("Review")
    came = urlsplit(request.referrer or "")
    if came.netloc == request.host:
        for endpoint, name in names.items():
            if came.path == url_for(endpoint):
                return WayBack(f"{came.path}?{came.query}" if came.query else came.path, name)
    endpoint = "tasks.index" if own else "all_tasks.index"
    return WayBack(url_for(endpoint), names[endpoint])
