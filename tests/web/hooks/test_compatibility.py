"""Addresses that senders know from elsewhere, on a real database."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import msgspec
import pytest
from django.db import connection

from tests.factories import make_source
from tests.web.hooks.sending import Answer, Sent, send, send_all
from tocsin.alerts.models import Alert, Signal
from tocsin.alerts.sources import opsgenie, pagerduty_events, prometheus
from tocsin.catalog.models import Source

pytestmark = pytest.mark.django_db(transaction=True)


def basic(token: str) -> str:
    return "Basic " + base64.b64encode(f"tocsin:{token}".encode()).decode()


def test_a_prometheus_may_list_tocsin_as_an_alertmanager() -> None:
    _, token = make_source("prometheus")
    said = [{"Authorization": f"Bearer {token}"}, {"Authorization": basic(token)}]
    answers = send_all([Sent("/api/v2/alerts", prometheus.EXAMPLE, headers) for headers in said])
    under_its_address = send(Sent(f"/hooks/prometheus/{token}/api/v2/alerts", prometheus.EXAMPLE))
    assert [(status, answer) for status, answer, _ in [*answers, under_its_address]] == [(200, {"text": ""})] * 3
    assert Alert.objects.get().title == "TargetDown"


@pytest.mark.parametrize(
    "said", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic !"}, {"Authorization": "Bear x"}]
)
def test_a_push_without_a_token_is_refused(said: dict[str, str]) -> None:
    status, answer, _ = send(Sent("/api/v2/alerts", prometheus.EXAMPLE, said))
    assert (status, "Authorization: Bearer TOKEN" in answer["detail"]) == (401, True)


def test_a_token_of_another_kind_of_source_pushes_nothing() -> None:
    _, token = make_source("generic")
    assert send(Sent("/api/v2/alerts", prometheus.EXAMPLE, {"Authorization": f"Bearer {token}"}))[0] == 404


@pytest.mark.parametrize("path", ["/api/v2/status", "/hooks/prometheus/x/-/ready", "/hooks/prometheus/x/api/v2/status"])
def test_an_alertmanagers_state_can_be_looked_at(path: str) -> None:
    assert send(Sent(path, method="GET"))[0] == 200


@pytest.mark.parametrize("said", ["Bearer {}", "bearer {}"])
def test_the_token_may_stand_in_a_header(said: str) -> None:
    _, token = make_source("generic")
    assert send(Sent("/hooks/generic", b'{"title": "a"}', {"Authorization": said.format(token)}))[0] == 202
    assert send(Sent("/hooks/grafana", b'{"title": "a"}', {"Authorization": said.format(token)}))[0] == 404
    assert send(Sent("/hooks/generic", b'{"title": "a"}'))[0] == 401
    assert send(Sent("/hooks/nothing", b"{}", {"Authorization": said.format(token)}))[0] == 404


def event(token: str, **changed: object) -> Sent:
    body = msgspec.json.decode(pagerduty_events.EXAMPLE) | {"routing_key": token} | changed
    return Sent("/v2/enqueue", msgspec.json.encode(body))


def test_what_can_page_pagerduty_can_send_here() -> None:
    _, token = make_source("pagerduty_events")
    status, answer, _ = send(event(token))
    assert (status, answer) == (202, {"status": "success", "message": "Event processed", "dedup_key": "cart/disk"})
    assert token not in Signal.objects.get().body
    assert send(event(token, event_action="resolve"))[0] == 202
    assert not Alert.objects.get().firing


def test_an_event_without_a_key_of_its_own_is_told_the_one_it_was_given() -> None:
    _, token = make_source("pagerduty_events")
    key = send(event(token, dedup_key=""))[1]["dedup_key"]
    send(event(token, event_action="resolve", dedup_key=key))
    assert [alert.firing for alert in Alert.objects.all()] == [False]


def test_an_invalid_event_is_refused_in_pagerdutys_words() -> None:
    _, token = make_source("pagerduty_events")
    status, answer, _ = send(event(token, payload={"source": "a"}))
    assert (status, answer["status"], answer["message"]) == (400, "invalid event", "Event object is invalid")
    assert "'payload.summary' is missing or blank" in answer["errors"]
    assert Signal.objects.get().error


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"routing_key": 1}', b'{"routing_key": "nobody\'s"}'])
def test_an_event_without_a_known_key_is_refused(body: bytes) -> None:
    status, answer, _ = send(Sent("/v2/enqueue", body))
    assert (status, answer["status"], Signal.objects.count()) == (400, "invalid event", 0)


def test_too_many_events_are_throttled_as_pagerduty_does() -> None:
    _, token = make_source("pagerduty_events")
    Source.objects.update(requests_per_minute=1)
    status, answer, headers = send(event(token), event(token))
    assert (status, answer["status"], "retry-after" in headers) == (429, "throttle exceeded", True)


def test_a_change_is_taken_and_calls_nobody() -> None:
    _, token = make_source("pagerduty_events")
    body = msgspec.json.encode({"routing_key": token, "payload": {"summary": "Deployed", "source": "ci"}})
    status, answer, _ = send(Sent("/v2/change/enqueue", body))
    assert (status, answer["message"], Alert.objects.count()) == (202, "Change event processed", 0)


def alert(token: str, path: str, body: bytes = b"{}", method: str = "POST") -> Answer:
    return send(Sent(path, body, {"Authorization": f"GenieKey {token}"}, method))


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/v2/alerts/cart%2Fdisk/close?identifierType=alias", "POST"),
        ("/v2/alerts/cart%2Fdisk?identifierType=alias", "DELETE"),
    ],
)
def test_what_can_call_opsgenie_can_send_here(path: str, method: str) -> None:
    _, token = make_source("opsgenie")
    status, answer, _ = alert(token, "/v2/alerts", opsgenie.EXAMPLE)
    assert (status, answer["result"]) == (202, "Request will be processed")
    assert answer["requestId"]
    assert alert(token, path, method=method)[0] == 202
    assert [alert.firing for alert in Alert.objects.all()] == [False]


def test_an_alert_of_opsgenies_may_be_deleted_also_under_an_address_with_the_token() -> None:
    _, token = make_source("opsgenie")
    assert send(Sent(f"/hooks/opsgenie/{token}/v2/alerts", opsgenie.EXAMPLE, {}))[0] == 202
    assert send(Sent(f"/hooks/opsgenie/{token}/v2/alerts/cart%2Fdisk", b"", {}, "DELETE"))[0] == 202
    assert [alert.firing for alert in Alert.objects.all()] == [False]


def test_a_body_that_opsgenie_would_not_process_is_refused_in_its_way() -> None:
    _, token = make_source("opsgenie")
    assert alert(token, "/v2/alerts", b"{}")[0] == 422
    assert alert("nobody's", "/v2/alerts", opsgenie.EXAMPLE)[0] == 401


def test_a_sender_of_cloudevents_may_ask_first() -> None:
    _, token = make_source("cloudevents")
    asking = {"WebHook-Request-Origin": "events.example", "WebHook-Request-Rate": "120"}
    status, _, headers = send(Sent(f"/hooks/cloudevents/{token}", b"", asking, "OPTIONS"))
    assert (status, headers["webhook-allowed-origin"], headers["allow"]) == (200, "events.example", "POST")
    assert int(headers["webhook-allowed-rate"]) == Source.objects.get().requests_per_minute
    assert send(Sent("/hooks/cloudevents/nobodys", b"", asking, "OPTIONS"))[0] == 404


def test_nothing_else_is_heard_under_an_address() -> None:
    _, token = make_source("github")
    assert send(Sent(f"/hooks/github/{token}/api/v2/alerts", b"[]"))[0] == 404


@pytest.mark.parametrize("path", ["/api/v2/alerts", "/v2/enqueue", "/v2/alerts"])
def test_without_a_database_every_sender_is_told_to_come_again(path: str) -> None:
    sent = Sent(path, b'{"routing_key": "x"}', {"Authorization": basic("x")})
    [(status, _, headers)] = send_all([sent], "host=/nonexistent dbname=none connect_timeout=1")
    assert (status, headers["retry-after"]) == (503, "5")


@pytest.fixture
def full_disk() -> Iterator[None]:
    """A database that answers each new signal as PostgreSQL does when the disk is full."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON alerts_signal EXECUTE FUNCTION full_disk()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION full_disk CASCADE")


@pytest.mark.parametrize("kind", ["prometheus", "pagerduty_events", "opsgenie", "generic"])
def test_on_a_full_disk_nothing_is_half_kept_and_the_sender_comes_again(full_disk: None, kind: str) -> None:
    _, token = make_source(kind)
    requests = {
        "prometheus": Sent("/api/v2/alerts", prometheus.EXAMPLE, {"Authorization": f"Bearer {token}"}),
        "pagerduty_events": event(token),
        "opsgenie": Sent("/v2/alerts", opsgenie.EXAMPLE, {"Authorization": f"GenieKey {token}"}),
        "generic": Sent("/hooks/generic", b'{"title": "a"}', {"Authorization": f"Bearer {token}"}),
    }
    status, _, headers = send(requests[kind])
    assert (status, headers["retry-after"], Signal.objects.count(), Alert.objects.count()) == (503, "5", 0, 0)
