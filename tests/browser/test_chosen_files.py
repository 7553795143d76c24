"""A file that a page sends as soon as it is chosen, in a real browser on a slow line."""

from collections.abc import Callable
from re import compile as pattern

import pytest
from playwright.sync_api import FilePayload, Route

from tests.browser.conftest import Window

OpenWindow = Callable[..., Window]
PEOPLE = "ชื่อ,อีเมล,หน่วยงาน\nนางสมใจ รักบัญชี,somjai@example.go.th,กองคลัง\n"
PLAN = "มาตรการ,ขั้นตอน,ผู้รับผิดชอบ,ระยะเวลา\n๑. จัดซื้อโปร่งใส,๑. ชี้แจงแผน,กองคลัง,ภายในเดือนธันวาคม\n"


@pytest.mark.parametrize(
    ("page_address", "name", "text", "reached"),
    [
        ("/people/import/", "people.csv", PEOPLE, "/people/import/[0-9a-f]{32}"),
        ("/plan/import/", "plan.csv", PLAN, "/plan/import/[0-9a-f]{32}"),
    ],
    ids=["people", "plan"],
)
def test_a_file_chosen_before_the_page_s_script_is_sent(
    window: OpenWindow, page_address: str, name: str, text: str, reached: str
) -> None:
    desk = window(1440, 900)
    desk.page.add_init_script("delete Navigator.prototype.serviceWorker")  # which would answer for the script itself
    desk.sign_in("coordinator")
    scripts: list[Route] = []

    def hold(route: Route) -> None:
        scripts.append(route)

    desk.page.route("**/app.*", hold, times=1)
    desk.page.goto(f"{desk.site.url}{page_address}", wait_until="commit")
    chosen = FilePayload(name=name, mimeType="text/csv", buffer=text.encode("utf-8-sig"))
    desk.page.set_input_files("main input[type=file]", chosen)
    while not scripts:
        desk.page.wait_for_timeout(50)
    scripts.pop().continue_()
    desk.page.wait_for_url(pattern(reached))
