"""One service: how it is and why, who owns it, what it needs and what needs it, what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tocsin.catalog import editing
from tocsin.catalog.health import Health, State
from tocsin.catalog.services import Origin, Service, ServiceDependency, Team
from tocsin.deployments.models import Deployment
from tocsin.ground.edits import BadEdit
from tocsin.incidents.models import IncidentService
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.models import ServiceRunbook
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.drawing import Drawing, arranged
from tocsin.web.pages.graph import Graph, Node, nearest
from tocsin.web.pages.people import for_responders, reader
from tocsin.web.pages.service_form import typed, written
from tocsin.web.pages.service_states import states_of
from tocsin.web.pages.services import is_fading

MOST_INCIDENTS, MOST_RUNS, MOST_ALERTS = 20, 10, 20
# The words of the pictures for how a service is.
LOOKS = {State.HEALTHY: "ok", State.DEGRADED: "failing", State.DOWN: "failing", State.UNKNOWN: "unknown"}
_EDITED = (
    *("name", "kind", "description", "owner", "tier", "lifecycle", "links", "runbooks", "repositories", "tags"),
    *("aliases", "selectors", "hosts", "workspaces"),
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A service at the other end of a dependency."""

    service: Service
    health: Health
    dependency: ServiceDependency


def page(request: HttpRequest, project: str, slug: str) -> HttpResponse:
    """GET /services/PROJECT/SERVICE."""
    return _show(request, _service(project, slug))


@for_responders
def edit(request: HttpRequest, project: str, slug: str) -> HttpResponse:
    """POST the fields of a service, and the version that was edited."""
    service = _service(project, slug)
    text = {name: request.POST.get(name, "") for name in _EDITED}

    def change(actor: str, _: datetime) -> None:
        editing.edit(service.pk, typed(text), version=row_number(request.POST.get("version", "")) or 0, actor=actor)

    return _done(request, service, change, text)


@for_responders
def decide(request: HttpRequest, project: str, slug: str) -> HttpResponse:
    """POST do: keep, forget, need (slug), or drop (id of a dependency)."""
    service = _service(project, slug)
    what = request.POST.get("do", "")

    def change(actor: str, now: datetime) -> None:
        if what == "keep":
            editing.keep(service.pk)
        elif what == "forget":
            editing.forget(service.pk, now)
        elif what == "need":
            editing.add_need(service.pk, request.POST.get("slug", "").replace("\x00", "").strip(), actor=actor)
        elif what == "drop":
            editing.forget_need(service.pk, row_number(request.POST.get("id", "")) or 0, now)
        else:
            raise BadEdit("There is no such thing to do with a service.")

    if what == "forget":
        change(reader(request).username, timezone.now())
        return HttpResponseRedirect(reverse("services"))
    return _done(request, service, change, None)


def _done(
    request: HttpRequest, service: Service, change: Callable[[str, datetime], None], text: Mapping[str, str] | None
) -> HttpResponse:
    try:
        change(reader(request).username, timezone.now())
    except BadEdit as refusal:
        return _show(request, service, str(refusal), text, status=400)
    return HttpResponseRedirect(reverse("service", args=[service.project.slug, service.slug]))


def _service(project: str, slug: str) -> Service:
    found = Service.objects.select_related("project", "owner").filter(project__slug=project, slug=slug).first()
    if found is None or found.forgotten_at is not None:
        raise Http404("There is no such service in the catalogue.")
    return found


def _show(
    request: HttpRequest, service: Service, refusal: str = "", text: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    links = _links(service)
    near = {service.pk: service} | {one.pk: one for link in links for one in (link.source, link.target)}
    states = states_of(list(near.values()))
    healths = {pk: state.health(now) for pk, state in states.items()}
    needs = [Neighbour(link.target, healths[link.target_id], link) for link in links if link.source_id == service.pk]
    needed_by = [
        Neighbour(link.source, healths[link.source_id], link) for link in links if link.target_id == service.pk
    ]
    context = {
        "service": service,
        "state": states[service.pk],
        "health": healths[service.pk],
        "is_fading": is_fading(service, now),
        "is_discovered": service.origin == Origin.DISCOVERED,
        "needs": needs,
        "needed_by": needed_by,
        "drawing": _drawing(service, links, healths),
        "firing": states[service.pk].firing[:MOST_ALERTS],
        "history": _history(service),
        "runs": _runs(service),
        "service_runbooks": _runbooks(service),
        "others": service.project.services.filter(forgotten_at=None).exclude(pk=service.pk).order_by("slug"),
        "teams": Team.objects.order_by("name"),
        "text": text if text is not None else written(service),
        "typed_version": request.POST.get("version", service.version),
        "refusal": refusal,
        "may_change": reader(request).may_respond,
        "now": now,
    }
    return render(request, "service.html", context, status=status)


def _links(service: Service) -> list[ServiceDependency]:
    """What it needs and what needs it."""
    shown: dict[str, Any] = {"forgotten_at": None, "source__forgotten_at": None, "target__forgotten_at": None}
    both = ServiceDependency.objects.filter(source=service) | ServiceDependency.objects.filter(target=service)
    related = both.filter(**shown).select_related(
        "source__project", "target__project", "source__owner", "target__owner"
    )
    return list(related.order_by("source__slug", "target__slug"))


def _drawing(service: Service, links: list[ServiceDependency], healths: Mapping[int, Health]) -> Drawing | None:
    if not links:
        return None
    nodes: dict[Subject, Node] = {}
    for one in {one.pk: one for link in links for one in (link.source, link.target)}.values():
        subject = _subject(one)
        nodes[subject] = Node(subject, LOOKS[healths[one.pk].state], "this" if one.pk == service.pk else "")
    edges = frozenset((_subject(link.source), _subject(link.target)) for link in links)
    distances = {subject: int(subject != _subject(service)) for subject in nodes}
    return arranged(nearest(Graph(nodes, edges), distances))


def _subject(service: Service) -> Subject:
    return Subject(service.kind, "", service.slug)


def _history(service: Service) -> list[IncidentService]:
    links = IncidentService.objects.filter(service=service).select_related(
        "incident__environment", "incident__assignee"
    )
    return list(links.order_by("-incident")[:MOST_INCIDENTS])


def _runs(service: Service) -> list[Deployment]:
    names = [service.slug, *service.workspaces]
    runs = Deployment.objects.filter(environment__project=service.project_id).select_related("environment")
    return list((runs.filter(configuration__in=names) | runs.filter(workspace__in=names)).order_by("-id")[:MOST_RUNS])


def _runbooks(service: Service) -> list[ServiceRunbook]:
    """What has proven itself: kept by the name of the workload or the configuration."""
    workloads = [place["workload"] for place in (*service.selectors, *service.places) if place.get("workload")]
    names = {service.slug, service.name, *service.aliases, *service.workspaces, *workloads}
    kept = ServiceRunbook.objects.filter(project=service.project_id, service__in=names)
    return list(kept.select_related("incident").order_by("cause"))
