"""Errors as tools tell them in JSON: `{status, code, severity, retryable, message, …}`, or problem details (RFC 9457).

https://www.rfc-editor.org/rfc/rfc9457. Each is an event; nothing tells of its end. The identity is who reports it (service,
tool or source), the code or the problem's type, and the title. A status below 400, or of success in a word, is no error.
"""

from __future__ import annotations

from tocsin.alerts.parsed import BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import (
    Object,
    an_object,
    first,
    identity,
    labels,
    links,
    read_objects,
    text,
    title,
    when,
)

EXAMPLE = b"""{
  "status": 503,
  "code": "DATABASE_UNAVAILABLE",
  "severity": "error",
  "retryable": true,
  "message": "No connection to cart-db within 5 s",
  "service": "cart",
  "timestamp": "2026-03-01T02:58:11Z",
  "documentation_url": "https://errors.example/DATABASE_UNAVAILABLE"
}"""
SIGNATURE = None

WHAT = "a structured error"
# A problem of this type is no more than its status.
_NO_TYPE = "about:blank"
_WELL = {"ok", "success", "succeeded", "passed"}
_LABEL_NAMES = """
    status code retryable type instance service component tool source host namespace pod deployment node cluster environment
    env region version request_id trace_id operation resource category
"""
_LABELS = frozenset(_LABEL_NAMES.split())


def parse(body: bytes) -> Parsed:
    """The error, or those of a list. Raises BadPayload."""
    alerts, quiet, wrong = [], [], []
    for number, sent in enumerate(read_objects(body, WHAT), 1):
        error = an_object(sent, "error") or an_object(sent)
        status = text(error, "status") or text(error, "status_code")
        name = title(error.get("message"), error.get("title"), error.get("detail"), error.get("error"))
        code = _code(error)
        if not name and not (code and "status" in error):
            wrong.append(f"error {number}: it needs a message, a title or a detail")
        elif _is_well(status):
            quiet.append(f"status {status} is no error")
        else:
            alerts.append(_alert(error, name or f"{code} ({status})", code))
    if wrong and not alerts and not quiet:
        raise BadPayload(f"not {WHAT}: {wrong[0]}")
    return Parsed(_once(alerts), tuple(wrong), note="; ".join(dict.fromkeys(quiet)))


def _is_well(status: str) -> bool:
    """Whether a status, of HTTP or in a word, is that of a success."""
    return status.lower() in _WELL or (len(status) == 3 and status.isdecimal() and int(status) < 400)


def _code(error: Object) -> str:
    kind = text(error, "type")
    return first(error.get("code"), error.get("error_code"), "" if kind == _NO_TYPE else kind, error.get("status"))


def _once(alerts: list[ParsedAlert]) -> tuple[ParsedAlert, ...]:
    """An error that a body tells of several times, once."""
    return tuple({alert.identity: alert for alert in alerts}.values())


def _alert(error: Object, name: str, code: str) -> ParsedAlert:
    reporter = first(*(error.get(who) for who in ("service", "tool", "component", "source")))
    # Messages hold numbers and names that differ each time; what has a code needs no words to be known by.
    known_by = code or first(error.get("title"), name)
    return ParsedAlert(
        identity=identity(reporter, known_by, text(error, "title") if code else ""),
        title=name,
        firing=True,
        starts_at=when(error, "timestamp") or when(error, "time"),
        description=first(error.get("detail"), error.get("details"), error.get("description"), error.get("hint")),
        severity=first(error.get("severity"), error.get("level")),
        labels=labels({label: said for label, said in error.items() if label in _LABELS}),
        links=links(
            documentation=first(error.get("documentation_url"), error.get("help"), error.get("doc_url")),
            type=error.get("type"),
            instance=error.get("instance"),
            error=error.get("url"),
        ),
        is_event=True,
    )
