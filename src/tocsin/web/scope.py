"""Where a request may look: the project that its address names, and the rows of those projects that its person may see.

What somebody may not see does not exist for them (404); what they see but may not do is refused, with what is missing (403).
Addresses are checked before any view runs; a view that lists rows asks for the `visible` ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from tocsin.accounts.access import ALL, Access, Role, missing
from tocsin.accounts.models import User
from tocsin.alerts.models import Alert, Signal, Silence
from tocsin.catalog.memberships import access_of
from tocsin.catalog.models import Environment, Project, Source
from tocsin.catalog.services import Service
from tocsin.deployments.models import Deployment
from tocsin.incidents.actions import Action, read_name
from tocsin.incidents.models import Incident, LearntPair, TrialOutcome
from tocsin.notifications.models import Message
from tocsin.oncall.escalations import Alarm, EscalationPolicy
from tocsin.oncall.models import Schedule, Swap
from tocsin.postmortems.models import Postmortem
from tocsin.web.pages.addresses import row_number

Row = TypeVar("Row", bound=Model)
Named = Mapping[str, Any]

# How each kind of row leads to its project. Those that lead to an environment are narrowed by it: their indexes begin with it.
PROJECT_OF: dict[type[Model], str] = {
    Project: "pk",
    Environment: "project",
    Service: "project",
    Source: "environment__project",
    Signal: "source__environment__project",
    Alert: "environment__project",
    Silence: "environment__project",
    Deployment: "environment__project",
    LearntPair: "environment__project",
    TrialOutcome: "alert__environment__project",
    Incident: "environment__project",
    Action: "incident__environment__project",
    Postmortem: "incident__environment__project",
    Schedule: "project",
    Swap: "schedule__project",
    Message: "incident__environment__project",
    EscalationPolicy: "project",
    Alarm: "incident__environment__project",
}
# Rows that may belong to no project: what holds everywhere is everybody's to see.
OF_ALL = frozenset({Silence, Schedule, Swap, EscalationPolicy})


def _number(name: str = "number") -> Callable[[Named], dict[str, Any]]:
    return lambda named: {"pk": row_number(str(named[name]))}


def _action(named: Named) -> dict[str, Any]:
    incident, ordinal = read_name(str(named["name"])) or (None, None)
    return {"incident": incident, "ordinal": ordinal}


# The row that an address is about: how the address begins, as routes say it on the pages and in the API.
ABOUT: dict[str, tuple[type[Model], Callable[[Named], dict[str, Any]]]] = {
    "incidents/<number>": (Incident, _number()),
    "postmortems/<number>": (Incident, _number()),
    "actions/<name>": (Action, _action),
    "silences/<number>": (Silence, _number()),
    "grouping/<number>": (LearntPair, _number()),
    "deployments/<number>": (Deployment, _number()),
    "services/<project>/<slug>": (Service, lambda named: {"project__slug": named["project"], "slug": named["slug"]}),
    "projects/<slug>": (Project, lambda named: {"slug": named["slug"]}),
    "settings/severity/<slug>": (Project, lambda named: {"slug": named["slug"]}),
    "settings/status-page/<slug>": (Project, lambda named: {"slug": named["slug"]}),
    "sources/<number>": (Source, _number()),
    "signals/<signal>": (Signal, _number("signal")),
    "oncall/<slug>": (Schedule, lambda named: {"slug": named["slug"]}),
    "messages/<number>": (Message, _number()),
    "swaps/<number>": (Swap, _number()),
    "schedules/<slug>": (Schedule, lambda named: {"slug": named["slug"]}),
    "escalation/<slug>": (EscalationPolicy, lambda named: {"slug": named["slug"]}),
    "escalation/policies/<slug>": (EscalationPolicy, lambda named: {"slug": named["slug"]}),
    "escalation/alarms/<number>": (Alarm, _number()),
}
# What belongs to the person who asks, and checks that itself.
OWN = ("account", "views", "calendars", "status-mail", "acknowledge", "slack")
# What belongs to the whole installation: only a role everywhere counts there.
OF_INSTALLATION = ("settings", "people", "channels", "health")


class Scope(MiddlewareMixin):
    """Django middleware for people's pages; the API comes in by `enter` when it knows whose token it was shown."""

    def process_view(self, request: HttpRequest, view: object, args: object, named: Named) -> HttpResponse | None:
        """Lets the view run where its person may see what the address names. Raises Http404."""
        if isinstance(request.user, User):
            enter(request, request.user, access_of(request.user))
        return None


def enter(request: HttpRequest, person: User, access: Access) -> None:
    """Notes what somebody may do where this request looks. Raises Http404 where they may not see that."""
    request.access = access  # type: ignore[attr-defined]
    assert request.resolver_match is not None
    person.here = _role_at(request.resolver_match.route, request.resolver_match.kwargs, access) or ""


def _role_at(route: str, named: Named, access: Access) -> Role | None:
    plain = re.sub(r"<\w+:", "<", route).removeprefix("api/v1/")
    for place, (model, lookup) in ABOUT.items():
        if plain == place or plain.startswith(f"{place}/"):
            return _role_for(model, lookup(named), access)
    first = plain.partition("/")[0]
    if first in OF_INSTALLATION:
        return access.role_in(None)
    if named and first not in OWN and not access.may(Role.VIEWER, None):
        raise Http404("There is nothing at this address.")  # what nobody has said whose it is, is not everybody's
    return access.highest


def _role_for(model: type[Model], wanted: dict[str, Any], access: Access) -> Role | None:
    if access.everywhere is not None and not access.within:
        return access.role_in(None)  # the same everywhere: the view itself sees whether there is such a row
    found = model._default_manager.filter(**wanted).values_list(PROJECT_OF[model])[:1]
    name = model._meta.verbose_name
    for (project,) in found:
        if project is None and model in OF_ALL and access.role_in(None) is None:
            return (
                Role.VIEWER if access.highest else None
            )  # to see what holds everywhere, a role in any project is enough
        if project is None or access.may(Role.VIEWER, project):
            return access.role_in(project)
    raise Http404(f"There is no such {name}.")


def access_at(request: HttpRequest) -> Access:
    """What the person who asks may do where."""
    found: Access = request.access  # type: ignore[attr-defined]  # `enter` puts it there
    return found


def require(request: HttpRequest, needed: Role) -> None:
    """Raises PermissionDenied where the person who asks may not do what `needed` may, at the address that they ask for."""
    assert isinstance(request.user, User)
    if not request.user.may(needed):
        here = request.user.here
        raise PermissionDenied(missing(Role(here) if here else None, needed))


def require_in(request: HttpRequest, needed: Role, project: int | None) -> None:
    """As `require`, for a project that a body names (None: for all of them). Raises Http404 where they don't even see it."""
    access = access_at(request)
    if project is not None and not access.may(Role.VIEWER, project):
        raise Http404("There is no such project.")
    if why := missing(access.role_in(project), needed):
        raise PermissionDenied(why)


def visible(request: HttpRequest, rows: QuerySet[Row], needed: Role = Role.VIEWER) -> QuerySet[Row]:
    """Those of `rows` that the person who asks may see; or, where `needed` is more, that they may do that with."""
    return visible_to(access_at(request), rows, needed)


def visible_to(access: Access, rows: QuerySet[Row], needed: Role = Role.VIEWER) -> QuerySet[Row]:
    """Those of `rows` that somebody with this access may see, or do that with."""
    projects, path = access.projects(needed), PROJECT_OF[rows.model]
    if projects is ALL:
        return rows
    if path.endswith("environment__project"):
        path = path.removesuffix("__project")
        projects = frozenset(Environment.objects.filter(project__in=projects).values_list("pk", flat=True))
    is_seen = Q(**{f"{path}__in": projects})
    everybodys = rows.model in OF_ALL and needed is Role.VIEWER
    return rows.filter(is_seen | Q(**{path: None}) if everybodys else is_seen)
