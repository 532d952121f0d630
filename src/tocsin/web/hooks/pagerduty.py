"""Answers as PagerDuty's Events API v2 gives them, for whatever can page PagerDuty. The routing key is a source's token.

https://developer.pagerduty.com/docs/send-alert-event
"""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from tocsin.web.hooks.answers import Dialect, Kept, Refused


class _Event(msgspec.Struct):
    """Who sends an event. Nothing else of it is made into values before that is known."""

    routing_key: Any = None


_decoder = msgspec.json.Decoder(_Event)


def routing_key(body: bytes) -> str:
    """The token in an event. Raises Refused."""
    try:
        key = _decoder.decode(body).routing_key
    except msgspec.ValidationError:
        key = None  # no object at all
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, f"not JSON: {error}") from error
    if not isinstance(key, str) or not key:
        raise Refused(400, "'routing_key' is missing or blank")
    return key


def _accepted(kept: Kept) -> Response:
    if not kept.parsed.alerts:
        return _json(202, {"status": "success", "message": "Change event processed"})
    told = {"status": "success", "message": "Event processed", "dedup_key": kept.parsed.alerts[0].identity}
    return _json(202, told)


def _refused(refused: Refused) -> Response:
    if refused.status == 429:
        return _json(429, {"status": "throttle exceeded", "message": refused.detail}, refused.headers)
    if refused.status in {405, 408, 413} or refused.status >= 500:
        return _json(refused.status, {"status": "error", "message": refused.detail}, refused.headers)
    wrong = refused.detail.split("; ")
    return _json(400, {"status": "invalid event", "message": "Event object is invalid", "errors": wrong})


def _json(status: int, told: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(told), status, headers, "application/json")


DIALECT = Dialect(_accepted, _refused, names_alerts=True)
