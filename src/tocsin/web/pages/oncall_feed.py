"""The calendars that others read: at an address with a secret in it, without a login."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tocsin.catalog.memberships import access_of
from tocsin.oncall import carriers, store
from tocsin.oncall.calendars import Entry, published
from tocsin.oncall.clock import Span
from tocsin.oncall.models import Carrier, Schedule
from tocsin.web.scope import visible_to

BEHIND, AHEAD = timedelta(days=30), timedelta(days=180)


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """GET /calendars/SECRET.ics: the shifts of a schedule or of a person."""
    owner, now = carriers.owner_of(token), timezone.now()
    if owner is None:
        raise Http404("There is no such calendar (any more).")
    span = Span(now - BEHIND, now + AHEAD)
    if isinstance(owner, Schedule):
        turns = store.turns_of([owner], span)
        name, entries = owner.name, [Entry(turn.shift.person, turn.shift, turn.is_open) for turn in turns]
    else:
        name, entries = f"On call: {owner.user.username}", _entries(owner, span)
    answer = HttpResponse(published(name, entries, now), "text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _entries(owner: Carrier, span: Span) -> list[Entry]:
    rows = list(visible_to(access_of(owner.user), store.in_use()))
    turns = store.shifts_of(owner.user.username, rows, span)
    return [Entry(f"On call: {turn.schedule.name}", turn.shift, turn.is_open) for turn in turns]
