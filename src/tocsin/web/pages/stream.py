"""The live stream: server-sent events that tell an open page to look again."""

from __future__ import annotations

from collections.abc import Collection

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from tocsin.accounts.access import ALL, Role
from tocsin.accounts.models import User
from tocsin.catalog.memberships import access_of
from tocsin.incidents.models import Incident
from tocsin.web.live import Live, Sight
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import reader
from tocsin.web.scope import access_at, visible_to

# Set when the web process starts; the pages are served by the same process.
live: Live | None = None


async def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """GET /events?incident=N: an event each time that incident changes; without a number, each time one does that they see."""
    asked = request.GET.get("incident", "")
    incident = row_number(asked)
    if asked and incident is None:
        return HttpResponse(status=400)
    person, sees_all = reader(request).pk, access_at(request).projects(Role.VIEWER) is ALL
    if incident is not None and not sees_all and not await sync_to_async(_sees)(person, [incident]):
        raise Http404("There is no such incident.")
    if live is None:
        return HttpResponse(status=503)
    # The session was looked up on this request's connection, which Django keeps until the response ends: for a stream, until
    # the tab is closed. Given back now (in the same thread), open pages cost no connections.
    await sync_to_async(close_old_connections)()
    response = StreamingHttpResponse(
        live.events(incident, None if sees_all else _sight(person)), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"  # proxies must not hold events back
    return response


def _sight(person: int) -> Sight:
    """What a person sees, asked anew each time: a stream may outlive a membership."""

    def sees_one(incidents: Collection[int]) -> bool:
        try:
            return _sees(person, incidents)
        finally:
            close_old_connections()

    return sync_to_async(sees_one)


def _sees(person: int, incidents: Collection[int]) -> bool:
    user = User.objects.filter(pk=person, is_active=True).first()
    return user is not None and visible_to(access_of(user), Incident.objects.filter(pk__in=incidents)).exists()
