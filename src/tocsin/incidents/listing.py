"""Incidents that somebody looks for, a page at a time, from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from tocsin.accounts.models import User
from tocsin.alerts.runs import Trigger
from tocsin.catalog.models import Environment
from tocsin.incidents.documents import SearchDocument
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.orders import BY_TRIGGER, IS_OPEN, Order, order_of, place_of
from tocsin.incidents.search import ME, NOBODY, Asked, Sort, View

CONFIG = "english"
# The best of so many of the newest matches are shown first: to rank every match of a common word takes seconds.
MOST_RANKED = 300
_ROUNDING = timedelta(seconds=1)
# Words that only begin as was typed are looked for in so many of the newest incidents.
MOST_BEGINNING = 20_000
# What `trigger:deployment` stands for.
DEPLOYMENT = "deployment"
RUNS = tuple(trigger.value.replace(" ", "-") for trigger in Trigger)

_VIEWS = {
    View.ACTIVE: IS_OPEN,
    View.ANALYZING: IS_OPEN & Q(analysis__in=(Incident.Analysis.PENDING, Incident.Analysis.RUNNING)),
    View.OPEN: IS_OPEN & Q(analysis__in=(Incident.Analysis.COMPLETE, Incident.Analysis.FAILED)),
    View.RESOLVED: Q(status=Status.RESOLVED),
    View.POSTMORTEM_PENDING: Q(status=Status.POSTMORTEM) | (Q(status=Status.RESOLVED) & ~Q(owes="")),
    View.CLOSED: Q(status=Status.CLOSED),
    View.ALL: Q(),
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list. `before` and `after` begin the pages beside it, None where there is none.

    `are_ranked`: they are the best of the newest MOST_RANKED; `begin`: they hold words that begin as the last one does.
    """

    incidents: Sequence[Incident]
    before: int | None = None
    after: int | None = None
    are_ranked: bool = False
    begin: bool = False


def rows() -> QuerySet[Incident]:
    """Incidents with what a list shows of each."""
    return Incident.objects.select_related("environment__project", "assignee", "assessment")


def matching(asked: Asked, incidents: QuerySet[Incident], *, person: str, now: datetime) -> QuerySet[Incident]:
    """Those of `incidents` that `person` looks for."""
    found = _filtered(asked, incidents, person, now)
    return found.filter(document__words=_query(asked.words.tsquery)) if asked.words else found


def _filtered(asked: Asked, incidents: QuerySet[Incident], person: str, now: datetime) -> QuerySet[Incident]:
    start, end = asked.span
    wanted: dict[str, Any] = {
        "pk": asked.number,
        "severity__in": asked.severity,
        "status__in": asked.status,
        "opened_by__in": tuple(kind for each in asked.trigger for kind in (RUNS if each == DEPLOYMENT else (each,))),
        "triggered_at__gte": start,
        "triggered_at__lt": end,
    }
    found = incidents.filter(_VIEWS[asked.view], **{name: value for name, value in wanted.items() if value})
    if start or end:
        # Said twice: by the time itself, and rounded, as the index has it.
        found = found.alias(trigger=BY_TRIGGER)
        found = found.filter(trigger__gt=place_of(start - _ROUNDING)) if start else found
        found = found.filter(trigger__lt=place_of(end + _ROUNDING)) if end else found
    if asked.project or asked.environment:
        found = found.filter(environment__in=_places(asked.project, asked.environment))
    if asked.assignee:
        found = found.filter(_held_by_one_of(asked.assignee, person))
    if asked.service:
        found = found.filter(Exists(IncidentService.objects.filter(incident=OuterRef("pk"), slug__in=asked.service)))
    if asked.held is not None:
        is_held = Q(held_until__gt=now)
        found = found.filter(is_held) if asked.held else found.exclude(is_held)
    return found


def _places(projects: Sequence[str], environments: Sequence[str]) -> list[int]:
    """The environments that are called so: as numbers, by which the database can tell how many incidents they have."""
    found = Environment.objects.select_related("project")
    return [
        each.pk
        for each in found
        if (not projects or each.project.slug in projects)
        and (not environments or each.slug in environments or str(each) in environments)
    ]


def _held_by_one_of(names: Sequence[str], person: str) -> Q:
    wanted = [person if name == ME else name for name in names if name != NOBODY]
    ids = list(User.objects.filter(username__in=wanted).values_list("pk", flat=True))
    is_one_of = Q(assignee__in=ids)
    return is_one_of | Q(assignee=None) if NOBODY in names else is_one_of


def _query(tsquery: str) -> SearchQuery:
    return SearchQuery(tsquery, config=CONFIG, search_type="raw")


def page(
    asked: Asked,
    incidents: QuerySet[Incident],
    size: int,
    *,
    person: str,
    now: datetime,
    after: int | None = None,
    before: int | None = None,
) -> Page:
    """A page of what `person` looks for among `incidents`: the first, or that after or before a place. Raises BadSearch."""
    order = order_of(asked)
    found = matching(asked, incidents, person=person, now=now)
    if asked.words and after is None and before is None:
        is_best = asked.order is Sort.BEST
        shown = _best(asked, found, size) if is_best else _cut(found, order, size, after, before)
        if not shown.incidents and asked.words.beginnings:
            return _beginning(asked, _filtered(asked, incidents, person, now), size)
        return shown
    return _cut(found, order, size, after, before)


def _cut(found: QuerySet[Incident], order: Order, size: int, after: int | None, before: int | None) -> Page:
    """The rows beside a place, and where the pages beside these begin."""
    goes_back = before is not None
    rises = order.rises is not goes_back
    start = before if goes_back else after
    numbered = found.filter(order.among).annotate(at=order.number)
    if start is not None:
        numbered = numbered.filter(**{f"at__{'gt' if rises else 'lt'}": start})
    got = list(numbered.order_by("at" if rises else "-at")[: size + 1])
    has_more, shown = len(got) > size, got[:size]
    if goes_back:
        shown.reverse()
    if not shown:
        return Page([])
    first, last = shown[0].at, shown[-1].at
    has_before, has_after = (has_more, True) if goes_back else (start is not None, has_more)
    return Page(shown, first if has_before else None, last if has_after else None)


def _best(asked: Asked, found: QuerySet[Incident], size: int) -> Page:
    newest = found.order_by("-pk").values("pk")[:MOST_RANKED]
    rank = SearchRank(F("words"), _query(asked.words.tsquery))
    ranked = SearchDocument.objects.filter(pk__in=newest).annotate(rank=rank).order_by("-rank", "-pk")
    best = list(ranked.values_list("pk", flat=True)[:size])
    shown = rows().in_bulk(best)
    return Page([shown[number] for number in best], are_ranked=True)


def _beginning(asked: Asked, filtered: QuerySet[Incident], size: int) -> Page:
    newest = Incident.objects.aggregate(newest=Max("pk"))["newest"] or 0
    lately = filtered.filter(pk__gt=newest - MOST_BEGINNING, document__words=_query(asked.words.beginnings))
    return Page(list(lately.order_by("-pk")[:size]), begin=True)


def says_nothing(asked: Asked) -> bool:
    """Whether the words are so common (the, and, is) that they are not kept, and nothing can be found by them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(to_tsquery(%s, %s))", [CONFIG, asked.words.tsquery])
        return bool(asked.words) and cursor.fetchone() == (0,)
