"""Problem details (RFC 9457): how every refusal over HTTP says what is wrong and what to do."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from starlette.responses import Response

PROBLEM = "application/problem+json"


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: object) -> Response:
    """An `application/problem+json` answer; `more` are extension members."""
    return Response(problem_body(status, detail, **more), status, headers, PROBLEM)


def problem_body(status: int, detail: str, **more: object) -> bytes:
    """The body of such an answer, for whichever kind of response carries it."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return msgspec.json.encode(body)
