"""Sources in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LAPTOP, PHONE, Opens
from tests.browser.looks import FAINT_TEXT, SIDEWAYS
from tests.factories import make_source
from tests.web.pages.stored import make_signal
from tocsin.accounts.models import Role, User

pytestmark = pytest.mark.browser
CHECKS = (
    '{"checks": [{"id": "1", "name": "Cart over HTTP", "state": "down"}, {"id": "2", "name": "DNS", "state": "up"}]}'
)


def test_a_mapping_is_seen_at_work_while_it_is_written(opens: Opens) -> None:
    source, _ = make_source("mapped")
    make_signal(source=source, body=CHECKS)
    page = opens(f"/sources/{source.pk}/mapping")
    User.objects.update(role=Role.MANAGER)
    page.get_by_label("Alerts").fill("checks")
    page.get_by_label("Title (required)").fill("{{ name }} is {{ state }}")
    expect(page.get_by_role("heading", name="Firing DNS is up")).to_be_visible()
    page.get_by_label("Status").fill("state")
    page.get_by_label("It is over when that is").fill("up")
    expect(page.get_by_role("heading", name="Resolved DNS is up")).to_be_visible()
    page.get_by_label("Status").fill("state[")
    expect(page.get_by_text("is no JMESPath")).to_be_visible()


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_they_are_readable_in_every_light_and_on_every_screen(opens: Opens, scheme: str, size: ViewportSize) -> None:
    source, _ = make_source("mapped")
    make_signal(source=source, body=CHECKS, error="x" * 300)
    User.objects.update(role=Role.MANAGER)
    for path in ("/sources", f"/sources/{source.pk}", f"/sources/{source.pk}/mapping"):
        page = opens(path, scheme=scheme, size=size)
        assert page.evaluate(SIDEWAYS) == 0
        assert page.evaluate(FAINT_TEXT) == []
