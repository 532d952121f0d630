"""The alerts of an incident."""

import pytest

from tests.factories import make_incident
from tests.web.pages.stored import make_alert
from tocsin.incidents.models import Incident
from tocsin.web.pages import firings
from tocsin.web.pages.firings import firings_of, is_web_address


def test_each_alert_is_told_once_with_how_often_it_fired(incident: Incident) -> None:
    make_alert(incident, firings=3)
    [fired] = firings_of(incident).shown
    assert (fired.times, fired.is_firing, fired.is_flapping) == (3, True, False)
    assert fired.first_at < fired.last_at


def test_alerts_of_other_incidents_are_not_counted(incident: Incident) -> None:
    make_alert(make_incident("another"), firings=4)
    assert firings_of(incident).alerts == 0


def test_a_storm_is_counted_whole_and_shown_in_part(incident: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firings, "MOST_ALERTS", 2)
    for _ in range(5):
        make_alert(incident)
    found = firings_of(incident)
    assert (len(found.shown), found.hidden, found.alerts, found.firing) == (2, 3, 5, 5)


@pytest.mark.parametrize("url", ["https://example.com/x", "http://10.0.0.1:9090/graph"])
def test_links_to_the_web_can_be_followed(url: str) -> None:
    assert is_web_address(url)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.com", "/local", "https://", "http://[", ""]
)
def test_other_links_can_not(url: str) -> None:
    assert not is_web_address(url)


def test_nothing_is_told_twice(incident: Incident) -> None:
    said = {"description": "It broke.", "runbook_url": "https://example.com/r", "summary": "Broken"}
    make_alert(incident, description="It broke.", links={"runbook": "https://example.com/r"}, annotations=said)
    [fired] = firings_of(incident).shown
    assert fired.annotations == {"summary": "Broken"}
