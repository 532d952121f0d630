"""Where managers set up a public status page: its words, components and maintenance, and whether it is public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.accounts.access import Role
from tocsin.catalog.models import Project
from tocsin.catalog.services import Service
from tocsin.ground.edits import BadEdit
from tocsin.incidents import publishing
from tocsin.incidents.changes import BadChange
from tocsin.incidents.publishing import Described, Work, origin
from tocsin.incidents.status_page import StatusPage
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import may_manage, reader
from tocsin.web.scope import require, visible
from tocsin.web.status import html, subscriptions
from tocsin.web.status.public import public_page

Change = Callable[[HttpRequest, StatusPage, datetime], object]
# As a browser's datetime-local field has it.
_TIME = "%Y-%m-%dT%H:%M"
_OVER_FOR = timedelta(days=7)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, slug: str = "") -> HttpResponse:
    """GET /settings/status-page, /settings/status-page/PROJECT: what is set; ?preview: the page as it would be.

    POST do (one of CHANGES) and what that needs: title, about, version; component, name, description, group, service…;
    maintenance, title, text, starts, ends, component….
    """
    project = Project.objects.filter(slug=slug).first() if slug else None
    if slug and project is None:
        raise Http404("There is no such project.")
    if request.method == "POST":
        return _change(request, project)
    if "preview" in request.GET:
        require(request, Role.VIEWER)  # what it would tell may be of any project
        return _preview(_page(project))
    return _show(request, project)


def _change(request: HttpRequest, project: Project | None) -> HttpResponse:
    require(request, Role.MANAGER)
    try:
        change = _called(request.POST.get("do", ""))
        change(request, publishing.kept_page(project), timezone.now())
    except (BadChange, BadEdit) as refusal:
        return _show(request, project, str(refusal), status=400)
    return HttpResponseRedirect(request.path)


def _called(named: str) -> Change:
    """What the form asks for. Raises BadChange."""
    if named not in CHANGES:
        raise BadChange(f"“{named}” is nothing that can be done to a status page.")
    return CHANGES[named]


def _page(project: Project | None) -> StatusPage:
    """The page as it is kept; where there is none yet, one as it would begin."""
    found = StatusPage.objects.filter(project=project).select_related("project").first()
    return found or StatusPage(project=project, title="Status" if project is None else f"{project.name} status")


def _preview(page: StatusPage) -> HttpResponse:
    if page.pk is None:
        raise Http404("There is nothing to show yet; add a component first.")
    made = html.page(public_page(page, timezone.now(), origin(), takes_mail=False))
    return HttpResponse(made, headers={"Content-Security-Policy": html.POLICY})


def _show(request: HttpRequest, project: Project | None, refusal: str = "", status: int = 200) -> HttpResponse:
    page, now = _page(project), timezone.now()
    is_kept = page.pk is not None
    works = page.maintenances.filter(ends_at__gte=now - _OVER_FOR).order_by("starts_at") if is_kept else []
    services = visible(request, Service.objects.filter(forgotten_at=None).select_related("project"))
    seen = Prefetch("services", visible(request, Service.objects.order_by("slug")))
    context = {
        "page": page,
        "project": project,
        "projects": visible(request, Project.objects.order_by("slug")),
        "address": origin() + page.path,
        "components": page.components.order_by("position", "pk").prefetch_related(seen) if is_kept else [],
        "services": (services.filter(project=project) if project else services).order_by("project__slug", "slug"),
        "ticked": services.filter(pk__in=_numbers(request, "service")) if refusal else [],
        "edited": _named(request, "component") if refusal else 0,
        "works": [(work, _stage(work.starts_at, work.ends_at, work.ended_at, now)) for work in works],
        "mail": subscriptions.why_not(),
        "subscribers": page.subscribers.count() if is_kept else 0,
        "typed": request.POST if refusal else {},
        "starts": (now + timedelta(days=1)).strftime(_TIME),
        "ends": (now + timedelta(days=1, hours=1)).strftime(_TIME),
        "refusal": refusal,
        "may_change": may_manage(request),
        "now": now,
    }
    return render(request, "status_settings.html", context, status=status)


def _stage(starts_at: datetime, ends_at: datetime, ended_at: datetime | None, now: datetime) -> str:
    if ended_at is not None:
        return "called off" if ended_at <= starts_at else "ended early"
    return "over" if now >= ends_at else "under way" if now >= starts_at else "to come"


# --- what can be done, by its name in the form -------------------------------------------------------------------


def _words(request: HttpRequest, page: StatusPage, _: datetime) -> None:
    typed = request.POST
    publishing.describe(page.pk, typed.get("title", ""), typed.get("about", ""), seen=_seen(request))


def _seen(request: HttpRequest) -> int:
    """The version of the page that somebody edited."""
    return row_number(request.POST.get("version", "")) or 1


def _described(request: HttpRequest) -> Described:
    typed = request.POST
    seen = set(visible(request, Service.objects.all()).values_list("pk", flat=True))
    chosen = seen & set(_numbers(request, "service"))
    return Described(typed.get("name", ""), typed.get("description", ""), typed.get("group", ""), chosen, seen)


def _named(request: HttpRequest, what: str) -> int:
    return row_number(request.POST.get(what, "")) or 0


def _numbers(request: HttpRequest, what: str) -> list[int]:
    return [number for text in request.POST.getlist(what) if (number := row_number(text)) is not None]


def _work(request: HttpRequest) -> Work:
    typed = request.POST
    parts = _numbers(request, "component")
    starts, ends = _time(typed.get("starts", "")), _time(typed.get("ends", ""))
    return Work(typed.get("title", ""), typed.get("text", ""), starts, ends, parts)


def _time(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said.strip()).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadChange(f"“{said}” is no time: write it as 2026-03-31T14:00, in UTC.") from error


CHANGES: dict[str, Change] = {
    "words": _words,
    "show": lambda _, page, now: publishing.set_public(page.pk, public=True, now=now),
    "hide": lambda _, page, now: publishing.set_public(page.pk, public=False, now=now),
    "add": lambda request, page, now: publishing.add_component(page.pk, _described(request), now),
    "edit": lambda request, page, _: publishing.edit_component(
        page.pk, _named(request, "component"), _described(request), seen=_seen(request)
    ),
    "remove": lambda request, page, _: publishing.remove_component(page.pk, _named(request, "component")),
    "up": lambda request, page, _: publishing.move_component(page.pk, _named(request, "component"), up=True),
    "down": lambda request, page, _: publishing.move_component(page.pk, _named(request, "component"), up=False),
    "announce": lambda request, page, now: publishing.announce(
        page.pk, _work(request), actor=reader(request).username, now=now
    ),
    "end": lambda request, page, now: publishing.end_maintenance(page.pk, _named(request, "maintenance"), now),
}
