"""Many alerts in one incident, at a glance: the earliest, the most upstream, the most severe, and all of them by title."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Count, Min, Q, QuerySet

from tocsin.alerts.grouping import subject
from tocsin.alerts.models import Alert
from tocsin.catalog.directory import Directory
from tocsin.catalog.store import directory_of
from tocsin.incidents.models import Incident, IncidentOccurrence
from tocsin.incidents.storms import Pulse
from tocsin.incidents.triage import SEVERITY_OF_WORD, Severity
from tocsin.web.pages.firings import Firings

# From so many alerts on a list of them says little.
MANY_ALERTS = 20
# Of very many the first ones are compared: what explains the others seldom comes last.
MOST_COMPARED = 300
MOST_TITLES = 20
# An alert, and when it began.
Began = tuple[Alert, datetime]


@dataclass(frozen=True, slots=True)
class Telling:
    """An alert that says more than the others, and in which way."""

    way: str
    alert: Alert
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """The alerts of one title: how many, how many fire, and since when."""

    title: str
    alerts: int
    firing: int
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Storm:
    """An incident of many alerts."""

    pulse: Pulse
    telling: tuple[Telling, ...]
    titles: tuple[Title, ...]
    is_cut: bool
    version: str


def storm_of(incident: Incident, firings: Firings) -> Storm | None:
    """What to show of very many alerts; None where a list of them is enough."""
    pulse = msgspec.convert(incident.pulse, Pulse)
    if firings.alerts < MANY_ALERTS:
        return None
    links = IncidentOccurrence.objects.filter(incident=incident, left_at=None)
    inorder = links.select_related("alert", "occurrence").order_by("occurrence__starts_at", "id")
    first = [_began(link) for link in inorder[:MOST_COMPARED]]
    titles = _titles(incident)
    return Storm(
        pulse,
        _telling(first, _upstream(inorder, first, directory_of(incident.environment_id)), _worst(inorder)),
        titles[:MOST_TITLES],
        len(titles) > MOST_TITLES,
        f"{firings.version}-{pulse.storm_at}",
    )


def _titles(incident: Incident) -> tuple[Title, ...]:
    grouped = (
        IncidentOccurrence.objects.filter(incident=incident, left_at=None)
        .values("alert__title")
        .annotate(
            alerts=Count("alert", distinct=True),
            firing=Count("alert", distinct=True, filter=Q(occurrence__ends_at=None)),
            first_at=Min("occurrence__starts_at"),
        )
        .order_by("-alerts", "alert__title")[: MOST_TITLES + 1]
    )
    return tuple(Title(row["alert__title"], row["alerts"], row["firing"], row["first_at"]) for row in grouped)


def _began(link: IncidentOccurrence) -> Began:
    return link.alert, link.occurrence.starts_at


def _worst(inorder: QuerySet[IncidentOccurrence]) -> Began | None:
    """The first of the most severe among all."""
    words = set(inorder.order_by().values_list("alert__severity", flat=True).distinct())
    worst = min(map(_rank, words), default=None)
    found = inorder.filter(alert__severity__in=[word for word in words if _rank(word) == worst]).first()
    return _began(found) if found else None


def _upstream(inorder: QuerySet[IncidentOccurrence], first: list[Began], directory: Directory) -> Telling | None:
    """A node that is down, among all; else the service that most of the others among the first need."""
    node = inorder.filter(alert__subject__kind="Node").first()
    if node is not None:
        return Telling("Most upstream", *_began(node), f"node {node.alert.subject['name']}")
    return _most_needed(first, directory)


def _telling(first: list[Began], upstream: Telling | None, worst: Began | None) -> tuple[Telling, ...]:
    """The earliest, the most upstream and the most severe; one that is several of these is named once."""
    found = [Telling("Earliest", *began) for began in first[:1]] + ([upstream] if upstream else [])
    if worst:
        said = worst[0].severity
        found.append(Telling("Most severe", *worst, reason=f"says {said}" if said else ""))
    ways: dict[int, Telling] = {}
    for one in found:
        known = ways.get(one.alert.pk)
        way = f"{known.way}, {one.way.lower()}" if known else one.way
        ways[one.alert.pk] = Telling(way, one.alert, one.at, (known.reason if known else "") or one.reason)
    return tuple(ways.values())


def _rank(word: str) -> int:
    return SEVERITY_OF_WORD.get(word.lower(), Severity.MEDIUM).rank


def _most_needed(began: Iterable[Began], directory: Directory) -> Telling | None:
    services: dict[str, Began] = {}
    for alert, at in began:
        about = subject(alert.labels)
        service = directory.service_of(alert.labels, about) if directory.services else None
        if service is not None:
            services.setdefault(service.slug, (alert, at))
    needed = {slug: len(directory.downstream(slug) & services.keys()) for slug in services}
    best = max(needed, key=lambda slug: (needed[slug], slug), default=None)
    if best is None or not needed[best]:
        return None
    others = "another" if needed[best] == 1 else f"{needed[best]} others"
    return Telling(
        "Most upstream", *services[best], reason=f"{best}, which {others} here need{'s' * (needed[best] == 1)}"
    )
