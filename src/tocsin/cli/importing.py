"""`tocsin import`: people, schedules, escalation policies and services, out of what another product exports."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.admin import OUTPUT, ROLES, reached, refuse
from tocsin.ground.plain import plain

if TYPE_CHECKING:
    from tocsin.catalog.models import Project
    from tocsin.oncall.importing import Into, Plan
    from tocsin.oncall.imports.found import Document, Found

PRODUCTS = {"pagerduty": "pagerduty", "opsgenie": "opsgenie", "grafana-oncall": "grafana_oncall"}
MOST_BYTES = 50_000_000


@click.command("import")
@click.argument("product", type=click.Choice(list(PRODUCTS)))
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--project", metavar="PROJECT", help="Whose all of it is. Default: everybody's; services: the only project's."
)
@click.option("--role", type=click.Choice(ROLES[:-1]), help="What new people may do. Default: nothing yet.")
@click.option("--plan", "plan_only", is_flag=True, help="Only show what would be done.")
@OUTPUT
def import_(product: str, path: Path, project: str | None, role: str | None, plan_only: bool, output: str) -> None:
    """Bring what PRODUCT knows from PATH: a file of JSON, or a folder of such files; see docs/importing.md.

    What is there already stays or is changed to what the export says, unless somebody has edited it here. New people can't
    log in until they are given a password, and are on call only with the role responder or more.
    """
    now = datetime.now(UTC)
    found = _read(product, path, now)
    with reached():
        made = _carried_out(found, product, project, role or "", plan_only, now)
    _print(made, plan_only, output)


def _read(product: str, path: Path, now: datetime) -> Found:
    """What the files say; ends the command where they are no export of the product."""
    from tocsin.oncall.imports.found import BadExport

    reader = import_module(f"tocsin.oncall.imports.{PRODUCTS[product]}")
    try:
        found: Found = reader.read(_documents(path), now)
    except BadExport as error:
        refuse(" ".join(str(error).split()))
    return found


def _documents(path: Path) -> list[Document]:
    from tocsin.oncall.imports.found import Document

    if not path.exists():
        refuse(f"there is no {path}")
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    if not files:
        refuse(f"there is no file *.json in {path}")
    if sum(file.stat().st_size for file in files) > MOST_BYTES:
        refuse(f"{path}: more than {MOST_BYTES:,} bytes altogether; import it in parts")
    root = path.parent
    return [Document(str(file.relative_to(root)), _content(file)) for file in files]


def _content(file: Path) -> object:
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        refuse(f"can't read {file}: {error.strerror}")
    except (ValueError, RecursionError) as error:
        refuse(f"{file} is no JSON: {error}")


def _carried_out(found: Found, product: str, project: str | None, role: str, plan_only: bool, now: datetime) -> Plan:
    from django.db import transaction

    from tocsin.oncall.importing import carry_out

    with transaction.atomic():
        made = carry_out(found, _into(product, project, role), now)
        transaction.set_rollback(plan_only)
    return made


def _into(product: str, slug: str | None, role: str) -> Into:
    from tocsin.catalog.models import Project
    from tocsin.oncall.importing import Into

    name: str = import_module(f"tocsin.oncall.imports.{PRODUCTS[product]}").NAME
    projects: dict[str, Project] = {project.slug: project for project in Project.objects.order_by("slug")}
    if slug is not None and slug not in projects:
        refuse(
            f"there is no project {slug}; there {'are' if len(projects) > 1 else 'is'} {', '.join(projects) or 'none yet'}"
        )
    chosen = projects[slug] if slug else None
    only = next(iter(projects.values())) if len(projects) == 1 else None
    return Into(name, chosen, chosen or only, role)


def _print(made: Plan, plan_only: bool, output: str) -> None:
    from tocsin.oncall.importing import What

    rows = [{"kind": each.kind, "name": each.name, "what": each.what, "told": each.told} for each in made.lines]
    cant = [{"what": each.what, "why": each.why} for each in made.problems]
    if output == "json":
        told = {"plan": plan_only, "lines": rows, "cannot": cant, "differences": made.differences, "notes": made.notes}
        click.echo(json.dumps(told))
        return
    signs = {What.MADE: "+", What.CHANGED: "~", What.LEFT: "="}
    for line in made.lines:
        if line.what is not What.LEFT or line.told:
            click.echo(plain(f"{signs[line.what]} {line.kind} {line.name}" + (f" ({line.told})" if line.told else "")))
    for sign, texts in (
        ("can't be made:", [f"{each['what']}: {each['why']}" for each in cant]),
        ("differs:", made.differences),
        ("note:", made.notes),
    ):
        for text in texts:
            click.echo(f"{sign} {plain(text)}")
    click.echo(_summary(made, plan_only))


def _summary(made: Plan, plan_only: bool) -> str:
    from tocsin.oncall.importing import What

    counts = ", ".join(f"{count} {what}" for what in What if (count := sum(each.what is what for each in made.lines)))
    if made.problems:
        counts = ", ".join(filter(None, (counts, f"{len(made.problems)} can't be made")))
    if made.changes_nothing:
        return f"Nothing to do: {counts}." if counts else "Nothing to do."
    return f"Plan, nothing is written: {counts}." if plan_only else f"Imported: {counts}."
