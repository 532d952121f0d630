"""The public status page over the API, the installation's and projects': what is on it, its components, its maintenance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from ninja import Status as Answered
from pydantic import AwareDatetime, Field

from tocsin.catalog.models import Project
from tocsin.catalog.services import Service
from tocsin.incidents import publishing
from tocsin.incidents.changes import BadChange
from tocsin.incidents.publishing import Described, Work
from tocsin.incidents.status_page import Maintenance, StatusPage
from tocsin.web.api.callers import TO_MANAGE, TO_READ, who
from tocsin.web.api.shapes import Asked, Line, Text
from tocsin.web.scope import visible

installation = Router(tags=["status page"])
of_project = Router(tags=["status page"])
Slug = Annotated[str, Field(max_length=100)]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Part(Asked):
    """A component; without an id it is a new one."""

    id: int | None = None
    name: Line
    description: Annotated[str, Field(max_length=300)] = ""
    group: Annotated[str, Field(max_length=publishing.LONGEST_LINE)] = ""
    services: Annotated[
        list[str], Field(description="PROJECT/SLUG of those whose trouble is its trouble; never shown")
    ] = []


class Laid(Asked):
    """A page as it shall be: components that are not in it are removed. Refused where `version` is not the newest."""

    title: Line
    about: Text = ""
    is_public: bool
    components: list[Part]
    version: int


class PartOut(Part):
    """A component."""

    id: int


class Announced(Asked):
    """Work to be announced; `components` are ids."""

    title: Line
    text: Text = ""
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    components: list[int] = []


class MaintenanceOut(Schema):
    """Announced work; with `ended_at` it was ended by hand, before `starts_at` called off."""

    id: int
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    components: list[int]

    @classmethod
    def of(cls, work: Maintenance) -> MaintenanceOut:
        """Work as it is kept."""
        told = {name: getattr(work, name) for name in ("title", "text", "starts_at", "ends_at", "ended_at")}
        return cls(id=work.pk, components=[component.pk for component in work.components.all()], **told)


class StatusPageOut(Schema):
    """A page; maintenance that is not over."""

    address: str
    title: str
    about: str
    is_public: bool
    components: list[PartOut]
    maintenance: list[MaintenanceOut]
    version: int


@installation.get("", response=StatusPageOut, summary="The installation's status page", auth=TO_READ)
def one(request: HttpRequest) -> StatusPageOut:
    """What is set up."""
    return _out(request, _page(None))


@installation.put("", response=StatusPageOut, summary="Set it up", auth=TO_MANAGE)
def lay(request: HttpRequest, body: Laid) -> StatusPageOut:
    """Its words, its components in their order, and whether everybody sees it."""
    return _lay(request, None, body)


@installation.post("/maintenance", response={201: MaintenanceOut}, summary="Announce maintenance", auth=TO_MANAGE)
def announce(request: HttpRequest, body: Announced) -> Answered[MaintenanceOut]:
    """On the installation's page."""
    return _announce(request, None, body)


@installation.delete("/maintenance/{maintenance}", response={204: None}, summary="End maintenance", auth=TO_MANAGE)
def end(request: HttpRequest, maintenance: Number) -> Answered[None]:
    """Now; or call it off, where it has not begun."""
    return _end(None, maintenance)


@of_project.get("/{slug}/status-page", response=StatusPageOut, summary="A project's status page", auth=TO_READ)
def one_of_project(request: HttpRequest, slug: Slug) -> StatusPageOut:
    """What is set up."""
    return _out(request, _page(_project(slug)))


@of_project.put("/{slug}/status-page", response=StatusPageOut, summary="Set it up", auth=TO_MANAGE)
def lay_of_project(request: HttpRequest, slug: Slug, body: Laid) -> StatusPageOut:
    """Its words, its components in their order, and whether everybody sees it."""
    return _lay(request, _project(slug), body)


@of_project.post(
    "/{slug}/status-page/maintenance", response={201: MaintenanceOut}, summary="Announce maintenance", auth=TO_MANAGE
)
def announce_of_project(request: HttpRequest, slug: Slug, body: Announced) -> Answered[MaintenanceOut]:
    """On the project's own page."""
    return _announce(request, _project(slug), body)


@of_project.delete(
    "/{slug}/status-page/maintenance/{maintenance}", response={204: None}, summary="End maintenance", auth=TO_MANAGE
)
def end_of_project(request: HttpRequest, slug: Slug, maintenance: Number) -> Answered[None]:
    """Now; or call it off, where it has not begun."""
    return _end(_project(slug), maintenance)


def _project(slug: str) -> Project:
    return get_object_or_404(Project, slug=slug)


def _page(project: Project | None) -> StatusPage:
    found = StatusPage.objects.filter(project=project).select_related("project").first()
    return found or StatusPage(project=project, title="Status" if project is None else f"{project.name} status")


def _out(request: HttpRequest, page: StatusPage) -> StatusPageOut:
    is_kept = page.pk is not None
    coming = (
        page.maintenances.filter(ends_at__gt=timezone.now(), ended_at=None) if is_kept else Maintenance.objects.none()
    )
    return StatusPageOut(
        address=publishing.origin() + page.path,
        title=page.title,
        about=page.about,
        is_public=page.published_at is not None,
        components=_parts(request, page) if is_kept else [],
        maintenance=[MaintenanceOut.of(work) for work in coming.order_by("starts_at").prefetch_related("components")],
        version=page.version,
    )


def _parts(request: HttpRequest, page: StatusPage) -> list[PartOut]:
    seen = set(visible(request, Service.objects.all()).values_list("pk", flat=True))
    return [
        PartOut(
            id=component.pk,
            name=component.name,
            description=component.description,
            group=component.group,
            services=[f"{s.project.slug}/{s.slug}" for s in component.services.all() if s.pk in seen],
        )
        for component in page.components.order_by("position").prefetch_related("services__project")
    ]


@transaction.atomic
def _lay(request: HttpRequest, project: Project | None, body: Laid) -> StatusPageOut:
    page, now = publishing.kept_page(project), timezone.now()
    allowed = visible(request, Service.objects.select_related("project"))
    services = {f"{s.project.slug}/{s.slug}": s.pk for s in allowed}
    parts = [(part.id, _described(part, services)) for part in body.components]
    publishing.describe(page.pk, body.title, body.about, seen=body.version)
    publishing.lay_out(page.pk, parts, now)
    publishing.set_public(page.pk, public=body.is_public, now=now)
    return _out(request, _page(project))


def _described(part: Part, services: Mapping[str, int]) -> Described:
    """A component as it was said; `services` are those that the caller sees, by name. Raises BadChange for others."""
    if unknown := [name for name in part.services if name not in services]:
        raise BadChange(f"There is no service “{unknown[0]}”, said of “{part.name}”: services are named PROJECT/SLUG.")
    chosen = {services[name] for name in part.services}
    return Described(part.name, part.description, part.group, chosen, set(services.values()))


def _announce(request: HttpRequest, project: Project | None, body: Announced) -> Answered[MaintenanceOut]:
    page, actor = publishing.kept_page(project), who(request).user.username
    made = publishing.announce(page.pk, Work(**body.model_dump()), actor=actor, now=timezone.now())
    return Answered(201, MaintenanceOut.of(made))


def _end(project: Project | None, maintenance: int) -> Answered[None]:
    publishing.end_maintenance(publishing.kept_page(project).pk, maintenance, timezone.now())
    return Answered(204, None)
