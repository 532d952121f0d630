"""An incident that a person declares: nobody's alert opened it, and Tocsin looks at it all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tocsin.alerts.models import Alert, Occurrence
from tocsin.catalog.models import Environment
from tocsin.incidents import assessments, changes, merging, naming
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.investigation.models import Investigation
from tocsin.workflows import jobs

LONGEST_TITLE = 300
MOST_ALERTS = 200


class BadDeclaration(changes.BadChange):
    """What can't be declared so; `faults` says of each field what is wrong with it, and what to do."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody says of a new incident; `assignee` is a person's id, `services` are slugs, `alerts` ids."""

    title: str
    environment: Environment
    severity: Severity
    description: str = ""
    assignee: int | None = None
    services: tuple[str, ...] = ()
    alerts: tuple[int, ...] = ()

    def faults(self) -> dict[str, str]:
        """What is wrong with which field; empty where nothing is."""
        wrong = {
            "title": title_fault(self.title),
            "services": naming.unknown_services(self.environment.project_id, self.services),
            "alerts": self._alerts_fault(),
        }
        return {name: fault for name, fault in wrong.items() if fault}

    def _alerts_fault(self) -> str:
        if len(self.alerts) > MOST_ALERTS:
            return f"These are {len(self.alerts)} alerts; choose {MOST_ALERTS} at most."
        fired = set(Occurrence.objects.filter(alert__in=self.alerts).values_list("alert", flat=True))
        found = dict(Alert.objects.filter(pk__in=fired).values_list("pk", "environment"))
        if strange := sorted(set(self.alerts) - found.keys()):
            return f"There is no alert {', '.join(map(str, strange))}: choose them in the list of alerts."
        if any(environment != self.environment.pk for environment in found.values()):
            return f"Some of these alerts are not of {self.environment}: an incident belongs to one environment."
        return ""


def title_fault(title: str) -> str:
    """What is wrong with a title; empty where nothing is."""
    if not tidy(title):
        return "Give it a title: what is broken, in a few words."
    if len(tidy(title)) > LONGEST_TITLE:
        return f"The title is too long: {LONGEST_TITLE} characters at most; the rest is a description."
    return ""


def tidy(title: str) -> str:
    """A title on one line."""
    return " ".join(title.replace("\x00", "").split())


@transaction.atomic
def declare(said: Declaration, *, actor: str, now: datetime, quiet_period: timedelta) -> Incident:
    """Opens an incident by hand, about the alerts that were chosen if any, and asks for an investigation.

    Alerts that belong to another incident leave it. Raises BadDeclaration.
    """
    if faults := said.faults():
        raise BadDeclaration(faults)
    incident = _opened(said, actor, now)
    incident.title = tidy(said.title)
    incident.severity, incident.severity_reason = said.severity.value, f"declared by {actor}"
    incident.opened_by, incident.assignee_id, incident.quiet_period = "declared", said.assignee, quiet_period
    incident.save(update_fields=["title", "severity", "severity_reason", "opened_by", "assignee", "quiet_period"])
    assessments.begin(incident.pk, actor, now)
    if said.services:
        naming.name_services(incident.pk, said.services, actor=actor, now=now)
    if said.description.strip():
        changes.add_note(incident.pk, said.description, actor=actor, now=now)
    Investigation.objects.create(incident=incident, ordinal=1, requested_by=actor, requested_at=now)
    jobs.defer_investigation(incident.pk, 1)
    return incident


def _opened(said: Declaration, actor: str, now: datetime) -> Incident:
    """The new row, about its alerts if there are any: where to look is known by them."""
    if said.alerts:
        return merging.gather(said.alerts, actor=actor, now=now, reason="declared by hand")
    incident = Incident.objects.create(
        environment=said.environment, triggered_at=now, quiet_period=timedelta(), title=tidy(said.title)
    )
    changes.record(incident, "opened", "Declared by hand.", actor=actor, now=now)
    return incident
