"""Where agents call in, on a real database."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Message

from tests.factories import NOW, make_environment, make_incident
from tocsin.catalog.models import Cluster
from tocsin.ground.database import conninfo
from tocsin.ground.secrets import token_hash
from tocsin.investigation.models import AgentRequest, Investigation
from tocsin.web import agents as module
from tocsin.web.agents import Agents
from tocsin.web.hooks.database import connect

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a token of this test"
SNAPSHOT = gzip.compress(json.dumps({"format": "tocsin-snapshot/1", "objects": []}).encode())
Call = Callable[..., Coroutine[Any, Any, tuple[int, bytes]]]


def make_request(slug: str = "production", token: str = TOKEN, **more: Any) -> AgentRequest:
    """A look that an agent of its own cluster is asked for."""
    environment = make_environment(slug)
    cluster = Cluster.objects.create(
        environment=environment, name=slug, kind="agent", agent_token_hash=token_hash(token)
    )
    incident = make_incident(environment=environment)
    investigation = Investigation.objects.create(incident=incident, ordinal=1, requested_by="tocsin", requested_at=NOW)
    now = timezone.now()
    values = {"alert": {"title": slug}, "timeout_s": 30, "asked_at": now, "deadline": now + timedelta(seconds=45)}
    return AgentRequest.objects.create(investigation=investigation, cluster=cluster, **(values | more))


def calls(*made: Callable[[Call], Coroutine[Any, Any, Any]]) -> list[Any]:
    """What each of some callers gets, all at once."""

    async def story() -> list[Any]:
        pool = await connect(2, conninfo())
        agents = Agents(pool, "a secret for this test alone", hold_s=0.2)
        routes = [
            Route("/agent/work", agents.work, methods=["GET"]),
            Route("/agent/work/{id:int}", agents.bring, methods=["POST"]),
        ]
        app = Starlette(routes=routes)

        async def call(method: str, path: str, body: bytes = b"", token: str = TOKEN) -> tuple[int, bytes]:
            return await one(app, method, path, body, token)

        answers = await asyncio.gather(*(make(call) for make in made))
        await pool.close()
        return answers

    return asyncio.run(story())


async def one(app: Starlette, method: str, path: str, body: bytes, token: str) -> tuple[int, bytes]:
    """The status and body of one request."""
    sent: list[Message] = []
    waiting = asyncio.Event()
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not messages:
            await waiting.wait()
        return messages.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"authorization", f"Bearer {token}".encode())]
    await app({"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def call(method: str, path: str, body: bytes = b"", token: str = TOKEN) -> tuple[int, bytes]:
    """One request alone."""
    [answer] = calls(lambda ask: ask(method, path, body, token))
    return answer  # type: ignore[no-any-return]


def test_an_agent_gets_the_work_of_its_cluster_and_brings_what_it_saw() -> None:
    request, _other = make_request(), make_request("staging", "another token")
    status, body = call("GET", "/agent/work")
    work = json.loads(body)
    assert (status, work["id"], work["alert"]) == (200, request.pk, {"title": "production"})
    assert work["timeout_s"] <= 30
    assert call("POST", f"/agent/work/{request.pk}", SNAPSHOT)[0] == 204
    request.refresh_from_db()
    assert request.content is not None
    assert Cluster.objects.get(name="production").agent_seen_at is not None


def test_of_two_agents_one_gets_the_work() -> None:
    make_request()
    answers = calls(*[lambda ask: ask("GET", "/agent/work")] * 2)
    assert sorted(status for status, _ in answers) == [200, 204]


def test_work_of_an_agent_that_died_is_given_to_another() -> None:
    request = make_request(taken_until=timezone.now() - timedelta(seconds=1))
    assert json.loads(call("GET", "/agent/work")[1])["id"] == request.pk


def test_work_whose_time_is_over_is_not_given_out() -> None:
    make_request(deadline=timezone.now())
    assert call("GET", "/agent/work") == (204, b"")


@pytest.mark.parametrize("token", ["", "wrong"])
def test_an_unknown_token_gets_nothing(token: str) -> None:
    request = make_request()
    assert call("GET", "/agent/work", token=token)[0] == 401
    assert call("POST", f"/agent/work/{request.pk}", SNAPSHOT, token=token)[0] == 401


def test_the_token_of_a_cluster_that_is_read_otherwise_now_is_unknown() -> None:
    make_request()
    Cluster.objects.update(kind="kubeconfig")
    assert call("GET", "/agent/work")[0] == 401


def test_another_clusters_work_can_not_be_answered() -> None:
    make_request()
    other = make_request("staging", "another token")
    assert call("POST", f"/agent/work/{other.pk}", SNAPSHOT)[0] == 410
    other.refresh_from_db()
    assert other.content is None


def test_the_same_answer_again_is_fine_and_changes_nothing() -> None:
    request = make_request()
    assert [call("POST", f"/agent/work/{request.pk}", SNAPSHOT)[0] for _ in range(2)] == [204, 204]
    kept = AgentRequest.objects.get().content
    later = gzip.compress(json.dumps({"format": "tocsin-snapshot/1"}).encode())
    assert call("POST", f"/agent/work/{request.pk}", later)[0] == 204
    assert AgentRequest.objects.get().content == kept


@pytest.mark.parametrize("number", ["9", "99999999999999999999999"])
def test_an_answer_that_nobody_waits_for_is_gone(number: str) -> None:
    make_request(deadline=timezone.now())
    assert call("POST", f"/agent/work/{number}", SNAPSHOT)[0] == 410


def test_a_late_answer_is_gone() -> None:
    request = make_request(deadline=timezone.now())
    assert call("POST", f"/agent/work/{request.pk}", SNAPSHOT)[0] == 410


def test_what_is_no_snapshot_is_refused_with_a_reason() -> None:
    status, body = call("POST", f"/agent/work/{make_request().pk}", b"nonsense")
    assert status == 400
    assert "This is no snapshot" in json.loads(body)["detail"]


def test_a_body_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_BODY", 10)
    assert call("POST", f"/agent/work/{make_request().pk}", SNAPSHOT)[0] == 413
