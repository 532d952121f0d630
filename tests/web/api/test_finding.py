"""The list with its filters, and several incidents at once, over the API."""

from __future__ import annotations

import pytest

from tests.factories import NOW, make_incident
from tests.web.api.conftest import Program
from tocsin.incidents.models import Incident


def found(program: Program, query: str) -> list[int]:
    return [item["number"] for item in program.get(f"/incidents?{query}").json()["items"]]


def test_it_takes_the_filters_of_the_pages(viewer: Program) -> None:
    make_incident("Cart", severity="low")
    wanted = make_incident("Checkout of the cart", severity="high", opened_by="declared")
    for query in [
        "severity=high&severity=critical",
        "q=checkout",
        "q=severity:high",
        "trigger=declared&assignee=nobody",
    ]:
        assert found(viewer, query) == [wanted.pk], query


@pytest.mark.parametrize("sort", ["newest", "oldest", "severity"])
def test_every_order_has_pages(viewer: Program, sort: str) -> None:
    made = {make_incident(severity=severity).pk for severity in ("low", "high", "critical", "high")}
    seen, cursor = [], ""
    while cursor is not None:
        page = viewer.get(f"/incidents?sort={sort}&limit=3&cursor={cursor}").json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]
    assert (len(seen), set(seen)) == (4, made)


@pytest.mark.parametrize("query", ["severity=huge", "view=odd", "sort=odd", "since=soon", "q=is:odd"])
def test_what_can_not_be_understood_is_refused_with_the_reason(viewer: Program, query: str) -> None:
    answer = viewer.get(f"/incidents?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_several_are_changed_and_refusals_told(responder: Program) -> None:
    one, over = make_incident(), make_incident(status="closed", closed_at=NOW)
    body = {"incidents": [one.pk, over.pk, 4711], "what": "acknowledge", "note": "on it"}
    told = responder.post("/incident-changes", body).json()
    assert [(each["number"], bool(each["refusal"])) for each in told] == [(one.pk, False), (over.pk, True)]
    assert Incident.objects.get(pk=one.pk).status == "acknowledged"


def test_nobody_is_asked_who_can_not_take_incidents(responder: Program) -> None:
    body = {"incidents": [make_incident().pk], "what": "assign", "assignee": "nobody-known"}
    assert responder.post("/incident-changes", body).status_code == 400


def test_whoever_may_only_look_changes_nothing(viewer: Program) -> None:
    body = {"incidents": [make_incident().pk], "what": "close"}
    assert viewer.post("/incident-changes", body).status_code == 403
