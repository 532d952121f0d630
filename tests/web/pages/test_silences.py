"""Silences on their pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_incident
from tests.web.pages.stored import make_alert
from tocsin.alerts.models import Silence
from tocsin.incidents.models import LearntPair, TrialOutcome
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db


def typed(**values: str) -> dict[str, str]:
    """The form as somebody fills it in."""
    now = datetime.now(UTC)
    given = {
        "reason": "night work",
        "matchers": 'namespace="shop"',
        "starts": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M}",
        "ends": f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "zone": "UTC",
        "what": "keep",
    }
    return given | values


def test_before_it_is_kept_it_shows_what_it_would_match(browser: Client) -> None:
    now = timezone.now()
    make_alert(make_incident(), title="Down", labels={"namespace": "shop"}, began_at=now)
    answer = browser.post("/silences/submit", typed(what="preview"))
    assert (answer.context["preview"].firing, answer.context["preview"].lately) == (1, 1)
    assert b"Keep this silence" in answer.content
    assert not Silence.objects.exists()


def test_a_kept_one_is_listed_with_what_it_holds(browser: Client) -> None:
    incident = make_incident()
    make_alert(incident, title="Down", labels={"namespace": "shop"})
    assert browser.post("/silences/submit", typed())["Location"] == "/silences"
    sweep(timezone.now())
    page = browser.get("/silences").content.decode()
    assert "night work" in page
    assert incident.name in page
    assert "Held until" in browser.get(f"/incidents/{incident.pk}").content.decode()


def test_times_are_those_of_the_clock_that_was_named(browser: Client) -> None:
    browser.post("/silences/submit", typed(starts="2099-07-01T22:00", ends="2099-07-02T02:00", zone="Europe/Berlin"))
    assert Silence.objects.get().starts_at == datetime(2099, 7, 1, 20, 0, tzinfo=UTC)


def test_a_window_that_recurs_says_when_in_words(browser: Client) -> None:
    window = {"starts": "2099-07-04T22:00", "ends": "2099-07-05T02:00", "zone": "Europe/Berlin"}
    browser.post("/silences/submit", typed(**window, recurrence="FREQ=WEEKLY"))
    assert "every week, 22:00 to 02:00 Europe/Berlin" in browser.get("/silences").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"matchers": "a=~(b+)+"}, "repeated"),
        ({"matchers": ""}, "would silence everything"),
        ({"matchers": 'alertname=~".*"'}, "would silence everything"),
        ({"matchers": 'team!="db"'}, "would silence everything"),
        ({"ends": "2001-01-01T00:00"}, "after the start"),
        ({"starts": "soon"}, "from when to when"),
        ({"zone": "Mars"}, "no time zone"),
        ({"rule": "FREQ=SECONDLY"}, "daily, weekly"),
        ({"environment": "999"}, "no such environment"),
        ({"reason": " "}, "Say why"),
    ],
)
def test_what_makes_no_sense_is_said_by_its_field_and_nothing_is_lost(
    browser: Client, wrong: dict[str, str], said: str
) -> None:
    answer = browser.post("/silences/submit", typed(**wrong))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert "night work" in page or "reason" in wrong
    assert not Silence.objects.exists()


def test_editing_makes_another_in_its_place(browser: Client) -> None:
    browser.post("/silences/submit", typed())
    first = Silence.objects.get()
    assert browser.get(f"/silences/{first.pk}/edit").context["typed"]["reason"] == "night work"
    browser.post(f"/silences/{first.pk}/replacement", typed(reason="longer"))
    first.refresh_from_db()
    assert (first.ended_by, Silence.objects.latest("id").replaces) == ("alice", first)
    assert b"Replaced" in browser.get("/silences?view=ended").content


def test_ending_one_twice_is_no_mistake(browser: Client) -> None:
    browser.post("/silences/submit", typed())
    number = Silence.objects.get().pk
    for _ in range(2):
        assert browser.post(f"/silences/{number}/end").status_code == 302
    assert browser.post("/silences/999/end").status_code == 404


def test_viewers_change_nothing(viewer: Client) -> None:
    assert viewer.post("/silences/submit", typed()).status_code == 403
    assert viewer.get("/silences").status_code == 200


def test_what_was_learnt_can_be_forgotten(browser: Client) -> None:
    environment = make_incident().environment
    pair = LearntPair.objects.create(
        environment=environment,
        one="A @ x",
        other="B @ y",
        is_together=True,
        actor="bob",
        at=timezone.now(),
        reason="disk",
    )
    assert b"A @ x" in browser.get("/grouping").content
    browser.post(f"/grouping/{pair.pk}/forget")
    assert not LearntPair.objects.exists()


def test_a_trial_says_what_it_would_have_done(browser: Client) -> None:
    incident = make_incident()
    make_alert(incident, title="Down")
    browser.post("/silences/submit", typed(trial="on"))
    alert = incident.incident_occurrences.get().alert
    for _ in range(3):
        TrialOutcome.objects.create(
            silence=Silence.objects.get(), alert=alert, at=timezone.now(), would="hold", incident=incident, reason="x"
        )
    assert b"would have held 3 firings" in browser.get("/grouping").content
    assert b"would have held 3 firings" in browser.get("/silences").content
