"""The services that an incident affects, as its page shows them: each with how it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.catalog.health import Health
from tocsin.incidents.affected import ORDER
from tocsin.incidents.models import Incident, IncidentService
from tocsin.web.pages.service_states import states_of

MOST = 12


@dataclass(frozen=True, slots=True)
class One:
    """A service; without health where the catalogue has forgotten it."""

    link: IncidentService
    health: Health | None


@dataclass(frozen=True, slots=True)
class AffectedServices:
    """The nearest to the trouble first; of very many only these are shown."""

    shown: tuple[One, ...]
    total: int

    @property
    def hidden(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        return "-".join(
            f"{one.link.pk}.{one.link.role[:1]}{one.health.state[:2] if one.health else ''}" for one in self.shown
        )


def affected_services(incident: Incident, now: datetime) -> AffectedServices:
    """The services that an incident affects."""
    links = list(IncidentService.objects.filter(incident=incident).select_related("service__project", "service__owner"))
    links.sort(key=lambda link: (ORDER.index(link.role), link.service.tier or 9 if link.service else 9, link.slug))
    states = states_of([link.service for link in links[:MOST] if link.service is not None], with_alerts=False)
    shown = tuple(
        One(link, states[link.service_id].health(now) if link.service_id is not None else None) for link in links[:MOST]
    )
    return AffectedServices(shown, len(links))
