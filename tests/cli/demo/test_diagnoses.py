"""Each demonstration world is diagnosed as its story goes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tocsin.cli.demo.worlds import WORLDS
from tocsin.investigation.diagnosis import Report, diagnose, parse_snapshot

NOW = datetime(2026, 3, 14, 3, 7, 21, tzinfo=UTC)


def report_on(slug: str) -> Report:
    [world] = [world for world in WORLDS if world.slug == slug]
    return diagnose(parse_snapshot(json.dumps(world.snapshot(NOW)).encode()))


@pytest.mark.parametrize(
    ("slug", "cause", "subject"),
    [
        ("cart-out-of-memory", "oom-killed", "Deployment/shop/cart"),
        ("payments-lost-database", "dependency-address-wrong", "Deployment/payments/payments-api"),
        ("image-tag-missing", "image-not-found", "Deployment/catalog/indexer"),
        ("selector-matches-nothing", "service-selects-nothing", "Service/bookings/availability"),
        ("node-disk-full", "node-disk-pressure", "Node/gke-analytics-pool-1-7c5d-x2v9"),
    ],
)
def test_the_cause_of_the_story_comes_first(slug: str, cause: str, subject: str) -> None:
    report = report_on(slug)
    assert report.outcome == "diagnosed"
    assert (report.hypotheses[0].cause, str(report.hypotheses[0].subject)) == (cause, subject)


def test_a_false_alarm_is_healthy() -> None:
    assert report_on("latency-false-alarm").outcome == "healthy"


def test_the_release_that_enlarged_the_cache_is_named() -> None:
    [first, *_] = report_on("cart-out-of-memory").hypotheses
    assert any("SESSION_CACHE_MAX_MB: 96 → 480" in text for text in first.contributing)


def test_the_way_from_the_shop_window_to_the_cart_is_known() -> None:
    [world] = [world for world in WORLDS if world.slug == "cart-out-of-memory"]
    document = world.snapshot(NOW)
    document["alert"] = {"title": "web fails", "resource": {"kind": "Service", "namespace": "shop", "name": "web"}}
    [first, *_] = diagnose(parse_snapshot(json.dumps(document).encode())).hypotheses
    assert str(first.subject) == "Deployment/shop/cart"
