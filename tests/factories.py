"""Small makers of rows for tests; every argument has a plain default."""

from __future__ import annotations

from datetime import timedelta

from tests.moments import NOW as NOW
from tocsin.accounts.models import Role, User
from tocsin.catalog.models import Environment, Project, Source
from tocsin.catalog.services import Origin, Service
from tocsin.incidents.models import Incident


def make_environment(slug: str = "production", kind: str = "production", project: str = "shop") -> Environment:
    """An environment, and its project where it is new."""
    owner, _ = Project.objects.get_or_create(slug=project, defaults={"name": project.title()})
    return Environment.objects.get_or_create(project=owner, slug=slug, defaults={"kind": kind})[0]


def make_source(kind: str = "alertmanager", environment: Environment | None = None) -> tuple[Source, str]:
    """A source and its token."""
    return Source.create(kind, f"test {kind}", environment or make_environment())


def make_user(name: str = "alice", role: str = Role.RESPONDER) -> User:
    """A person whose password is `correct horse`."""
    return User.objects.create_user(name, password="correct horse", role=role)


def make_incident(title: str = "KubePodCrashLooping: shop/cart", **values: object) -> Incident:
    """An open incident, five minutes old."""
    defaults: dict[str, object] = {
        "environment": make_environment(),
        "severity": "high",
        "triggered_at": NOW - timedelta(minutes=5),
        "quiet_period": timedelta(minutes=5),
        "subject": {"kind": "Deployment", "namespace": "shop", "name": "cart"},
        "subject_key": "shop/cart",
    }
    return Incident.objects.create(title=title, **(defaults | values))


def make_service(slug: str = "cart", needs: tuple[Service, ...] = (), **values: object) -> Service:
    """A service of the project shop, with what it needs."""
    defaults = {"name": slug.title(), "origin": Origin.HAND, "project": make_environment().project}
    service = Service.objects.create(slug=slug, **(defaults | values))
    for other in needs:
        service.needs.create(target=other, origin=Origin.HAND)
    return service
