"""Similar incidents over the API."""

from __future__ import annotations

from tests.factories import make_incident
from tests.web.api.conftest import Program
from tests.web.pages.stored import store_investigation


def test_an_incident_before_is_told_with_why_and_what_it_was(viewer: Program) -> None:
    before, incident = make_incident(), make_incident()
    store_investigation(before)
    [one] = viewer.get(f"/incidents/{incident.pk}/similar").json()["items"]
    assert (one["id"], one["why"]) == (before.name, ["the same subject, shop/cart"])
    assert one["was"] == "cart was killed at its limit of 384Mi"


def test_none_is_none(viewer: Program) -> None:
    assert viewer.get(f"/incidents/{make_incident().pk}/similar").json() == {"items": []}
    assert viewer.get("/incidents/77/similar").status_code == 404
