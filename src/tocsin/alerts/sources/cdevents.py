"""CDEvents: what happens in continuous delivery, bare or in the data of CloudEvents.

https://cdevents.dev/docs/. An incident that is detected or reported fires, and its resolution resolves it; a pipeline, a
test case or a test suite that ended badly fires, and the same ending well resolves. A ticket calls somebody where it is of type
incident. A service deployed, upgraded or rolled back is kept as a deployment. All else is taken and says nothing.
"""

from __future__ import annotations

import re
from typing import Any

from tocsin.alerts.parsed import MOST_REASONS, BadPayload, Parsed, ParsedAlert
from tocsin.alerts.reading import (
    Object,
    an_object,
    at,
    first,
    identity,
    labels,
    links,
    read_objects,
    text,
    title,
    when,
)
from tocsin.alerts.runs import Outcome, ReportedRun

EXAMPLE = b"""{
  "context": {
    "specversion": "0.4.1",
    "id": "f1a0c9e2-0000-4000-8000-000000000001",
    "source": "/monitoring/eu",
    "type": "dev.cdevents.incident.detected.0.2.0",
    "timestamp": "2026-03-01T02:58:11Z"
  },
  "subject": {
    "id": "slow-cart",
    "type": "incident",
    "content": {
      "description": "Half of all requests take over 2 s",
      "environment": {"id": "production"},
      "service": {"id": "cart"}
    }
  }
}"""
SIGNATURE = None

WHAT = "a CDEvent"
_TYPE = re.compile(r"dev\.cdevents\.(?P<subject>[a-z]+)\.(?P<predicate>[a-z]+)(?:\..*)?", re.IGNORECASE)
_INCIDENTS = {"detected": True, "reported": True, "resolved": False}
_TICKETS = {"created": True, "updated": True, "closed": False}
_RUNS = {"pipelinerun": "pipeline", "testcaserun": "test case", "testsuiterun": "test suite"}
_OUTCOMES = {"success": False, "pass": False, "failure": True, "error": True, "fail": True}
_DEPLOYED = {"deployed": "deploy", "upgraded": "deploy", "rolledback": "rollback"}


def parse(body: bytes) -> Parsed:
    """What the event tells of, or those of a batch. Raises BadPayload."""
    parts, wrong = [], []
    for number, event in enumerate(read_objects(body, WHAT), 1):
        try:
            parts.append(_event(event))
        except BadPayload as error:
            wrong.append(f"event {number}: {error}")
    if wrong and not parts:
        raise BadPayload("; ".join(wrong[:MOST_REASONS]))
    return Parsed(
        tuple(alert for part in parts for alert in part.alerts),
        tuple(wrong),
        tuple(run for part in parts for run in part.runs),
        "; ".join(dict.fromkeys(part.note for part in parts if part.note)),
    )


def _event(sent: Any) -> Parsed:
    event = an_object(sent, "data") or an_object(sent)
    context, subject = an_object(event, "context"), an_object(event, "subject")
    kind = _TYPE.fullmatch(text(context, "type"))
    if kind is None or not text(subject, "id"):
        raise BadPayload(
            f"not {WHAT}: it needs a context whose type begins with dev.cdevents., and a subject with an id"
        )
    what, happened = kind["subject"].lower(), kind["predicate"].lower()
    if what == "service" and happened in _DEPLOYED:
        return Parsed((), runs=(_deployed(context, subject, happened),))
    firing = _is_firing(what, happened, an_object(subject, "content"))
    if firing is None:
        return Parsed((), note=f"that a {what} was {happened} is nothing to alert about")
    return Parsed((_alert(event, what, firing=firing),))


def _is_firing(what: str, happened: str, content: Object) -> bool | None:
    """Whether something is wrong, or is no longer; None where the event tells of neither."""
    if what == "incident":
        return _INCIDENTS.get(happened)
    if what == "ticket" and text(content, "ticketType") == "incident":
        return _TICKETS.get(happened)
    if what in _RUNS and happened == "finished":
        return _OUTCOMES.get(text(content, "outcome").lower())
    return None


def _alert(event: Object, what: str, *, firing: bool) -> ParsedAlert:
    context, subject = an_object(event, "context"), an_object(event, "subject")
    content, time = an_object(subject, "content"), when(context, "timestamp")
    source = first(subject.get("source"), context.get("source"))
    # A run has an id of its own each time; what ran is what fails again, or no longer.
    ran = first(content.get("pipelineName"), *(at(content, name, "id") for name in ("testCase", "testSuite")))
    place = text(content, "environment", "id")
    named = f"{_RUNS[what]} {ran or text(subject, 'id')} failed" if what in _RUNS else f"{what} {text(subject, 'id')}"
    return ParsedAlert(
        identity=identity(what, source, ran or text(subject, "id"), place if ran else ""),
        # How it ended is not what it is called.
        title=title(content.get("summary"), content.get("description"), named) if firing else "",
        firing=firing,
        starts_at=time if firing else None,
        ends_at=None if firing else time,
        description=first(content.get("errors"), content.get("reason"), content.get("description")),
        severity=first(content.get("severity"), content.get("priority"), at(event, "customData", "severity")),
        labels=labels(
            {},
            service=at(content, "service", "id"),
            environment=place,
            artifact=content.get("artifactId"),
            source=source,
        ),
        links=links(event=first(content.get("uri"), content.get("url"), content.get("ticketURI"))),
    )


def _deployed(context: Object, subject: Object, happened: str) -> ReportedRun:
    content = an_object(subject, "content")
    done = "rolled back" if happened == "rolledback" else happened
    return ReportedRun(
        run=text(context, "id"),
        tool="cdevents",
        command=_DEPLOYED[happened],
        configuration=text(subject, "id"),
        environment=text(content, "environment", "id"),
        workspace=text(content, "environment", "id"),
        outcome=Outcome.SUCCEEDED,
        reason=f"the service was {done}: {text(content, 'artifactId')}".rstrip(": "),
        finished_at=when(context, "timestamp"),
    )
