"""What managers and responders do to a public status page: each change under the page's row lock, counted in its version.

Whoever renders a page looks at its version to know that it says something else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tocsin.catalog.models import Project
from tocsin.catalog.services import Service
from tocsin.ground.edits import revised
from tocsin.ground.models import Timer
from tocsin.incidents.audience import Audience, Impact
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.status_page import Component, ComponentState, Maintenance, Outage, StatusPage
from tocsin.incidents.updates import StatusUpdate
from tocsin.incidents.uptime import State

LONGEST_LINE = 120
LONGEST_TEXT = 5_000
MOST_COMPONENTS = 60
LONGEST_MAINTENANCE = timedelta(days=31)
# Nobody reads of an outage that began longer ago than this before it was told of; it is a slip of the pen.
FURTHEST_BACK = timedelta(days=90)
# The timer by which subscribers are mailed of maintenance, see tocsin.incidents.bulletins.
ANNOUNCED = "maintenance-announced"
# Addresses below /status that are no project's.
TAKEN = ("history", "incidents")


@dataclass(frozen=True, slots=True)
class Described:
    """What a manager says of a component; `services` are ids of the services whose trouble is its trouble.

    `seen` are the ids of those that the manager could choose among: others stay as they are. None: all.
    """

    name: str
    description: str = ""
    group: str = ""
    services: Collection[int] = ()
    seen: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """Maintenance to be announced; `components` are ids."""

    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    components: Sequence[int] = ()


# --- which page, and what an incident could say on it ------------------------------------------------------------


def origin() -> str:
    """How outsiders reach this server: TOCSIN_PUBLIC_URL, or the bound address."""
    bound: str = f"http://{settings.CONFIG.bind}:{settings.CONFIG.port}"
    return settings.PUBLIC_URL or bound


def page_of(project_id: int) -> StatusPage | None:
    """Where outsiders read of a project: its own page where that is public, else the installation's; None: nowhere."""
    public = StatusPage.objects.filter(published_at__isnull=False).select_related("project")
    return public.filter(project=project_id).first() or public.filter(project=None).first()


def kept_page(project: Project | None) -> StatusPage:
    """The page of a project, or of the installation (None), made where there is none. Raises BadChange."""
    if project is not None and project.slug in TAKEN:
        raise BadChange(
            f"/status/{project.slug} is an address of the installation's page; give the project another slug."
        )
    title = "Status" if project is None else f"{project.name} status"[:LONGEST_LINE]
    return StatusPage.objects.get_or_create(project=project, defaults={"title": title})[0]


def proposed(incident: Incident, impact: str) -> list[tuple[Component, State]]:
    """Each component of the page that tells of an incident, with the state that its next external update would give it.

    What was said last stays; before anything was said, components of affected services are as `impact` says.
    """
    page = page_of(incident.environment.project_id)
    if page is None:
        return []
    affected = set(IncidentService.objects.filter(incident=incident).values_list("service_id", flat=True))
    said = _said_last(incident)
    fallback = State.OPERATIONAL if impact == Impact.NONE else State(impact)
    found = []
    for component in page.components.order_by("position").prefetch_related("services"):
        is_affected = any(service.pk in affected for service in component.services.all())
        guess = fallback if is_affected and not said else State.OPERATIONAL
        found.append((component, said.get(component.pk, guess)))
    return found


def _said_last(incident: Incident) -> dict[int, State]:
    rows = ComponentState.objects.filter(update__incident=incident).order_by("update_id")
    return {component: State(state) for component, state in rows.values_list("component_id", "state")}


@transaction.atomic
def name_components(update: StatusUpdate, states: Mapping[int, State], began_at: datetime | None = None) -> None:
    """Says how components are, as part of an external update, in the transaction that sends it.

    `states` are by the components' ids; `began_at` is since when outsiders notice it, where that is known. Raises BadChange.
    """
    if update.audience != Audience.EXTERNAL:
        raise BadChange("Only an update for outsiders says how the status page's components are.")
    page = page_of(update.incident.environment.project_id)
    known = set(page.components.values_list("pk", flat=True)) if page else set()
    if set(states) - known:
        raise BadChange("A component is not on the status page that tells of this incident.")
    ComponentState.objects.bulk_create(
        ComponentState(update=update, component_id=component, state=state.value) for component, state in states.items()
    )
    if began_at is not None:
        if not update.sent_at - FURTHEST_BACK <= began_at <= update.sent_at:
            raise BadChange(f"It can't have begun after it is told of, or more than {FURTHEST_BACK.days} days before.")
        Outage.objects.update_or_create(incident=update.incident, defaults={"began_at": began_at})


# --- what managers do --------------------------------------------------------------------------------------------


@transaction.atomic
def describe(page_id: int, title: str, about: str, *, seen: int) -> None:
    """Calls a page something else; `seen` is the version that was edited. Raises BadChange, BadEdit."""
    page = _locked(page_id)
    about = revised(about, seen=seen, newest=page.version, author="Somebody", what="this page")
    page.title, page.about = _line(title, "title"), _short(about, "sentence below the title")
    _count(page)


@transaction.atomic
def set_public(page_id: int, *, public: bool, now: datetime) -> None:
    """Shows a page to everybody, or to nobody any more."""
    page = _locked(page_id)
    page.published_at = (page.published_at or now) if public else None
    _count(page)


@transaction.atomic
def add_component(page_id: int, said: Described, now: datetime) -> Component:
    """A new component, the last one. Raises BadChange."""
    page = _locked(page_id)
    last = page.components.order_by("-position").first()
    if page.components.count() >= MOST_COMPONENTS:
        raise BadChange(f"There are {MOST_COMPONENTS} components already; more than that nobody reads.")
    made = Component(page=page, created_at=now, position=last.position + 1 if last else 1)
    _fill(made, said)
    _count(page)
    return made


@transaction.atomic
def edit_component(page_id: int, component_id: int, said: Described, *, seen: int) -> None:
    """Says something else of a component; `seen` is the version of the page that was edited. Raises BadChange, BadEdit."""
    page = _locked(page_id)
    description = revised(said.description, seen=seen, newest=page.version, author="Somebody", what="this page")
    _fill(_component(page, component_id), replace(said, description=description))
    _count(page)


@transaction.atomic
def remove_component(page_id: int, component_id: int) -> None:
    """Takes a component away, with what was said of it. Raises BadChange."""
    page = _locked(page_id)
    _component(page, component_id).delete()
    _count(page)


@transaction.atomic
def lay_out(page_id: int, parts: Sequence[tuple[int | None, Described]], now: datetime) -> None:
    """Gives a page these components in this order: those with an id are kept, those without are new, others go.

    Raises BadChange.
    """
    page = _locked(page_id)
    page.components.exclude(pk__in=[number for number, _ in parts if number is not None]).delete()
    for position, (number, said) in enumerate(parts, start=1):
        if number is None:
            number = add_component(page_id, said, now).pk
        else:
            _fill(_component(page, number), said)
        Component.objects.filter(pk=number).update(position=position)
    _count(_locked(page_id))


@transaction.atomic
def move_component(page_id: int, component_id: int, *, up: bool) -> None:
    """Puts a component before the one above it, or after the one below; nothing where there is none. Raises BadChange."""
    page = _locked(page_id)
    order = list(page.components.order_by("position", "pk"))
    at = order.index(_component(page, component_id))
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    for position, component in enumerate(order, start=1):
        component.position = position
    Component.objects.bulk_update(order, ["position"])
    _count(page)


@transaction.atomic
def announce(page_id: int, work: Work, *, actor: str, now: datetime) -> Maintenance:
    """Announces maintenance. Raises BadChange."""
    page = _locked(page_id)
    if work.ends_at <= max(work.starts_at, now):
        raise BadChange("Maintenance ends after it began, and not in the past.")
    if work.ends_at - work.starts_at > LONGEST_MAINTENANCE:
        raise BadChange(f"Maintenance lasts {LONGEST_MAINTENANCE.days} days at most.")
    made = Maintenance.objects.create(
        page=page,
        title=_line(work.title, "title"),
        text=_short(work.text, "text"),
        starts_at=work.starts_at,
        ends_at=work.ends_at,
        announced_by=actor,
        announced_at=now,
    )
    made.components.set(_component(page, component) for component in work.components)
    _count(page)
    _mail_of(made, now)
    return made


@transaction.atomic
def end_maintenance(page_id: int, maintenance_id: int, now: datetime) -> None:
    """Ends maintenance now, or calls it off where it has not begun; one that is over stays as it is. Raises BadChange."""
    page = _locked(page_id)
    found = page.maintenances.filter(pk=maintenance_id).first()
    if found is None:
        raise BadChange("There is no such maintenance.")
    if found.ended_at is None and now < found.ends_at:
        found.ended_at = now
        found.save(update_fields=["ended_at"])
        _count(page)
        _mail_of(found, now)


def _mail_of(work: Maintenance, now: datetime) -> None:
    """Subscribers are to hear of it."""
    Timer.objects.update_or_create(kind=ANNOUNCED, key=str(work.pk), defaults={"due_at": now})


def _locked(page_id: int) -> StatusPage:
    return StatusPage.objects.select_for_update(no_key=True).get(pk=page_id)


def _count(page: StatusPage) -> None:
    page.version += 1
    page.save()


def _component(page: StatusPage, component_id: int) -> Component:
    found = page.components.filter(pk=component_id).first()
    if found is None:
        raise BadChange("There is no such component.")
    return found


def _fill(component: Component, said: Described) -> None:
    component.name, component.group = _line(said.name, "name"), _line(said.group, "group", needed=False)
    component.description = _line(said.description, "description", needed=False, longest=300)
    component.save()
    kept = component.services.exclude(pk__in=said.seen) if said.seen is not None else Service.objects.none()
    component.services.set({*said.services, *kept.values_list("pk", flat=True)})


def _line(text: str, what: str, *, needed: bool = True, longest: int = LONGEST_LINE) -> str:
    line = " ".join(text.replace("\x00", "").split())
    if needed and not line:
        raise BadChange(f"The {what} is empty.")
    if len(line) > longest:
        raise BadChange(f"The {what} is too long: {longest} characters at most.")
    return line


def _short(text: str, what: str) -> str:
    kept = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(kept) > LONGEST_TEXT:
        raise BadChange(f"The {what} is too long: {LONGEST_TEXT:,} characters at most.")
    return kept
