"""The stream of changes."""

import pytest
from django.test import Client


def test_a_number_that_is_none_is_refused(browser: Client) -> None:
    assert browser.get("/events?incident=x").status_code == 400


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 19, "-1"])
def test_a_number_that_no_incident_can_have_is_refused(browser: Client, number: str) -> None:
    assert browser.get(f"/events?incident={number}").status_code == 400


def test_without_a_listener_pages_are_told_to_come_back(browser: Client) -> None:
    assert browser.get("/events?incident=1").status_code == 503
