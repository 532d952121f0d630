"""The page on which a person declares an incident, by itself or for alerts that were chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tocsin.accounts.access import Role
from tocsin.alerts.models import Alert
from tocsin.catalog.models import Environment
from tocsin.catalog.store import directory_of
from tocsin.incidents import matrices
from tocsin.incidents.triage import Severity, triage
from tocsin.incidents.triage.scale import read, shown
from tocsin.web.pages.addresses import row_number
from tocsin.web.pages.people import reader, responders
from tocsin.web.scope import require, visible
from tocsin.workflows.declaring import MOST_ALERTS, BadDeclaration, Declaration, declare, title_fault


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands: what is typed in it, the alerts it is for, and what is wrong with which field."""

    typed: Mapping[str, str]
    alerts: list[Alert]
    faults: Mapping[str, str] = field(default_factory=dict)


def page(request: HttpRequest) -> HttpResponse:
    """GET /incidents/new?alerts=1,2: the form. POST title, environment, severity, services, assignee, description, alert…"""
    require(request, Role.RESPONDER)
    if request.method == "POST":
        return _submitted(request)
    alerts = _chosen(request, request.GET.get("alerts", "").split(","))
    return _shown(request, Form(_proposed(alerts, request), alerts))


def _environments(request: HttpRequest) -> QuerySet[Environment]:
    """Where this person may declare one."""
    found = Environment.objects.select_related("project").order_by("project__slug", "slug")
    return visible(request, found, Role.RESPONDER)


def _chosen(request: HttpRequest, numbers: Iterable[str]) -> list[Alert]:
    known = [number for text in numbers if (number := row_number(text.strip())) is not None][:MOST_ALERTS]
    alerts = visible(request, Alert.objects.filter(pk__in=known), Role.RESPONDER)
    return list(alerts.select_related("environment__project", "source").order_by("-firing", "-began_at", "pk"))


def _proposed(alerts: list[Alert], request: HttpRequest) -> dict[str, str]:
    """What the alerts say already; without any, the environment where there is but one."""
    if not alerts:
        environments = list(_environments(request)[:2])
        return {"environment": str(environments[0]) if len(environments) == 1 else ""}
    environment = alerts[0].environment
    directory = directory_of(environment.pk)
    services = {found.slug for alert in alerts if (found := directory.service_of(alert.labels, alert.subject))}
    judged = [triage(alert.severity, environment.kind).severity for alert in alerts]
    return {
        "title": ", ".join(dict.fromkeys(alert.title for alert in alerts[:3])),
        "environment": str(environment),
        "severity": min(judged, key=lambda severity: severity.rank).value,
        "services": ", ".join(sorted(services)),
    }


def _shown(request: HttpRequest, form: Form) -> HttpResponse:
    environments = list(_environments(request))
    chosen = next((each for each in environments if str(each) == form.typed.get("environment")), None)
    matrix = matrices.matrix_of(chosen.project_id) if chosen else matrices.installation_matrix()
    context = {
        "form": form,
        "environments": environments,
        "levels": [(each.value, shown(each, matrix.scale), matrix.levels[each]) for each in Severity],
        "people": responders([each.project_id for each in environments]),
        "reader": reader(request),
        "now": timezone.now(),
    }
    return render(
        request, "incident_new.html", context, status=HTTPStatus.BAD_REQUEST if form.faults else HTTPStatus.OK
    )


def _submitted(request: HttpRequest) -> HttpResponse:
    """The new incident; or the form with all that is wrong, and nothing lost."""
    typed = {name: str(value).replace("\x00", "") for name, value in request.POST.items()}
    alerts = _chosen(request, request.POST.getlist("alert"))
    quiet_period = timedelta(seconds=settings.CONFIG.quiet_period)
    try:
        said = _declaration(request, typed, alerts)
        made = declare(said, actor=reader(request).username, now=timezone.now(), quiet_period=quiet_period)
    except BadDeclaration as refusal:
        return _shown(request, Form(typed, alerts, refusal.faults))
    return HttpResponseRedirect(reverse("incident", args=[made.pk]))


def _declaration(request: HttpRequest, typed: Mapping[str, str], alerts: list[Alert]) -> Declaration:
    """What was typed. Raises BadDeclaration."""
    title, severity = typed.get("title", ""), _severity(typed.get("severity", ""))
    environment = next((each for each in _environments(request) if str(each) == typed.get("environment")), None)
    able = responders([environment.project_id]) if environment else []
    assignee = next((each.pk for each in able if each.username == typed.get("assignee")), None)
    wrong = {
        "title": title_fault(title),
        "environment": "" if environment else "Choose where it is: a project and its environment.",
        "severity": "" if severity else "Choose how bad it is; that can be changed later.",
        "assignee": "This person can't take it; choose somebody else."
        if environment and typed.get("assignee") and not assignee
        else "",
    }
    faults = {name: fault for name, fault in wrong.items() if fault}
    if environment is None or severity is None:
        raise BadDeclaration(faults)
    services = tuple(dict.fromkeys(typed.get("services", "").replace(",", " ").split()))
    numbers = tuple(alert.pk for alert in alerts)
    said = Declaration(title, environment, severity, typed.get("description", ""), assignee, services, numbers)
    if faults := faults | said.faults():
        raise BadDeclaration(faults)
    return said


def _severity(said: str) -> Severity | None:
    try:
        return read(said, matrices.scale())
    except ValueError:
        return None
