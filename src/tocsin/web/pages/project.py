"""One project: its environments, its services, and the labels that name them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from tocsin.catalog.models import Project
from tocsin.catalog.recognition import NAMING_LABELS
from tocsin.catalog.services import Service
from tocsin.incidents.models import Incident
from tocsin.web.pages.members import ROLES, members_of
from tocsin.web.pages.people import for_managers, may_manage
from tocsin.web.pages.services import SORTS, rows_of

MOST_LABELS, LONGEST_LABEL = 20, 100


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /projects/PROJECT."""
    project = get_object_or_404(Project, slug=slug)
    rows = rows_of(Service.objects.filter(project=project, forgotten_at=None), timezone.now())
    open_now = Incident.objects.filter(resolved_at=None, closed_at=None)
    context = {
        "project": project,
        "environments": [
            {
                "environment": environment,
                "incidents": open_now.filter(environment=environment).count(),
                "sources": environment.sources.filter(revoked_at=None).count(),
                "clusters": [cluster.name for cluster in environment.clusters.order_by("name")],
            }
            for environment in project.environments.order_by("slug")
        ],
        "rows": sorted(rows, key=SORTS["health"]),
        "naming_labels": project.naming_labels or NAMING_LABELS,
        "has_own_labels": bool(project.naming_labels),
        "members": members_of(project),
        "roles": ROLES,
        "may_change": may_manage(request),
    }
    return render(request, "project.html", context)


@for_managers
def labels(request: HttpRequest, slug: str) -> HttpResponse:
    """POST labels: which labels of alerts name the project's services, separated by commas; empty: the usual ones."""
    project = get_object_or_404(Project, slug=slug)
    if request.method == "POST":
        words = request.POST.get("labels", "").replace("\x00", "").replace(",", " ").split()
        own = [word[:LONGEST_LABEL] for word in dict.fromkeys(words)][:MOST_LABELS]
        Project.objects.filter(pk=project.pk).update(naming_labels=[] if own == list(NAMING_LABELS) else own)
    return HttpResponseRedirect(reverse("project", args=[project.slug]))
