"""`tocsin noise`: drift that means nothing, and why."""

from __future__ import annotations

import json

import click

from tocsin.cli.admin import OUTPUT, reached, refuse, split, tell


@click.group()
def noise() -> None:
    """Say which drift means nothing: whatever else was changed or deleted outside counts, and opens an incident."""


@noise.command("list")
@OUTPUT
def list_noise(output: str) -> None:
    """Show the noise list: where, which attributes of which resources, and why."""
    with reached():
        from tocsin.deployments.models import DriftNoise

        entries = DriftNoise.objects.select_related("environment__project").order_by("id")
        rows = [
            {
                "id": entry.pk,
                "environment": str(entry.environment) if entry.environment else "everywhere",
                "address": entry.address,
                "attribute": entry.attribute,
                "why": entry.why,
            }
            for entry in entries
        ]
    text = "\n".join("{id:>4}  {environment:<20} {address:<32} {attribute:<32} {why}".format(**row) for row in rows)
    click.echo(json.dumps(rows) if output == "json" else text or "All drift counts.")


@noise.command("add")
@click.argument("address")
@click.argument("attribute")
@click.option("--why", required=True, help="Why this may be ignored.")
@click.option("--environment", metavar="PROJECT/ENVIRONMENT", help="Only there. Default: everywhere.")
@OUTPUT
def add_noise(address: str, attribute: str, why: str, environment: str | None, output: str) -> None:
    """Ignore drift of ATTRIBUTE of resources at ADDRESS; both may have * in them, as in `aws_ecs_service.* desired_count`.

    What was deleted outside is ignored only where ATTRIBUTE is *.
    """
    with reached():
        from tocsin.catalog.models import Environment
        from tocsin.deployments.models import DriftNoise

        where = None
        if environment:
            project, slug = split(environment)
            where = Environment.objects.filter(project__slug=project, slug=slug).first()
            if where is None:
                refuse(f"there is no environment {environment}")
        entry, _ = DriftNoise.objects.update_or_create(
            environment=where, address=address, attribute=attribute, defaults={"why": why}
        )
    tell(output, f"Drift of {attribute} of {address} is ignored from now on ({entry.pk}).", id=entry.pk)


@noise.command("remove")
@click.argument("number", type=int)
@OUTPUT
def remove_noise(number: int, output: str) -> None:
    """Take entry NUMBER from the list: such drift counts again."""
    with reached():
        from tocsin.deployments.models import DriftNoise

        if not DriftNoise.objects.filter(pk=number).delete()[0]:
            refuse(f"there is no entry {number}; `tocsin noise list` shows them")
    tell(output, f"Entry {number} is gone; such drift counts again.", id=number)
