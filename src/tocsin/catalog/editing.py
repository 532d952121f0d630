"""What people do to the catalogue by hand: each change under a row lock, remembered as theirs, never over another's unseen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tocsin.catalog.imports.parsed import slug_of
from tocsin.catalog.models import Project
from tocsin.catalog.services import Origin, Service, ServiceDependency, Team
from tocsin.ground.edits import BadEdit


@transaction.atomic
def edit(service_id: int, changed: Mapping[str, Any], *, version: int, actor: str) -> Service:
    """Sets fields of a service, an owner by the name of the team. Raises BadEdit where somebody else edited it meanwhile."""
    service = Service.objects.select_for_update().get(pk=service_id)
    if service.version != version:
        raise BadEdit(f"{service.name} has been changed meanwhile. Take over what is new, then save again.")
    fields = {name: _team(value) if name == "owner" else value for name, value in changed.items()}
    fields = {name: value for name, value in fields.items() if getattr(service, name) != value}
    for name, value in fields.items():
        setattr(service, name, value)
    if not service.name.strip():
        raise BadEdit("A service needs a name.")
    said = {"origin": Origin.HAND.value, "by": actor}
    service.told = service.told | dict.fromkeys(sorted(fields), said)
    service.version += bool(fields)
    service.save()
    return service


@transaction.atomic
def create(project: Project, name: str, *, actor: str) -> Service:
    """A new service. Raises BadEdit where the project has one of that name."""
    slug = slug_of(name)
    if not slug:
        raise BadEdit("A service needs a name with letters or digits.")
    said = {"name": {"origin": Origin.HAND.value, "by": actor}}
    new = {"name": name.strip(), "origin": Origin.HAND.value, "told": said, "forgotten_at": None}
    service, is_new = Service.objects.get_or_create(project=project, slug=slug, defaults=new)
    if not is_new and service.forgotten_at is None:
        raise BadEdit(f"{project.name} has a service {slug} already.")
    if not is_new:
        Service.objects.filter(pk=service.pk).update(**new)
    return service


def forget(service_id: int, now: datetime) -> None:
    """Takes a service out of sight; it is not discovered again, and what alerts say no longer names it."""
    Service.objects.filter(pk=service_id, forgotten_at=None).update(forgotten_at=now)


def keep(service_id: int) -> None:
    """A person vouches for a service that was only discovered: it no longer fades."""
    Service.objects.filter(pk=service_id, origin=Origin.DISCOVERED).update(origin=Origin.HAND.value)


@transaction.atomic
def add_need(service_id: int, slug: str, *, actor: str) -> None:
    """Says that a service needs another of its project. Raises BadEdit where there is none."""
    service = Service.objects.get(pk=service_id)
    target = Service.objects.filter(project=service.project_id, slug=slug, forgotten_at=None).first()
    if target is None or target == service:
        raise BadEdit(f"There is no other service {slug} in this project.")
    said = {"origin": Origin.HAND.value, "imported_from": actor, "reason": f"{actor} said so", "forgotten_at": None}
    ServiceDependency.objects.update_or_create(source=service, target=target, defaults=said)


def forget_need(service_id: int, dependency_id: int, now: datetime) -> None:
    """Says that a service does not need another, whatever is seen later."""
    ServiceDependency.objects.filter(pk=dependency_id, source=service_id).update(forgotten_at=now)


def _team(name: str) -> Team | None:
    slug = slug_of(name)
    return Team.objects.get_or_create(slug=slug, defaults={"name": name.strip()})[0] if slug else None
