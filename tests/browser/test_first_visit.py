"""Nothing jumps on a first visit, on a phone or a desk, however late the fonts come."""

import time
from collections.abc import Callable

from tests.browser.conftest import Window

_WATCH = """
window.jumps = [];
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.jumps.push(shift.value);
}).observe({type: "layout-shift", buffered: true});
"""
GOOD = 0.02
"""Of a screen; up to 0.1 counts as good by the Web Vitals."""


def test_nothing_jumps_when_the_fonts_come_late(window: Callable[..., Window]) -> None:
    for width, who, addresses in (
        (360, "head2", ("/tasks/", "/plan/")),
        (1440, "coordinator", ("/overview/", "/all-tasks/")),
    ):
        visit = window(width)
        page = visit.page
        page.add_init_script(_WATCH)
        page.route("**/*.woff2", lambda route: (time.sleep(0.4), route.continue_()))
        visit.sign_in(who)
        for address in addresses:
            page.goto(visit.site.url + address, wait_until="networkidle")
            page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
            assert page.evaluate("document.fonts.check('16px Sarabun', 'ก')")
            moved = sum(page.evaluate("window.jumps"))
            assert moved < GOOD, address
