"""What is found, in which order, and page by page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories import NOW, make_environment, make_incident, make_user
from tocsin.incidents import listing
from tocsin.incidents.changes import add_note
from tocsin.incidents.documents import Part, SearchDocument, keep_words
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.orders import order_of
from tocsin.incidents.search import BadSearch, read

pytestmark = pytest.mark.django_db


def page(typed: str = "", size: int = 50, **more: Any) -> listing.Page:
    return listing.page(read({"q": [typed]}), listing.rows(), size, person="alice", now=timezone.now(), **more)


def found(typed: str = "") -> list[str]:
    return [incident.title for incident in page(typed).incidents]


def ended(title: str, minutes: int, **values: object) -> Incident:
    return make_incident(
        title, status="resolved", triggered_at=NOW, resolved_at=NOW + timedelta(minutes=minutes), **values
    )


@pytest.mark.parametrize("order", ["newest", "oldest", "severity", "longest", "shortest"])
def test_pages_lead_through_all_of_it_and_back(order: str) -> None:
    for minutes, severity in [(5, "low"), (5, "high"), (9, "critical"), (1, "high"), (7, "low")]:
        ended("x", minutes, severity=severity)
    asked = f"is:resolved sort:{order}"
    whole = [one.pk for one in page(asked).incidents]
    first = page(asked, 2)
    second = page(asked, 2, after=first.after)
    third = page(asked, 2, after=second.after)
    assert [one.pk for each in (first, second, third) for one in each.incidents] == whole
    assert (first.before, third.after) == (None, None)
    back = page(asked, 2, before=third.before)
    assert [one.pk for one in back.incidents] == [one.pk for one in second.incidents]
    assert page(asked, 2, before=back.before).before is None


def test_the_worst_come_first_and_the_longest() -> None:
    ended("short", 1, severity="critical")
    ended("long", 9, severity="low")
    assert found("is:resolved sort:severity") == ["short", "long"]
    assert found("is:resolved sort:longest") == ["long", "short"]


def test_durations_of_open_and_ended_ones_are_not_compared() -> None:
    with pytest.raises(BadSearch, match="no time to resolve yet"):
        page("is:all sort:longest")


def test_the_views_follow_the_lifecycle_and_the_analysis() -> None:
    make_incident("pending")
    make_incident("looked at", analysis="complete")
    ended("over", 1)
    ended("owes", 1, owes="its postmortem")
    make_incident("closed", status="closed", closed_at=NOW)
    assert found("is:active") == ["looked at", "pending"]
    assert found("is:analyzing") == ["pending"]
    assert found("is:open") == ["looked at"]
    assert found("is:resolved") == ["owes", "over"]
    assert found("is:postmortem-pending") == ["owes"]
    assert found("is:closed") == ["closed"]
    assert len(found("is:all")) == 5


def test_each_filter_leaves_those_that_are_meant() -> None:
    alice = make_user("alice")
    other = make_incident("other", severity="low", triggered_at=NOW - timedelta(days=9))
    meant = make_incident(
        "meant",
        severity="critical",
        status="acknowledged",
        opened_by="apply-failure",
        assignee=alice,
        environment=make_environment("staging", "staging", "web"),
        held_until=timezone.now() + timedelta(hours=1),
    )
    IncidentService.objects.create(incident=meant, slug="cart", role="cause", reason="test")
    filters = (
        "severity:critical status:acknowledged trigger:apply-failure trigger:deployment assignee:me assignee:alice"
    )
    for one in [*filters.split(), "project:web", "environment:staging", "environment:web/staging", "service:cart"]:
        assert found(one) == ["meant"], one
    assert found("is:held") == ["meant"]
    assert found("since:2026-02-25") == ["meant"]
    assert found("assignee:nobody") == found("until:2026-02-25") == found("held:no") == [other.title]
    assert found("project:nonsense") == found("assignee:nonsense") == []


def test_words_are_found_wherever_they_stand() -> None:
    incident = make_incident("KubePodCrashLooping: shop/payments-api")
    add_note(incident.pk, "We **rolled back**; timeouts went away", actor="alice", now=NOW)
    keep_words(incident.pk, Part.ANALYSIS, "killed at its limit of 384Mi")
    keep_words(incident.pk, Part.POSTMORTEM, "lesson: alert earlier")
    for words in ["payments", "payments-api", '"rolled back"', "timeout killed lessons", "nonsense OR 384mi", "paym"]:
        assert found(words) == [incident.title], words
    assert found("api-payments") == found('"back rolled"') == found("timeouts -payments") == []


def test_what_a_part_said_before_is_found_no_more() -> None:
    incident = make_incident("Old name")
    add_note(incident.pk, "stays", actor="alice", now=NOW)
    Incident.objects.filter(pk=incident.pk).update(title="Other words")
    assert found("other stays") == ["Other words"]
    assert found("old") == []


def test_more_words_than_a_document_holds_do_not_keep_a_note_from_being_written() -> None:
    incident = make_incident("Cart")
    for start in range(0, 250_000, 10_000):
        words = " ".join(f"word{number:020}" for number in range(start, start + 10_000))
        add_note(incident.pk, words, actor="alice", now=NOW)
    assert incident.timeline.count() == 25
    assert found("cart") == ["Cart"]


def test_the_best_match_comes_first_and_the_newest_on_request() -> None:
    make_incident("cart is down")
    add_note(make_incident("something else").pk, "perhaps the cart", actor="alice", now=NOW)
    assert found("cart") == ["cart is down", "something else"]
    assert page("cart").are_ranked
    assert found("cart sort:newest") == ["something else", "cart is down"]


def test_words_that_are_too_common_are_told_apart_from_those_that_are_nowhere() -> None:
    assert listing.says_nothing(read({"q": ["the"]}))
    assert not listing.says_nothing(read({"q": ["cart"]}))


def test_a_document_is_made_whichever_way_an_incident_comes() -> None:
    made = Incident.objects.bulk_create([Incident(**_values(f"bulk {n}")) for n in range(3)])
    assert SearchDocument.objects.filter(incident__in=made).count() == 3


def _values(title: str) -> dict[str, Any]:
    kept = {"environment": make_environment(), "title": title, "severity": "low", "triggered_at": NOW}
    return kept | {"quiet_period": timedelta(minutes=5)}


@pytest.mark.parametrize("sort", ["newest", "severity", "longest"])
def test_a_page_is_read_from_an_index(sort: str) -> None:
    asked = read({"q": [f"is:resolved sort:{sort}"]})
    order = order_of(asked)
    shown = listing.matching(asked, Incident.objects.filter(order.among), person="alice", now=NOW)
    rows = shown.annotate(at=order.number).filter(at__gt=1).order_by("at" if order.rises else "-at")[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    assert "Index" in rows.explain()
    assert "Sort" not in rows.explain()
