"""Where `tocsin run` sends to, on a real database."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from tests.deployments.test_receiving import SECRET, document
from tests.factories import make_source
from tests.web.test_agents import one
from tocsin.deployments.document import pack
from tocsin.deployments.models import Deployment
from tocsin.ground.database import conninfo
from tocsin.incidents.models import Incident
from tocsin.web.deployments import Deployments
from tocsin.web.hooks.database import connect
from tocsin.web.hooks.routes import Hooks

pytestmark = pytest.mark.django_db(transaction=True)


def post(token: str, *bodies: bytes, method: str = "POST") -> list[tuple[int, dict[str, Any]]]:
    async def story() -> list[tuple[int, dict[str, Any]]]:
        pool = await connect(2, conninfo())
        hooks = Hooks(pool, "a secret for this test alone", timedelta(minutes=5))
        writer = asyncio.create_task(hooks.intake.commits.run())
        methods = ["GET", "POST"]
        app = Starlette(routes=[Route("/hooks/deployment/{token}", Deployments(hooks).answer, methods=methods)])
        answers = [await one(app, method, f"/hooks/deployment/{token}", body, "") for body in bodies]
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        await pool.close()
        return [(status, json.loads(answer)) for status, answer in answers]

    return asyncio.run(story())


@pytest.fixture
def token() -> str:
    return make_source("deployment")[1]


def test_a_failed_run_is_taken_and_is_an_incident(token: str) -> None:
    ((status, told),) = post(token, pack(document()))
    assert (status, told["outcome"], told["trigger"]) == (202, "failed", "apply failure")
    assert Incident.objects.get().title == "terraform apply failed: network"


def test_the_same_run_sent_twice_is_one(token: str) -> None:
    assert [status for status, _ in post(token, pack(document()), pack(document()))] == [202, 202]
    assert (Deployment.objects.count(), Incident.objects.count()) == (1, 1)


def test_nothing_secret_is_kept(token: str) -> None:
    post(token, pack(document()))
    deployment = Deployment.objects.select_related("signal").get()
    assert SECRET not in f"{deployment.signal.body} {deployment.reason}"


def test_what_was_meant_for_another_environment_is_refused(token: str) -> None:
    elsewhere = document()
    elsewhere.environment = "staging"
    ((status, told),) = post(token, pack(elsewhere))
    assert (status, Deployment.objects.count()) == (400, 0)
    assert "meant for environment staging, and this address is that of shop/production" in told["detail"]


def test_rubbish_and_strangers_are_refused(token: str) -> None:
    assert post(token, b"rubbish")[0][0] == 400
    assert post("no such token", pack(document()))[0][0] == 404
    assert post(token, b"", method="GET")[0][0] == 405


def test_one_that_the_database_refuses_is_refused_for_good(token: str) -> None:
    ((status, told),) = post(token, pack(document(exit_code=2**40)))
    assert (status, Deployment.objects.count()) == (400, 0)
    assert "out of range" in told["detail"]


def test_the_token_of_another_kind_of_source_is_none() -> None:
    assert post(make_source("generic")[1], pack(document()))[0][0] == 404
