"""One incident over the API: its shape with an ETag, and changes made only while it is what the caller saw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, TypedDict

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import Field

from tocsin.accounts.models import User
from tocsin.incidents import matrices
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.web.api.answers import Stale
from tocsin.web.api.callers import who
from tocsin.web.api.in_full import IncidentInFull
from tocsin.web.pages.analysis import newest_verdicts

Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


class By(TypedDict):
    """Who makes a change, and when."""

    actor: str
    now: datetime


def by(request: HttpRequest) -> By:
    """The caller, now."""
    return {"actor": who(request).user.username, "now": timezone.now()}


@contextmanager
def unchanged(request: HttpRequest, number: int) -> Iterator[None]:
    """One transaction in which the incident is what the caller saw, if they say what that was (If-Match). Raises Stale."""
    with transaction.atomic():
        incident = rows().select_for_update(of=("self",), no_key=True).get(pk=number)
        seen = request.headers.get("If-Match", "*")
        if seen not in ("*", _etag(_shape(incident))):
            raise Stale("It has changed since you read it: read it again, then decide again.")
        yield


def rows() -> QuerySet[Incident]:
    """Incidents with what their shape needs."""
    return Incident.objects.select_related("environment__project", "assignee", "assessment")


def _shape(incident: Incident) -> IncidentInFull:
    return IncidentInFull.of(incident, newest_verdicts([incident.pk]).get(incident.pk), matrices.scale())


def _etag(shape: IncidentInFull) -> str:
    return f'"{hashlib.sha256(shape.model_dump_json().encode()).hexdigest()[:32]}"'


def told(response: HttpResponse, number: int) -> IncidentInFull:
    """The incident as it is now; its ETag goes into the response."""
    shape = _shape(rows().get(pk=number))
    response["ETag"] = _etag(shape)
    return shape


def person(username: str | None, among: Iterable[User]) -> int | None:
    """The id of one `among` those who can take an incident, by name; None for nobody. Raises BadChange."""
    if username is None:
        return None
    for one in among:
        if one.username == username:
            return one.pk
    raise BadChange(f"“{username}” can't take it: no such person, or one who may not work on it.")
