"""A status page as HTML."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.web.status import pages
from tests.web.status.pages import HOUR, NOW
from tocsin.incidents.uptime import Span, State
from tocsin.web.status import html

HOSTILE = "<script>alert(1)</script>\" onload='x"


def text_of(made: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]*>", " ", made.decode(), flags=re.DOTALL))


def test_it_says_first_how_everything_is() -> None:
    assert '<h1 class="overall major">' in html.page(pages.full_page()).decode()
    assert "All systems operational" in text_of(html.page(pages.page()))


def test_each_component_says_its_state_and_its_uptime() -> None:
    told = text_of(html.page(pages.full_page()))
    assert "Checkout Major outage" in told
    assert "99.95 % uptime over 90 days" in told


def test_a_share_is_told_once_a_whole_day_is_known() -> None:
    new = pages.component("Shop", Span(State.MAJOR, NOW - 2 * HOUR, NOW - HOUR), known=0)
    told = text_of(html.page(pages.page(components=(new,))))
    assert "watched since today" in told
    assert " %" not in told


def test_the_days_can_be_heard() -> None:
    spans = [Span(State.MAJOR, NOW - 2 * HOUR, NOW - HOUR)]
    made = html.page(pages.page(components=(pages.component("Shop", *spans),))).decode()
    assert 'aria-label="The last 90 days: 1 Mar 2026: major outage, down for 1 h"' in made
    assert made.count("<i ") == 90


def test_what_goes_on_has_its_updates_and_when_the_next_one_comes() -> None:
    told = text_of(html.page(pages.full_page()))
    assert "Since 1 Mar 2026, 02:05 UTC Next update by 1 Mar 2026, 03:30 UTC" in told
    assert "Orders that were placed are safe." in told


def test_what_is_over_says_how_long_it_took() -> None:
    full = pages.full_page()
    assert "26 Feb 2026, 03:05 to 04:15 UTC (1 h 10 min)" in text_of(html.incident(full, full.incidents[1]))


def test_the_history_goes_by_months() -> None:
    made = html.history(pages.full_page()).decode()
    assert re.findall(r"<h2[^>]*>([^<]*)", made) == ["March 2026", "February 2026"]


def test_nothing_that_is_said_becomes_markup() -> None:
    hostile = replace(pages.incident(HOSTILE), components=((HOSTILE, State.MAJOR),))
    component = pages.component(HOSTILE, group=HOSTILE, description=HOSTILE)
    full = pages.page(title=HOSTILE, about=HOSTILE, incidents=(hostile,), components=(component,))
    for made in (html.page(full), html.history(full), html.incident(full, hostile)):
        assert b"<script" not in made
        assert b'" onload' not in made


@pytest.mark.parametrize("part", [b"<script", b" style=", b" src=", b"http://www.google", b"cookie"])
def test_it_stands_alone(part: bytes) -> None:
    assert part not in html.page(pages.full_page())


def test_its_policy_lets_in_its_own_style_alone() -> None:
    assert re.search(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src data:; form-action 'self'", html.POLICY
    )
