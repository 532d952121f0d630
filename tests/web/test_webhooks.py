"""The webhook route itself, on a real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Message

from tests.factories import make_source
from tocsin.alerts.models import Signal
from tocsin.alerts.sources import alertmanager
from tocsin.ground.secrets import unseal
from tocsin.server.asgi import conninfo
from tocsin.web.webhooks import LARGEST_BODY, Hooks, connect

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "a secret for this test alone"


def post(path: str, body: bytes, database: str | None = None) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, decoded body and headers of one POST through the ASGI route."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def story() -> None:
        pool = await connect(2, database or conninfo())
        hooks = Hooks(pool, SECRET, timedelta(minutes=5))
        app = Starlette(routes=[Route("/hooks/{source}/{token}", hooks.answer, methods=["POST"])])
        writer = asyncio.create_task(hooks.commits.run())
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": []}
        await app(scope, receive, send)
        writer.cancel()
        await pool.close(timeout=0)

    asyncio.run(story())
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], msgspec.json.decode(sent[1]["body"]), headers


def test_a_signal_is_committed_when_it_is_accepted() -> None:
    _, token = make_source()
    status, answer, _ = post(f"/hooks/alertmanager/{token}", alertmanager.EXAMPLE)
    assert (status, answer["alerts"]) == (202, 2)
    assert Signal.objects.get(pk=answer["signal"]).error == ""


def test_a_malformed_one_is_kept_sealed_and_answered_with_problem_details() -> None:
    _, token = make_source()
    status, answer, headers = post(f"/hooks/alertmanager/{token}", b"{not json")
    kept = Signal.objects.get(pk=answer["signal"])
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert answer["detail"] == kept.error
    assert unseal(SECRET, bytes(kept.sealed_body or b"")) == b"{not json"


@pytest.mark.parametrize("path", ["/hooks/alertmanager/wrong", "/hooks/generic/{token}", "/hooks/nothing/{token}"])
def test_a_wrong_token_or_kind_is_not_found(path: str) -> None:
    _, token = make_source()
    status, answer, _ = post(path.format(token=token), b"{}")
    assert (status, Signal.objects.count()) == (404, 0)
    assert "tocsin source" in answer["detail"]


def test_too_large_a_body_is_refused() -> None:
    _, token = make_source()
    assert post(f"/hooks/alertmanager/{token}", b" " * (LARGEST_BODY + 1))[0] == 413


def test_secrets_are_redacted_before_they_are_kept() -> None:
    _, token = make_source("generic")
    secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
    body = msgspec.json.encode({"title": "Deploy failed", "description": f"token {secret} was refused"})
    status, answer, _ = post(f"/hooks/generic/{token}", body)
    assert status == 202
    assert secret not in Signal.objects.get(pk=answer["signal"]).body


def test_nul_in_a_payload_is_no_reason_to_lose_it() -> None:
    _, token = make_source("generic")
    status, _, _ = post(f"/hooks/generic/{token}", b'{"title": "a\\u0000b", "labels": {"x": "\\u0000"}}')
    assert status == 202


def test_without_a_database_the_sender_is_told_to_come_again() -> None:
    status, answer, headers = post("/hooks/generic/token", b"{}", "host=/nonexistent dbname=none connect_timeout=1")
    assert (status, headers["retry-after"]) == (503, "5")
    assert "Send this signal again" in answer["detail"]
