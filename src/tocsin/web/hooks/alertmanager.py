"""Answers as an Alertmanager gives them to a Prometheus that pushes to it, API version 2: 200, with nothing to say."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tocsin.web.hooks.answers import Dialect, Kept, as_problem

# What clients of an Alertmanager look at before they trust that it is one.
_STATUS = {
    "cluster": {"status": "disabled", "peers": []},
    "config": {"original": ""},
    "uptime": "1970-01-01T00:00:00Z",
    "versionInfo": dict.fromkeys(("branch", "buildDate", "buildUser", "goVersion", "revision"), "")
    | {"version": "tocsin"},
}


def _accepted(kept: Kept) -> Response:
    return Response(status_code=200)


DIALECT = Dialect(_accepted, as_problem)


def status() -> Response:
    """What an Alertmanager says of itself."""
    return Response(msgspec.json.encode(_STATUS), media_type="application/json")


def probed(path: str, request: Request) -> Response | None:
    """The answer to a look at an Alertmanager's state; None where it is none."""
    if request.method not in {"GET", "HEAD"}:
        return None
    if path in {"-/healthy", "-/ready"}:
        return PlainTextResponse("OK")
    return status() if path == "api/v2/status" else None
