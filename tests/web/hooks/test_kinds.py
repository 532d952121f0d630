"""Bodies of every kind of source, from the request to the alert that is kept."""

from __future__ import annotations

import msgspec
import pytest

from tests.factories import make_source
from tests.web.hooks.sending import Sent, send_all
from tocsin.alerts.models import Alert, Signal
from tocsin.alerts.sources import load_sources
from tocsin.deployments.models import Deployment

pytestmark = pytest.mark.django_db(transaction=True)
# The example of one whose messages must be signed can't be.
UNSIGNED = {name: source for name, source in load_sources().items() if not getattr(source, "IS_SNS", False)}


def test_the_example_of_every_kind_is_kept_with_its_alerts_or_runs() -> None:
    sent = [Sent(f"/hooks/{name}/{make_source(name)[1]}", source.EXAMPLE) for name, source in UNSIGNED.items()]
    answers = dict(zip(UNSIGNED, send_all(sent), strict=True))
    assert {name: status for name, (status, _, _) in answers.items() if status not in {200, 202}} == {}
    assert not Signal.objects.exclude(error="").exists()
    assert all(Alert.objects.filter(source__kind=name).exists() for name in UNSIGNED)
    assert Deployment.objects.exists()


def test_what_only_says_how_an_alert_stands_leaves_the_rest_as_it_was() -> None:
    path = f"/hooks/pagerduty_events/{make_source('pagerduty_events')[1]}"
    example = UNSIGNED["pagerduty_events"].EXAMPLE
    bare = [{"event_action": action, "dedup_key": "cart/disk"} for action in ("acknowledge", "resolve")]
    for body in (example, *map(msgspec.json.encode, bare)):
        [(status, answer, _)] = send_all([Sent(path, body)])
        assert (status, answer["dedup_key"]) == (202, "cart/disk")
    alert = Alert.objects.get()
    assert (alert.title, alert.firing) == ("Disk of cart-db is 95 % full", False)


def test_what_has_nothing_to_alert_about_is_answered_with_why() -> None:
    path = f"/hooks/gitlab/{make_source('gitlab')[1]}"
    [(status, answer, _)] = send_all([Sent(path, b'{"object_kind": "push"}')])
    assert (status, answer["note"]) == (202, "this push is nothing to alert about")
