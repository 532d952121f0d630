"""The webhook route itself, on a real database."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Message

from tests.factories import NOW, make_source
from tocsin.alerts.models import Signal
from tocsin.alerts.sources import alertmanager
from tocsin.catalog.models import Source
from tocsin.ground.secrets import seal, unseal
from tocsin.server.asgi import conninfo
from tocsin.web.hooks.database import connect
from tocsin.web.hooks.routes import LARGEST_BODY, Hooks

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "a secret for this test alone"


Answer = tuple[int, dict[str, Any], dict[str, str]]


async def one(app: Starlette, path: str, body: bytes | None, told: dict[str, str] | None = None) -> Answer:
    """One POST; without a body the sender hangs up in the middle of it."""
    sent: list[Message] = []

    async def receive() -> Message:
        if body is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in (told or {}).items()]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": raw}
    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], msgspec.json.decode(sent[1]["body"] or b"{}"), headers


def post_all(
    path: str, bodies: list[bytes | None], database: str | None = None, told: dict[str, str] | None = None
) -> list[Answer]:
    """Status, decoded body and headers of POSTs that arrive together, through the ASGI route."""

    async def story() -> list[Answer]:
        pool = await connect(2, database or conninfo())
        hooks = Hooks(pool, SECRET, timedelta(minutes=5))
        app = Starlette(routes=[Route("/hooks/{source}/{token}", hooks.answer, methods=["POST"])])
        writer = asyncio.create_task(hooks.intake.commits.run())
        answers = await asyncio.gather(*(one(app, path, body, told) for body in bodies))
        writer.cancel()
        await pool.close(timeout=0)
        return answers

    return asyncio.run(story())


def post(path: str, body: bytes | None, database: str | None = None) -> Answer:
    """One POST alone."""
    [answer] = post_all(path, [body], database)
    return answer


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


def test_an_empty_body_is_called_so() -> None:
    _, token = make_source()
    assert post(f"/hooks/alertmanager/{token}", b"")[1]["detail"] == "the body is empty"


def test_a_revoked_source_is_not_found() -> None:
    source, token = make_source()
    Source.objects.filter(pk=source.pk).update(revoked_at=NOW)
    assert post(f"/hooks/alertmanager/{token}", alertmanager.EXAMPLE)[0] == 404


def test_one_bad_alert_takes_no_other_with_it() -> None:
    _, token = make_source("generic")
    status, answer, _ = post(f"/hooks/generic/{token}", b'[{"title": "good"}, {"title": ""}]')
    assert (status, answer["alerts"], len(answer["rejected"])) == (202, 1, 1)
    assert "alert 2" in Signal.objects.get(pk=answer["signal"]).error


def test_a_poisonous_body_spoils_no_other_of_its_batch() -> None:
    _, token = make_source("generic")
    bodies = [msgspec.json.encode({"title": f"alert {n}"}) for n in range(20)]
    poison = b'{"title": "a", "labels": {"deployment": "%s"}}' % secrets.token_hex(4000).encode()
    answers = post_all(f"/hooks/generic/{token}", [*bodies[:10], poison, *bodies[10:]])
    assert {status for status, _, _ in answers} == {202}


def test_a_body_that_the_database_refuses_is_kept_as_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    _, token = make_source("generic")
    monkeypatch.setattr("tocsin.workflows.placing._headline", lambda *_: "a\x00b")
    answers = post_all(f"/hooks/generic/{token}", [b'{"title": "one"}', b'{"title": "two"}'])
    assert [status for status, _, _ in answers] == [400, 400]
    assert all("could not be kept" in kept.error for kept in Signal.objects.all())


def test_thousands_of_alerts_about_nothing_are_placed_quickly_enough_to_be_one_batch() -> None:
    _, token = make_source("generic")
    alerts = msgspec.json.encode([{"title": f"alert {n}"} for n in range(3000)])
    status, answer, _ = post(f"/hooks/generic/{token}", alerts)
    assert (status, answer["alerts"]) == (202, 3000)


def test_too_many_alerts_in_one_body_are_refused() -> None:
    _, token = make_source("generic")
    status, answer, _ = post(f"/hooks/generic/{token}", msgspec.json.encode([{"title": "a"}] * 10_001))
    assert (status, "at most 10000" in answer["detail"]) == (400, True)


def test_a_sender_that_hangs_up_leaves_nothing() -> None:
    _, token = make_source()
    post(f"/hooks/alertmanager/{token}", None)
    assert Signal.objects.count() == 0


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


def test_a_source_with_a_key_takes_only_what_is_signed_with_it() -> None:
    source, token = make_source("github")
    source.signing_key = seal(SECRET, b"a shared secret")
    source.save()
    body = b'{"zen": "Keep it logically awesome."}'
    proof = hmac.new(b"a shared secret", body, "sha256").hexdigest()
    assert post(f"/hooks/github/{token}", body)[0] == 401
    assert Signal.objects.count() == 0
    [(status, _, _)] = post_all(f"/hooks/github/{token}", [body], told={"x-hub-signature-256": f"sha256={proof}"})
    assert status == 202
