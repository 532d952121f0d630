"""The deployments of an incident: those that failed in it, and one that went well since."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.deployments.models import Deployment
from tocsin.incidents.models import Incident, IncidentDeployment
from tocsin.web.pages.stored_run import Output, output_of

MOST = 20
FAILED = IncidentDeployment.Role.FAILED


@dataclass(frozen=True, slots=True)
class Deployments:
    """The newest runs, newest first, each with its role; of the last that failed, its output."""

    links: tuple[IncidentDeployment, ...]
    failed: Deployment | None
    output: Output | None

    @property
    def recovered(self) -> Deployment | None:
        """A run that went well after the last that failed."""
        newest = self.links[0] if self.links else None
        return newest.deployment if newest and newest.role != FAILED else None

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        return f"{self.links[0].pk}-{len(self.links)}" if self.links else "0"


def deployments_of(incident: Incident) -> Deployments:
    """The runs of an incident; one query, and more for a log that was not read before."""
    links = tuple(
        IncidentDeployment.objects.filter(incident=incident).select_related("deployment").order_by("-deployment")[:MOST]
    )
    failed = next((link.deployment for link in links if link.role == FAILED), None)
    return Deployments(links, failed, output_of(failed.pk) if failed else None)
