"""Answers as Opsgenie's Alert API gives them, for whatever can send to Opsgenie. The API key is a source's token.

https://docs.opsgenie.com/docs/alert-api
"""

from __future__ import annotations

import uuid

import msgspec
from starlette.responses import Response

from tocsin.web.hooks.answers import Dialect, Kept, Refused


def _accepted(kept: Kept) -> Response:
    return _json(202, {"result": "Request will be processed"})


def _refused(refused: Refused) -> Response:
    status = {400: 422, 404: 401}.get(refused.status, refused.status)
    return _json(status, {"message": refused.detail}, refused.headers)


def _json(status: int, told: dict[str, object], headers: dict[str, str] | None = None) -> Response:
    request = {"took": 0.0, "requestId": str(uuid.uuid4())}
    return Response(msgspec.json.encode(told | request), status, headers, "application/json")


DIALECT = Dialect(_accepted, _refused)
