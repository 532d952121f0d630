"""What an agent sends is checked, redacted and waited for."""

from __future__ import annotations

import gzip
import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from tests.factories import NOW, make_environment, make_incident
from tocsin.catalog.models import Cluster
from tocsin.investigation import agents
from tocsin.investigation.agents import BadSnapshot, look, received
from tocsin.investigation.models import AgentRequest, Investigation

KEY = b"a key of these tests"
SNAPSHOT = {"format": "tocsin-snapshot/1", "objects": [], "logs": {"shop/a/app": {"current": "password=hunter22"}}}
ALERT = {"title": "cart is down"}


def packed(document: Any) -> bytes:
    return gzip.compress(json.dumps(document).encode())


def test_what_an_agent_sends_is_redacted_again() -> None:
    assert b"hunter22" not in gzip.decompress(received(packed(SNAPSHOT), KEY))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not gzip",
        packed(SNAPSHOT)[:-9],
        gzip.compress(b"[1]"),
        gzip.compress(b"\xff\xfe"),
        packed({"format": "tocsin-snapshot/2"}),
        packed({}),
        gzip.compress(b'{"objects": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    ],
)
def test_what_is_no_snapshot_is_refused(body: bytes) -> None:
    with pytest.raises(BadSnapshot):
        received(body, KEY)


def test_a_small_body_can_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents, "MOST_UNPACKED", 1000)
    with pytest.raises(BadSnapshot, match="more than"):
        received(gzip.compress(b" " * 5000), KEY)


@pytest.fixture
def investigation() -> Investigation:
    return Investigation.objects.create(incident=make_incident(), ordinal=1, requested_by="tocsin", requested_at=NOW)


def cluster(**more: Any) -> Cluster:
    return Cluster.objects.create(environment=make_environment(), name="lab", kind="agent", **more)


def whys(snapshot: bytes) -> str:
    return " ".join(gap["why"] for gap in json.loads(snapshot)["gaps"])


@pytest.mark.django_db
def test_an_agent_that_is_away_is_a_gap_that_says_so(
    investigation: Investigation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agents, "_FOR_THE_AWAY_S", 0.0)
    assert "it never called" in whys(look(investigation, cluster(), ALERT, timeout_s=30, key=KEY))
    last = timezone.now() - timedelta(hours=3)
    Cluster.objects.update(agent_seen_at=last)
    told = whys(look(investigation, Cluster.objects.get(), ALERT, timeout_s=30, key=KEY))
    assert "it last called 3" in told
    assert AgentRequest.objects.count() == 1


@pytest.mark.django_db
def test_an_answer_that_came_while_no_worker_waited_is_used(investigation: Investigation) -> None:
    now = timezone.now()
    AgentRequest.objects.create(
        investigation=investigation,
        cluster=cluster(),
        alert=ALERT,
        timeout_s=30,
        asked_at=now,
        deadline=now,
        content=packed(SNAPSHOT),
    )
    seen = look(investigation, Cluster.objects.get(), ALERT, timeout_s=30, key=KEY)
    assert json.loads(seen)["format"] == "tocsin-snapshot/1"


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_waited_for(investigation: Investigation) -> None:
    def answer() -> None:
        while not AgentRequest.objects.update(content=packed(SNAPSHOT)):
            time.sleep(0.02)
        connections.close_all()

    answering = threading.Thread(target=answer)
    answering.start()
    seen = look(investigation, cluster(agent_seen_at=timezone.now()), ALERT, timeout_s=30, key=KEY)
    answering.join()
    assert "logs" in json.loads(seen)
