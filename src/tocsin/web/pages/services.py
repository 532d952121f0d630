"""The list of services: how each is, who owns it, what goes on with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from tocsin.accounts.access import Role
from tocsin.catalog import editing
from tocsin.catalog.health import Health, State
from tocsin.catalog.models import Project
from tocsin.catalog.services import Origin, Service, Team
from tocsin.ground.edits import BadEdit
from tocsin.web.pages.people import for_responders, reader
from tocsin.web.pages.service_states import Now, states_of
from tocsin.web.scope import require_in, visible

PAGE = 200
# What was only discovered and is not seen any more for so long is shown as fading.
FADES_AFTER = timedelta(days=30)
NO_TIER = 9
_ORDER = tuple(State)


@dataclass(frozen=True, slots=True)
class Row:
    """A service with how it is."""

    service: Service
    state: Now
    health: Health
    is_fading: bool
    needs: int
    needed_by: int


# What the columns are sorted by.
SORTS: dict[str, Callable[[Row], Any]] = {
    "health": lambda row: (_ORDER.index(row.health.state), row.service.tier or NO_TIER, row.service.name.lower()),
    "name": lambda row: row.service.name.lower(),
    "tier": lambda row: (row.service.tier or NO_TIER, row.service.name.lower()),
    "owner": lambda row: (row.service.owner is None, str(row.service.owner).lower(), row.service.name.lower()),
    "incidents": lambda row: (-len(row.state.incidents), -len(row.state.needing), row.service.name.lower()),
    "deployed": lambda row: -(row.state.deployment.pk if row.state.deployment else 0),
    "needs": lambda row: (-row.needed_by, -row.needs, row.service.name.lower()),
}


def index(request: HttpRequest) -> HttpResponse:
    """GET /services?project=&owner=&state=&q=&sort=&page=: services, the worst first unless sorted otherwise."""
    return _show(request)


@for_responders
def create(request: HttpRequest) -> HttpResponse:
    """POST /services/new project, name: a service made by hand."""
    project = get_object_or_404(Project, slug=request.POST.get("project", ""))
    require_in(request, Role.RESPONDER, project.pk)
    try:
        service = editing.create(
            project, request.POST.get("name", "").replace("\x00", ""), actor=reader(request).username
        )
    except BadEdit as refusal:
        return _show(request, str(refusal), status=400)
    return HttpResponseRedirect(reverse("service", args=[project.slug, service.slug]) + "#edit")


def _show(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("project", "owner", "state", "q")}
    sort, page = request.GET.get("sort", "health"), request.GET.get("page", "1")
    if (
        sort not in SORTS
        or not (page.isascii() and page.isdigit() and len(page) < 5)
        or asked["state"] not in {"", *State}
    ):
        raise Http404("There is no such view of the services.")
    now = timezone.now()
    seen = visible(request, Service.objects.filter(forgotten_at=None))
    rows = sorted(rows_of(visible(request, _found(asked)), now), key=SORTS[sort])
    shown = [row for row in rows if not asked["state"] or row.health.state == asked["state"]]
    first = PAGE * max(int(page) - 1, 0)
    kept = {name: value for name, value in asked.items() if value}
    context = {
        "rows": shown[first : first + PAGE],
        "total": len(shown),
        "asked": asked,
        "sort": sort,
        "sorts": {name: "?" + urlencode(kept | {"sort": name}) for name in SORTS},
        "states": [(state, sum(row.health.state is state for row in rows)) for state in State],
        "next": "?" + urlencode(kept | {"sort": sort, "page": int(page) + 1}) if len(shown) > first + PAGE else "",
        "projects": visible(request, Project.objects.order_by("slug")),
        "teams": Team.objects.filter(services__in=seen).distinct().order_by("name"),
        "may_change": reader(request).may_respond,
        "refusal": refusal,
        "typed": request.POST.get("name", ""),
    }
    return render(request, "services.html", context, status=status)


def rows_of(services: QuerySet[Service], now: datetime) -> list[Row]:
    """Services as lists show them."""
    found = list(services.select_related("project", "owner").annotate(**_COUNTS))
    states = states_of(found)
    return [_row(service, states[service.pk], now) for service in found]


_COUNTS = {
    "needs_count": Count("needs", filter=Q(needs__forgotten_at=None, needs__target__forgotten_at=None), distinct=True),
    "needed_by_count": Count(
        "needed_by", filter=Q(needed_by__forgotten_at=None, needed_by__source__forgotten_at=None), distinct=True
    ),
}


def _row(service: Any, state: Now, now: datetime) -> Row:
    return Row(service, state, state.health(now), is_fading(service, now), service.needs_count, service.needed_by_count)


def is_fading(service: Service, now: datetime) -> bool:
    """Whether a service that was only discovered has not been seen for long."""
    seen = max((at for at in (service.seen_at, service.heard_at) if at is not None), default=service.created_at)
    return service.origin == Origin.DISCOVERED and now - seen > FADES_AFTER


def _found(asked: dict[str, str]) -> QuerySet[Service]:
    services = Service.objects.filter(forgotten_at=None)
    if asked["project"]:
        services = services.filter(project__slug=asked["project"])
    if asked["owner"]:
        services = (
            services.filter(owner=None) if asked["owner"] == "nobody" else services.filter(owner__slug=asked["owner"])
        )
    if words := asked["q"].replace("\x00", "").strip():
        told = Q(slug__icontains=words) | Q(name__icontains=words) | Q(description__icontains=words)
        services = services.filter(told | Q(tags__contains=words) | Q(aliases__contains=words))
    return services
