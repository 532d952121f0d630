"""The live stream: server-sent events that tell an open page to look again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from tocsin.web.live import Live

# Set when the web process starts; the pages are served by the same process.
live: Live | None = None


async def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """GET /events?incident=N: an event each time that incident changes; without a number, each time any does."""
    number = request.GET.get("incident", "")
    if number and not number.isdecimal():
        return HttpResponse(status=400)
    if live is None:
        return HttpResponse(status=503)
    response = StreamingHttpResponse(live.events(int(number) if number else None), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"  # proxies must not hold events back
    return response
