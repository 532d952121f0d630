"""`tocsin service` and `tocsin project`: what is in the catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.admin import OUTPUT, reached, refuse, tell

if TYPE_CHECKING:
    from tocsin.catalog.services import Service

SERVICE = click.argument("service", metavar="PROJECT/SERVICE")


@click.group()
def service() -> None:
    """Show services, and take care of what was discovered."""


@service.command("list")
@click.option("--project", metavar="PROJECT", help="Only those of this project.")
@OUTPUT
def list_services(project: str | None, output: str) -> None:
    """Show the services: owner, tier, how they are known, and what they need."""
    with reached():
        from tocsin.catalog.services import Service

        found = Service.objects.filter(forgotten_at=None, **({"project__slug": project} if project else {}))
        ordered = found.select_related("project", "owner").order_by("project__slug", "slug")
        rows = [_row(one) for one in ordered.prefetch_related("needs__target")]
    text = "\n".join(
        "{service:<32} {owner:<16} {tier!s:<5} {origin:<15} ".format(**row) + ", ".join(row["needs"]) for row in rows
    )
    click.echo(json.dumps(rows) if output == "json" else text or "No services: `tocsin catalog import` brings some.")


@service.command("show")
@SERVICE
@OUTPUT
def show_service(service: str, output: str) -> None:
    """Show all that is known of a service, and who said it."""
    with reached():
        found = _service(service)
        told = {name: f"{said['origin']} {said['by']}".strip() for name, said in found.told.items()}
        fields = ("name", "kind", "description", "lifecycle", "links", "runbooks", "repositories", "tags", "aliases")
        places = ("selectors", "hosts", "workspaces", "places")
        values = _row(found) | {name: getattr(found, name) for name in (*fields, *places)}
        values["needed_by"] = [one.source.slug for one in found.needed_by.filter(forgotten_at=None)]
    if output == "json":
        click.echo(json.dumps(values | {"told": told}))
        return
    for name, value in values.items():
        if value not in ("", None, [], {}):
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            click.echo(f"{name:<14} {shown}" + (f"  ({told[name]})" if name in told else ""))


@service.command("forget")
@SERVICE
@OUTPUT
def forget_service(service: str, output: str) -> None:
    """Do not show a service any more, and do not discover it again."""
    with reached():
        from django.utils import timezone

        from tocsin.catalog.editing import forget

        forget(_service(service).pk, timezone.now())
    tell(output, f"{service} is forgotten; a catalogue file that describes it brings it back.", service=service)


@click.group()
def project() -> None:
    """Show projects, and say which labels of alerts name their services."""


@project.command("list")
@OUTPUT
def list_projects(output: str) -> None:
    """Show the projects with their environments, and how many services they have."""
    with reached():
        from tocsin.catalog.models import Project

        rows = [
            {
                "project": one.slug,
                "environments": sorted(one.environments.values_list("slug", flat=True)),
                "services": one.services.filter(forgotten_at=None).count(),
                "naming_labels": one.naming_labels,
            }
            for one in Project.objects.order_by("slug")
        ]
    text = "\n".join(f"{r['project']:<20} {r['services']:>4} services  {', '.join(r['environments'])}" for r in rows)
    click.echo(json.dumps(rows) if output == "json" else text or "No projects yet: `tocsin source add` makes one.")


@project.command("labels")
@click.argument("project")
@click.argument("labels", metavar="LABEL...", nargs=-1)
@OUTPUT
def set_labels(project: str, labels: tuple[str, ...], output: str) -> None:
    """Alerts of PROJECT name their service by these labels, the most telling first; without any, by the usual ones."""
    with reached():
        from tocsin.catalog.directory import NAMING_LABELS
        from tocsin.catalog.models import Project

        if not Project.objects.filter(slug=project).update(naming_labels=list(labels)):
            refuse(f"there is no project {project}; `tocsin project list` shows them")
    said = ", ".join(labels or NAMING_LABELS)
    tell(output, f"Services of {project} are named by {said}.", project=project, naming_labels=list(labels))


def _row(one: Service) -> dict[str, Any]:
    return {
        "service": f"{one.project.slug}/{one.slug}",
        "owner": one.owner.slug if one.owner else "",
        "tier": one.tier or "",
        "origin": one.origin,
        "needs": sorted(need.target.slug for need in one.needs.all() if need.forgotten_at is None),
    }


def _service(named: str) -> Service:
    from tocsin.catalog.services import Service

    project, slash, slug = named.partition("/")
    if not (project and slash and slug):
        refuse(f"“{named}”: say PROJECT/SERVICE, such as shop/cart")
    found = Service.objects.select_related("project", "owner").filter(project__slug=project, slug=slug).first()
    if found is None or found.forgotten_at is not None:
        refuse(f"there is no service {named}; `tocsin service list` shows them")
    return found
