"""The stream of changes."""

from django.test import Client


def test_a_number_that_is_none_is_refused(browser: Client) -> None:
    assert browser.get("/events?incident=x").status_code == 400


def test_without_a_listener_pages_are_told_to_come_back(browser: Client) -> None:
    assert browser.get("/events?incident=1").status_code == 503
