"""The way to a sign-in provider and back, in a real browser under the page's policy."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.oidc_provider import Provider, User, running

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")  # the provider's own


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    person = User(sub="s-head", claims={"email": "head2@tua.example", "email_verified": True})
    with running([person]) as found:
        monkeypatch.setenv("TRACKER_OIDC_ISSUER", found.issuer)
        monkeypatch.setenv("TRACKER_OIDC_CLIENT_ID", "tracker")
        monkeypatch.setenv("TRACKER_OIDC_CLIENT_SECRET", "s")
        monkeypatch.setenv("TRACKER_OIDC_LABEL", "ThaID")
        yield found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_head_signs_in_at_the_provider(provider: Provider, window: Callable[..., Window]) -> None:
    phone = window(360)
    page = phone.page
    page.goto(f"{phone.site.url}/tasks/")
    assert phone.complaints == []
    page.get_by_role("link", name="เข้าสู่ระบบด้วย ThaID").click()
    page.wait_for_url(f"{provider.issuer}/**")
    page.wait_for_load_state("networkidle")
    phone.complaints.clear()  # the provider's page asks for a style sheet of elsewhere
    page.get_by_role("button", name="s-head").click()
    page.wait_for_url(f"{phone.site.url}/tasks/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
