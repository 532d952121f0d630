"""How services are right now: their incidents, their alerts, their last deployment, and what follows from these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.alerts.models import Alert
from tocsin.alerts.runs import CHANGING, Outcome
from tocsin.catalog.health import Facts, Health, Trouble, health
from tocsin.catalog.models import Environment
from tocsin.catalog.services import Service
from tocsin.catalog.store import directory_of
from tocsin.deployments.models import Deployment
from tocsin.incidents.models import Incident, IncidentService

# In a storm the services of the newest alerts are told; there are incidents by then.
MOST_ALERTS = 2000
# The subject of alerts about runs of infrastructure tools.
DEPLOYED = "Configuration"
_OF_ALERTS = ("environment_id", "title", "labels", "subject", "last_seen")
_FAILED = (Outcome.FAILED, Outcome.TIMED_OUT)


@dataclass(slots=True)
class Now:
    """What is going on with one service. `incidents` are open and its own, `needing` those of what it needs.

    `elsewhere` are the incidents whose cause is known to be another service's.
    """

    service: Service
    incidents: list[Incident] = field(default_factory=list)
    elsewhere: set[int] = field(default_factory=set)
    needing: list[Incident] = field(default_factory=list)
    firing: list[Alert] = field(default_factory=list)
    deployment: Deployment | None = None

    def health(self, now: datetime) -> Health:
        """How it is, with the reason."""
        troubles = [
            Trouble(incident.name, incident.title, incident.severity, is_own, incident.pk in self.elsewhere)
            for is_own, incidents in ((True, self.incidents), (False, self.needing))
            for incident in incidents
            if incident.subject.get("kind") != DEPLOYED
        ]
        firing = [alert.title for alert in self.firing if alert.subject.get("kind") != DEPLOYED]
        last = self.deployment
        failed = last is not None and last.outcome in _FAILED
        heard = [at for at in (self.service.heard_at, last.received_at if last else None) if at is not None]
        facts = Facts(
            troubles,
            firing,
            deploying=[incident.name for incident in self.incidents if incident.subject.get("kind") == DEPLOYED],
            failed_deployment=f"{last} {last.outcome}" if last and failed else "",
            heard_at=now if self.firing else max(heard, default=None),
        )
        return health(facts, now)


def states_of(services: Collection[Service], *, with_alerts: bool = True) -> dict[int, Now]:
    """What is going on with each of these services, by its id; a few queries, however many there are.

    Without alerts it is what their incidents and deployments say, and costs little in a storm too.
    """
    found = {service.pk: Now(service) for service in services}
    _add_incidents(found)
    projects = {service.project_id for service in services}
    slugs = {(service.project_id, service.slug): found[service.pk] for service in services}
    if with_alerts:
        _add_alerts(slugs, projects)
    _add_deployments(slugs, projects)
    return found


def _add_incidents(found: Mapping[int, Now]) -> None:
    links = IncidentService.objects.filter(
        service__in=list(found), incident__resolved_at=None, incident__closed_at=None
    ).select_related("incident")
    caused = IncidentService.objects.filter(role=IncidentService.Role.CAUSE, incident__in=links.values("incident"))
    causes = dict(caused.values_list("incident", "service"))
    for link in links.order_by("incident"):
        assert link.service_id is not None
        state = found[link.service_id]
        if causes.get(link.incident_id, link.service_id) != link.service_id:
            state.elsewhere.add(link.incident_id)
        of_what_it_needs = link.role == IncidentService.Role.DEPENDENT
        (state.needing if of_what_it_needs else state.incidents).append(link.incident)


def _add_alerts(slugs: Mapping[tuple[int, str], Now], projects: set[int]) -> None:
    firing = Alert.objects.filter(firing=True, environment__project__in=projects).only(*_OF_ALERTS)
    by_environment: dict[int, list[Alert]] = defaultdict(list)
    for alert in firing.order_by("-last_seen")[:MOST_ALERTS]:
        by_environment[alert.environment_id].append(alert)
    homes = dict(Environment.objects.filter(pk__in=list(by_environment)).values_list("pk", "project"))
    for environment, alerts in by_environment.items():
        directory = directory_of(environment)
        for alert in alerts:
            service = directory.service_of(alert.labels, alert.subject)
            state = slugs.get((homes[environment], service.slug)) if service else None
            if state is not None:
                state.firing.append(alert)


def _add_deployments(slugs: Mapping[tuple[int, str], Now], projects: set[int]) -> None:
    """The last run that changed something, of each service that a configuration or workspace is of."""
    named = {
        (project, name.lower()): state
        for (project, slug), state in slugs.items()
        for name in (slug, *state.service.workspaces)
    }
    last = (
        Deployment.objects.filter(environment__project__in=projects, command__in=[*CHANGING, ""])
        .order_by("environment", "configuration", "-id")
        .distinct("environment", "configuration")
        .select_related("environment")
    )
    for run in sorted(last, key=lambda run: run.pk):
        for name in (run.workspace, run.configuration):
            if state := named.get((run.environment.project_id, name.lower())):
                state.deployment = run
