"""Imports into the database: planned under a lock on the project, and written in the same transaction. Rolled back, a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
from django.db import transaction

from tocsin.catalog.imports.parsed import Catalogue, ParsedTeam
from tocsin.catalog.models import Project
from tocsin.catalog.recognising import KnownAs, recognised
from tocsin.catalog.recognition import Place
from tocsin.catalog.reconciling import (
    DISCOVERED,
    FIELDS,
    KUBERNETES,
    Change,
    Held,
    Plan,
    Teller,
    What,
    is_trusted,
    plan,
)
from tocsin.catalog.services import Service, ServiceDependency, Team

# Of a service that is deployed anew under another name each time only the latest are of use.
MOST_PLACES = 50
WRITTEN = (*FIELDS, "origin", "imported_from", "told", "places", "forgotten_at", "version")


@transaction.atomic
def carry_out(project: Project, catalogue: Catalogue, teller: Teller, now: datetime) -> Plan:
    """Imports a catalogue, all of it or nothing; what was changed. Doing so again changes nothing."""
    services = _locked(project)
    if teller.origin in {KUBERNETES, DISCOVERED}:
        catalogue = recognised(catalogue, known_as(services))
    seen = {service.slug: service.selectors for service in catalogue.services} if teller.origin == DISCOVERED else {}
    if seen:  # what runs somewhere now is no word on where it should
        catalogue = replace(catalogue, services=tuple(replace(s, selectors=()) for s in catalogue.services))
    made = plan(held(services), catalogue, teller)
    writing = _Writing(project, services, teller, now, _teams(catalogue))
    for change in made.changes:
        writing.fields(change, seen.get(change.slug, ()))
    writing.write_services()
    for change in made.changes:
        writing.needs(change)
    writing.write_needs()
    return made


def _locked(project: Project) -> dict[str, Service]:
    """The services of a project by slug; who else would change them waits."""
    Project.objects.select_for_update().get(pk=project.pk)
    services = project.services.select_related("owner").prefetch_related("needs__target")
    return {service.slug: service for service in services}


def held(services: Mapping[str, Service]) -> dict[str, Held]:
    """Stored services as they are compared."""
    return {
        slug: Held(
            slug,
            Teller(service.origin, service.imported_from),
            {name: getattr(service, name) for name in FIELDS}
            | {"owner": service.owner.slug if service.owner else "", "tier": service.tier},
            {name: Teller(**said) for name, said in service.told.items()},
            {
                need.target.slug: None if need.forgotten_at else Teller(need.origin, need.imported_from)
                for need in service.needs.all()
            },
            service.forgotten_at is not None,
        )
        for slug, service in services.items()
    }


def known_as(services: Mapping[str, Service]) -> list[KnownAs]:
    """Stored services as they are recognised."""
    return [
        KnownAs(
            slug,
            frozenset(service.aliases),
            *(tuple(msgspec.convert(p, Place) for p in places) for places in (service.selectors, service.places)),
        )
        for slug, service in services.items()
    ]


def _teams(catalogue: Catalogue) -> dict[str, Team]:
    """The teams that are described, and those that are only named; what is said of one that is there is kept up to date."""
    named = {s.owner: ParsedTeam(s.owner, s.owner) for s in catalogue.services if s.owner}
    described = {team.slug: team for team in catalogue.teams}
    teams = {}
    for slug, team in (named | described).items():
        said = {"name": team.name, "description": team.description, "contact": team.contact}
        teams[slug], is_new = Team.objects.get_or_create(slug=slug, defaults=said)
        if not is_new and slug in described:
            Team.objects.filter(slug=slug).update(**{name: text for name, text in said.items() if text})
    return teams


class _Writing:
    """Writes a plan: what is new or changed at once, so that thousands of services cost little more than one."""

    def __init__(
        self, project: Project, services: dict[str, Service], teller: Teller, now: datetime, teams: Mapping[str, Team]
    ) -> None:
        self._project, self._services, self._teller, self._now = project, services, teller, now
        self._teams = teams
        self._known = {
            (service.slug, need.target.slug): need for service in services.values() for need in service.needs.all()
        }
        self._seen_at = now if teller.origin == DISCOVERED else None
        self._new: list[Service] = []
        self._changed: list[Service] = []
        self._new_needs: list[ServiceDependency] = []
        self._seen: list[str] = []
        self._upheld: list[int] = []

    def fields(self, change: Change, seen: Sequence[Place]) -> None:
        """Creates, changes or removes a service; `seen` is where it was seen running."""
        if change.what is What.REMOVED:
            self._services.pop(change.slug).delete()
            return
        self._seen.append(change.slug)
        service = self._services.get(change.slug)
        if service is None:
            service = Service(project=self._project, slug=change.slug, name=change.slug)
            self._services[change.slug] = service
            self._new.append(service)
        before = {name: getattr(service, name) for name in WRITTEN}
        service.version += service.pk is not None and change.what is not What.UNCHANGED
        if service.pk is None or is_trusted(self._teller, Teller(service.origin, service.imported_from)):
            service.origin, service.imported_from = self._teller
        self._set(service, change)
        service.forgotten_at = None
        if service.pk is None:
            service.seen_at = self._seen_at
        places = [place for place in map(msgspec.to_builtins, seen) if place not in service.places]
        service.places = [*service.places, *places][-MOST_PLACES:]
        if service.pk is not None and before != {name: getattr(service, name) for name in WRITTEN}:
            self._changed.append(service)

    def _set(self, service: Service, change: Change) -> None:
        """Sets what is said, and who said it; what is no longer said nobody says."""
        for name, (_, value) in change.fields.items():
            if name == "owner":
                service.owner = self._teams[value] if value else None
            else:
                setattr(service, name, getattr(Service(), name) if value is None else value)
        said = {name for name, (_, value) in change.fields.items() if value is not None} | change.upheld
        silent = change.fields.keys() - said
        told = {name: by for name, by in service.told.items() if name not in silent}
        service.told = told | dict.fromkeys(sorted(said), self._teller._asdict())

    def write_services(self) -> None:
        """Writes the services; then they can be linked."""
        Service.objects.bulk_create(self._new)
        for service in self._changed:
            service.save(update_fields=WRITTEN)
        if self._seen_at is not None:
            self._project.services.filter(slug__in=self._seen).update(seen_at=self._seen_at)

    def needs(self, change: Change) -> None:
        """Notes what a service needs, when all that it may need are there."""
        for slug in change.upheld_needs:
            need = self._known[change.slug, slug]
            teller = Teller(need.origin, need.imported_from)
            if teller != self._teller and is_trusted(self._teller, teller):
                need.origin, need.imported_from = self._teller
                need.save()
            self._upheld.append(need.pk)
        for slug, reason in change.needs.items():
            source, target = self._services[change.slug], self._services[slug]
            origin, by = self._teller
            need = ServiceDependency(source=source, target=target, origin=origin, imported_from=by, reason=reason)
            need.seen_at = self._seen_at
            self._new_needs.append(need)
        gone = [self._known[change.slug, slug].pk for slug in change.needs_no_more]
        if gone:
            ServiceDependency.objects.filter(pk__in=gone).delete()

    def write_needs(self) -> None:
        """Writes what services need."""
        ServiceDependency.objects.bulk_create(self._new_needs)
        if self._seen_at is not None:
            ServiceDependency.objects.filter(pk__in=self._upheld).update(seen_at=self._seen_at)
