"""The live stream: server-sent events that tell an open page to look again."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from tocsin.web.live import Live
from tocsin.web.pages.addresses import row_number

# Set when the web process starts; the pages are served by the same process.
live: Live | None = None


async def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """GET /events?incident=N: an event each time that incident changes; without a number, each time any does."""
    asked = request.GET.get("incident", "")
    incident = row_number(asked)
    if asked and incident is None:
        return HttpResponse(status=400)
    if live is None:
        return HttpResponse(status=503)
    # The session was looked up on this request's connection, which Django keeps until the response ends: for a stream, until
    # the tab is closed. Given back now (in the same thread), open pages cost no connections.
    await sync_to_async(close_old_connections)()
    response = StreamingHttpResponse(live.events(incident), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"  # proxies must not hold events back
    return response
