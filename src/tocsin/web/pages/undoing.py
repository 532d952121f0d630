"""Taking back on an incident's page what one has just done."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from tocsin.incidents import undoing
from tocsin.web.pages.actions import done
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import for_responders


@for_responders
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """POST entry: the timeline's entry that tells of it."""

    def change(actor: str, now: datetime) -> str:
        undoing.undo(number, row_number(request.POST.get("entry", "")) or 0, actor=actor, now=now)
        return ""

    return done(request, number, "status", change)
