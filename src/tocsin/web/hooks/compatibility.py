"""Addresses that senders know from elsewhere: an Alertmanager's, PagerDuty's, Opsgenie's. The same path to the commit."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Collection

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tocsin.web.hooks import alertmanager, pagerduty
from tocsin.web.hooks.answers import Refused, as_problem
from tocsin.web.hooks.routes import Hooks

OPSGENIES = ("POST", "DELETE")
ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
Answer = Callable[[Hooks, Request], Awaitable[Response]]


def presented(request: Request, scheme: str) -> str:
    """The token in the Authorization header: after `scheme`, or as the password of a basic one. Raises Refused."""
    said, _, credentials = request.headers.get("authorization", "").partition(" ")
    token = credentials.strip()
    if said.lower() == "basic":
        try:
            token = base64.b64decode(token, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            token = ""
    elif said.lower() != scheme.lower():
        token = ""
    if not token:
        raise Refused(401, f"Say who sends this: Authorization: {scheme} TOKEN, the token being that of a source.")
    return token


def _shown(scheme: str, kind: str = "", methods: Collection[str] = ("POST",)) -> Answer:
    """The route of senders that show their token in a header; where no kind is given, the address names it."""

    async def answer(hooks: Hooks, request: Request) -> Response:
        name = kind or request.path_params["source"]
        dialect = hooks.dialect(name)

        async def take(request: Request) -> Response:
            registered = await hooks.registered(name, presented(request, scheme))
            return dialect.accepted(await hooks.take_in(registered, request, await hooks.body(request)))

        return await hooks.guarded(request, take, dialect, methods)

    return answer


async def enqueue(hooks: Hooks, request: Request) -> Response:
    """POST /v2/enqueue and /v2/change/enqueue: the token stands in the body."""

    async def take(request: Request) -> Response:
        body = await hooks.body(request)
        registered = await hooks.registered("pagerduty_events", pagerduty.routing_key(body))
        return pagerduty.DIALECT.accepted(await hooks.take_in(registered, request, body))

    return await hooks.guarded(request, take, pagerduty.DIALECT)


async def appended(hooks: Hooks, request: Request) -> Response:
    """/hooks/{source}/{token}/…: what an Alertmanager's and Opsgenie's senders append to the address they are given."""
    kind, path = request.path_params["source"], request.path_params["path"]
    if kind == "prometheus" and (probe := alertmanager.probed(path, request)):
        return probe
    if kind == "opsgenie" and path.startswith("v2/alerts"):
        return await hooks.answer(request, OPSGENIES)
    if path not in _APPENDED.get(kind, ()):
        return as_problem(Refused(404, f"A {kind} source hears nothing at “{path[:100]}”."))
    return await hooks.answer(request)


_APPENDED = {
    "prometheus": ("api/v1/alerts", "api/v2/alerts"),
    "pagerduty_events": ("v2/enqueue", "v2/change/enqueue"),
}


async def probe(hooks: Hooks, request: Request) -> Response:
    """GET /api/v2/status: what clients of an Alertmanager look at first."""
    return alertmanager.status()


async def agreed(hooks: Hooks, request: Request) -> Response:
    """OPTIONS /hooks/{source}/{token}: a sender of CloudEvents asks whether it may send here, and how much.

    https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md (Abuse Protection)
    """

    async def take(request: Request) -> Response:
        registered = await hooks.registered(request.path_params["source"], request.path_params["token"])
        headers = {"Allow": "POST"}
        asking = request.headers.get("webhook-request-origin")
        if asking:
            most = registered.requests_per_minute
            headers |= {"WebHook-Allowed-Origin": asking, "WebHook-Allowed-Rate": str(most) if most else "*"}
        return Response(status_code=200, headers=headers)

    return await hooks.guarded(request, take, methods={"OPTIONS"})


class _Endpoint:
    """An answer as an ASGI app of its own: around a function Starlette wraps more than a small request costs."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        response = await self._answer(request.app.state.hooks, request)
        await response(scope, receive, send)


def routes() -> list[Route]:
    """All routes of the hooks, the most particular first. They find the hooks in the state of their app."""

    def route(path: str, answer: Answer, methods: list[str]) -> Route:
        return Route(path, _Endpoint(answer), methods=methods)

    # a header stays out of the logs that addresses are written into
    in_header, push = _shown("Bearer"), _shown("Bearer", "prometheus")
    alert = _shown("GenieKey", "opsgenie", OPSGENIES)
    return [
        route("/hooks/{source}", in_header, ANY),
        route("/hooks/{source}/{token}", agreed, ["OPTIONS"]),
        route("/hooks/{source}/{token}", Hooks.answer, ANY),
        route("/hooks/{source}/{token}/{path:path}", appended, ANY),
        route("/api/v2/status", probe, ["GET"]),
        route("/api/v2/alerts", push, ["POST"]),
        route("/v2/enqueue", enqueue, ["POST"]),
        route("/v2/change/enqueue", enqueue, ["POST"]),
        route("/v2/alerts", alert, ["POST"]),
        route("/v2/alerts/{alias:path}", alert, ["POST", "DELETE"]),
    ]
