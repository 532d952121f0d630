"""Problem details (RFC 9457): how every refusal over HTTP says what is wrong and what to do."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from starlette.responses import Response


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: object) -> Response:
    """An `application/problem+json` answer; `more` are extension members."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return Response(msgspec.json.encode(body), status, headers, "application/problem+json")
