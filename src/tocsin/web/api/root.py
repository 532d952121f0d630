"""The API put together: its routes, its description, and how it refuses."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import URLPattern
from ninja import NinjaAPI, Router

import tocsin
from tocsin.catalog.models import Project
from tocsin.web.api import (
    action_items,
    channels,
    communication,
    escalations,
    evidence,
    health,
    incidents,
    merging,
    messages,
    postmortems,
    saying,
    schedules,
    several,
    similar,
    status_pages,
    swaps,
    undoing,
    updates,
)
from tocsin.web.api.answers import refusals
from tocsin.web.api.callers import TO_READ, who
from tocsin.web.api.shapes import Me
from tocsin.web.scope import access_at

DESCRIPTION = """Everything that people do on the pages.

Refusals are problem details (RFC 9457): `detail` says what is wrong and what to do. A POST with an `Idempotency-Key` can be sent
again. Answers about one incident carry an `ETag`; with `If-Match`, a change is refused where somebody else was faster.
"""

account = Router(tags=["account"])


@account.get("", response=Me, summary="Who you are")
def me(request: HttpRequest) -> Me:
    """Whose token this is, and what it may do where."""
    caller = who(request)
    access = access_at(request)
    members = Project.objects.filter(pk__in=access.within).order_by("slug")
    projects = {one.slug: access.role_in(one.pk) or "" for one in members}
    role = access.role_in(None) or ""
    return Me(username=caller.user.username, role=role, projects=projects, token=caller.token.name)


api = NinjaAPI(
    title="Tocsin",
    version="1",
    description=DESCRIPTION,
    auth=TO_READ,
    docs_url=None,  # its page needs scripts that our content security policy does not let in
    urls_namespace="api",
    openapi_extra={"info": {"x-tocsin": tocsin.__version__}},
)
api.add_router("/me", account)
api.add_router("/incidents", incidents.router)
api.add_router("/incidents", updates.router)
api.add_router("/settings/communication", communication.router)
api.add_router("/incidents", evidence.router)
api.add_router("/incidents", similar.router)
api.add_router("/incidents", undoing.router)
api.add_router("/incidents", saying.router)
api.add_router("/incidents", merging.router)
api.add_router("/incident-changes", several.router)
api.add_router("/actions", action_items.router)
api.add_router("/postmortems", postmortems.router)
api.add_router("/settings/status-page", status_pages.installation)
api.add_router("/projects", status_pages.of_project)
api.add_router("/schedules", schedules.router)
api.add_router("/schedules", swaps.of_schedule)
api.add_router("/swaps", swaps.router)
api.add_router("/escalation", escalations.router)
api.add_router("/incidents", escalations.of_incident)
api.add_router("/channels", channels.router)
api.add_router("/messages", messages.router)
api.add_router("/health", health.router)
refusals(api)

urls = api.urls
for pattern in urls[0]:
    assert isinstance(pattern, URLPattern)
    assert pattern.callback is not None
    # Callers show a token, which the API itself asks for: they have no session that a login page could begin.
    login_not_required(pattern.callback)
