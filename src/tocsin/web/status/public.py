"""What a status page says, as a value. It is made of what was published, and holds nothing else: this is the one way out."""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from tocsin.ground.secrets import derived_key
from tocsin.incidents.audience import Audience, Impact, Moment
from tocsin.incidents.status_page import Component, ComponentState, Maintenance, Outage, StatusPage
from tocsin.incidents.updates import StatusUpdate
from tocsin.incidents.uptime import Day, Said, Span, State, days, spans_of, state_at, uptime, worst

SHOWN_DAYS = 90
# An incident that nobody has ended for outsiders is found by its updates of this long.
_LOOK_BACK = timedelta(days=400)
RECENT = timedelta(days=14)
Spans = dict[int, list[Span]]


@dataclass(frozen=True, slots=True)
class PublicComponent:
    """A component: how it is, and how it was."""

    name: str
    description: str
    group: str
    state: State
    days: tuple[Day, ...]
    uptime: float | None


@dataclass(frozen=True, slots=True)
class PublicUpdate:
    """What outsiders were told at a time."""

    moment: str
    text: str
    at: datetime
    is_correction: bool


@dataclass(frozen=True, slots=True)
class PublicIncident:
    """An incident as outsiders know it, its updates newest first; `ended_at` is None while it lasts."""

    key: str
    title: str
    impact: State
    updates: tuple[PublicUpdate, ...]
    components: tuple[tuple[str, State], ...]
    began_at: datetime
    ended_at: datetime | None
    next_update_at: datetime | None

    @property
    def told_at(self) -> datetime:
        """When something was last said of it."""
        return self.updates[0].at


@dataclass(frozen=True, slots=True)
class PublicMaintenance:
    """Announced work; `stage` is scheduled, under way, completed or called off."""

    key: str
    title: str
    text: str
    stage: str
    components: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True)
class PublicPage:
    """All that a page says at `now`; incidents and maintenance newest first. `origin` is the server's address."""

    origin: str
    path: str
    title: str
    about: str
    now: datetime
    components: tuple[PublicComponent, ...]
    incidents: tuple[PublicIncident, ...]
    maintenances: tuple[PublicMaintenance, ...]
    takes_mail: bool = False

    @property
    def url(self) -> str:
        """Its address."""
        return self.origin + self.path

    @property
    def state(self) -> State:
        """How everything is, taken together: the worst of what is told at this time."""
        work = [State.MAINTENANCE] if self.under_way else []
        return worst([*(c.state for c in self.components), *(i.impact for i in self.open), *work])

    @property
    def groups(self) -> list[tuple[str, list[PublicComponent]]]:
        """The components under their headings, in their order; a heading stands where its first one does."""
        found: dict[str, list[PublicComponent]] = {}
        for component in self.components:
            found.setdefault(component.group, []).append(component)
        return list(found.items())

    @property
    def open(self) -> list[PublicIncident]:
        """Incidents that last."""
        return [incident for incident in self.incidents if incident.ended_at is None]

    @property
    def under_way(self) -> list[PublicMaintenance]:
        """Maintenance that goes on."""
        return [work for work in self.maintenances if work.stage == "under way"]

    @property
    def coming(self) -> list[PublicMaintenance]:
        """Maintenance that has not begun, the next first."""
        return sorted((w for w in self.maintenances if w.stage == "scheduled"), key=lambda w: w.starts_at)

    @property
    def recent(self) -> list[PublicIncident]:
        """Incidents that ended in the last two weeks."""
        return [i for i in self.incidents if i.ended_at is not None and i.ended_at > self.now - RECENT]


def public_page(page: StatusPage, now: datetime, origin: str, *, takes_mail: bool = False) -> PublicPage:
    """What `page` says at `now`."""
    components = list(page.components.order_by("position", "pk"))
    since = now - timedelta(days=SHOWN_DAYS)
    told, spans = _incidents(page, components, now)
    works = page.maintenances.filter(ends_at__gte=since).prefetch_related("components").order_by("-starts_at")
    for work in works:
        for component in work.components.all():
            if not work.is_called_off:
                spans[component.pk].append(Span(State.MAINTENANCE, work.starts_at, work.ended_at or work.ends_at))
    return PublicPage(
        origin=origin,
        path=page.path,
        title=page.title,
        about=page.about,
        now=now,
        components=tuple(_component(c, spans[c.pk], since, now) for c in components),
        incidents=tuple(i for i in told if i.ended_at is None or i.told_at >= since),
        maintenances=tuple(_maintenance(work, now) for work in works),
        takes_mail=takes_mail,
    )


def _component(component: Component, spans: list[Span], since: datetime, now: datetime) -> PublicComponent:
    known_since = min([component.created_at, *(span.since for span in spans)])
    return PublicComponent(
        name=component.name,
        description=component.description,
        group=component.group,
        state=state_at(spans, now),
        days=tuple(days(spans, known_since, now, SHOWN_DAYS)),
        uptime=uptime(spans, max(since, known_since), now),
    )


def _updates(page: StatusPage, now: datetime) -> QuerySet[StatusUpdate]:
    """External updates that belong on a page: of its projects, or naming one of its components."""
    own = StatusPage.objects.filter(published_at__isnull=False, project__isnull=False).exclude(pk=page.pk)
    apart = Q(incident__environment__project__in=own.values("project"))
    scope = ~apart if page.project is None else Q(incident__environment__project=page.project)
    told = StatusUpdate.objects.filter(audience=Audience.EXTERNAL, sent_at__gte=now - _LOOK_BACK)
    return told.filter(scope | Q(component_states__component__page=page)).distinct().order_by("pk")


def _incidents(page: StatusPage, components: list[Component], now: datetime) -> tuple[list[PublicIncident], Spans]:
    """What was told of each incident, the newest first, and the spans of each component that this makes."""
    of_incident: dict[int, list[StatusUpdate]] = defaultdict(list)
    for update in _updates(page, now):
        of_incident[update.incident_id].append(update)
    states: dict[int, dict[int, State]] = defaultdict(dict)
    for row in ComponentState.objects.filter(component__in=components, update__incident__in=list(of_incident)):
        states[row.update_id][row.component_id] = State(row.state)
    began = dict(Outage.objects.filter(incident__in=list(of_incident)).values_list("incident_id", "began_at"))
    names = {component.pk: component.name for component in components}
    spans: Spans = defaultdict(list)
    told = []
    for incident, updates in of_incident.items():
        since = min(began.get(incident, updates[0].sent_at), updates[0].sent_at)
        said = [Said(u.sent_at, states[u.pk], u.moment == Moment.RESOLVED) for u in updates]
        own = spans_of(said, since)
        for component, found in own.items():
            spans[component] += found
        told.append(_incident(key_of("incident", incident), updates, own, names, since, now))
    return sorted(told, key=lambda incident: incident.began_at, reverse=True), spans


def _incident(
    key: str, updates: list[StatusUpdate], spans: Spans, names: dict[int, str], since: datetime, now: datetime
) -> PublicIncident:
    last = updates[-1]
    is_over = last.moment == Moment.RESOLVED
    counted = updates if is_over else updates[-1:]
    return PublicIncident(
        key=key,
        title=last.headline,
        impact=worst(State(u.impact) for u in counted if u.impact != Impact.NONE),
        updates=tuple(
            PublicUpdate(u.moment, u.text, u.sent_at, is_correction=u.corrects_id is not None)
            for u in reversed(updates)
        ),
        components=tuple(
            (names[pk], worst(s.state for s in spans[pk]) if is_over else state_at(spans[pk], now))
            for pk in names
            if spans.get(pk)
        ),
        began_at=since,
        ended_at=_ended_at(updates) if is_over else None,
        next_update_at=None if is_over else last.next_update_at,
    )


def _ended_at(updates: Iterable[StatusUpdate]) -> datetime:
    """When it was last said to be over for the first time: a later correction does not make it longer."""
    ended: datetime | None = None
    for update in updates:
        ended = (ended or update.sent_at) if update.moment == Moment.RESOLVED else None
    assert ended is not None
    return ended


def _maintenance(work: Maintenance, now: datetime) -> PublicMaintenance:
    if work.is_called_off:
        stage = "called off"
    elif now >= (work.ended_at or work.ends_at):
        stage = "completed"
    else:
        stage = "under way" if now >= work.starts_at else "scheduled"
    return PublicMaintenance(
        key=key_of("maintenance", work.pk),
        title=work.title,
        text=work.text,
        stage=stage,
        components=tuple(sorted(component.name for component in work.components.all())),
        starts_at=work.starts_at,
        ends_at=work.ends_at if work.ended_at is None or work.is_called_off else work.ended_at,
        told_at=work.ended_at or work.announced_at,
    )


def key_of(kind: str, number: int) -> str:
    """What an address calls something: outsiders are not to count our incidents."""
    key = derived_key(settings.SECRET_KEY, "status page")
    return hmac.digest(key, f"{kind} {number}".encode(), "sha256").hex()[:12]
