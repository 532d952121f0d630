"""Generic JSON: the format of Tocsin's own, for scripts and tools that have none. One alert or a list of them.

Required: `title`. `status` is `firing` (default) or `resolved`. `key` says what makes it the same alert next time
(default: title and labels). Times are RFC 3339. Labels such as namespace, pod, deployment, service or node name the resource.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from tocsin.alerts.parsed import UNREADABLE, BadPayload, Parsed, ParsedAlert, clean, each, plausible, without_nul
from tocsin.alerts.reading import LONGEST_TITLE, shortened

EXAMPLE = b"""{
  "title": "Checkout answers 5xx",
  "status": "firing",
  "key": "checkout-5xx",
  "severity": "critical",
  "description": "12 % of requests failed in the last 5 minutes",
  "starts_at": "2026-03-01T02:58:11Z",
  "labels": {"namespace": "shop", "service": "checkout"},
  "links": {"dashboard": "https://grafana.example/d/checkout"}
}"""

SIGNATURE = None


class _Alert(msgspec.Struct):
    title: Annotated[str, msgspec.Meta(min_length=1)]
    status: Literal["firing", "resolved"] = "firing"
    key: str = ""
    severity: str = ""
    description: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    labels: dict[str, Any] = {}
    annotations: dict[str, Any] = {}
    links: dict[str, str] = {}


_decoder = msgspec.json.Decoder(_Alert | list[_Alert])
_one = msgspec.json.Decoder(_Alert)
_raw = msgspec.json.Decoder(list[msgspec.Raw])


def parse(body: bytes) -> Parsed:
    """The alerts of a generic body. Raises BadPayload."""
    try:
        decoded = _decoder.decode(body)
    except msgspec.ValidationError as error:
        return each(_listed(body, error), lambda raw: _alert(_one.decode(raw)))
    except UNREADABLE as error:
        raise BadPayload(f"not a generic signal: {error}") from error
    return each(decoded if isinstance(decoded, list) else [decoded], _alert)


def _listed(body: bytes, why: msgspec.ValidationError) -> list[msgspec.Raw]:
    """The alerts of a list, one by one, since one of them is wrong. Raises BadPayload for what is no list."""
    try:
        return _raw.decode(body)
    except UNREADABLE:
        raise BadPayload(f"not a generic signal: {why}") from why


def _alert(alert: _Alert) -> ParsedAlert:
    for time in (alert.starts_at, alert.ends_at):
        if time is not None and time.tzinfo is None:
            raise BadPayload(f"{time.isoformat()} has no time zone; append Z for UTC")
    labels, title = clean(alert.labels), shortened(without_nul(alert.title), LONGEST_TITLE)
    key = without_nul(alert.key) or msgspec.json.encode([title, labels], order="sorted").decode()
    firing = alert.status == "firing"
    return ParsedAlert(
        identity=key,
        title=title,
        firing=firing,
        starts_at=plausible(alert.starts_at),
        ends_at=None if firing else plausible(alert.ends_at),
        description=without_nul(alert.description),
        severity=without_nul(alert.severity),
        labels=labels,
        annotations=clean(alert.annotations),
        links={name: url for name, url in clean(alert.links).items() if url.startswith(("http://", "https://"))},
    )
