"""Tocsin's own generic format."""

from __future__ import annotations

import msgspec
import pytest

from tocsin.alerts.parsed import BadPayload
from tocsin.alerts.sources.generic import parse


def test_a_title_is_enough() -> None:
    [alert] = parse(b'{"title": "Disk full"}').alerts
    assert (alert.title, alert.firing, alert.starts_at) == ("Disk full", True, None)


def test_a_title_that_is_too_long_is_cut_and_loses_no_alert() -> None:
    [alert] = parse(b'{"title": "%s"}' % (b"x" * 900)).alerts
    assert (len(alert.title), alert.title[-1]) == (500, "…")


def test_a_list_is_many() -> None:
    assert len(parse(b'[{"title": "A"}, {"title": "B"}]').alerts) == 2


def test_the_key_makes_it_the_same_alert_whatever_the_title_says() -> None:
    first, second = parse(b'[{"title": "5 left", "key": "disk"}, {"title": "4 left", "key": "disk"}]').alerts
    assert first.identity == second.identity


def test_without_a_key_title_and_labels_are_the_identity_in_any_order() -> None:
    bodies = [{"title": "A", "labels": {"x": 1, "y": 2}}, {"title": "A", "labels": {"y": 2, "x": 1}}]
    first, second = parse(msgspec.json.encode(bodies)).alerts
    assert first.identity == second.identity


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"title": ""}', "length >= 1"),
        (b'{"title": "A", "status": "on"}', "Invalid enum value 'on'"),
        (b'{"title": "A", "starts_at": "2026-01-01T00:00:00"}', "append Z for UTC"),
    ],
)
def test_what_is_wrong_is_named(body: bytes, why: str) -> None:
    with pytest.raises(BadPayload, match=why):
        parse(body)
