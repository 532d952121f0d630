"""`tocsin severity`: the severity matrix as JSON, to read, keep elsewhere and bring back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

import click

from tocsin.cli.admin import OUTPUT, reached, refuse, tell

if TYPE_CHECKING:
    from tocsin.catalog.models import Project
    from tocsin.incidents.triage.matrix import Matrix

PROJECT = click.option("--project", metavar="PROJECT", help="Of this project. Default: of the installation.")
AUTHOR = "command line"


@click.group()
def severity() -> None:
    """Say what each severity calls for: by when to acknowledge, whom to notify, how to behave."""


@severity.command()
@PROJECT
@click.option("--version", type=click.IntRange(1), help="An earlier version. Default: what counts.")
@OUTPUT
def show(project: str | None, version: int | None, output: str) -> None:
    """Show the matrix that counts, or an earlier version of it; as JSON it can be imported."""
    with reached():
        from tocsin.incidents.triage.matrix import parse, written

        where = _project(project)
        document = written(_counting(where)) if version is None else written(parse(_kept(where, version)))
    if where is not None:
        document.pop("scale")
    click.echo(json.dumps(document, indent=2, ensure_ascii=False) if output == "json" else _text(document))


@severity.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@PROJECT
@OUTPUT
def import_matrix(file: TextIO, project: str | None, output: str) -> None:
    """Make FILE (JSON; - reads what is piped in) the matrix that counts. Parts that are missing are as by default."""
    try:
        document = json.load(file)
    except (ValueError, RecursionError) as error:
        refuse(f"{file.name}: this is no JSON: {error}")
    with reached():
        from tocsin.incidents.triage.matrix import BadMatrix, parse

        try:
            version = _keep(_project(project), parse(document))
        except BadMatrix as error:
            refuse(f"{file.name}: {error}")
    tell(output, f"Version {version} counts from now on.", version=version)


@severity.command()
@click.option("--project", metavar="PROJECT", required=True, help="The project that has a matrix of its own.")
@OUTPUT
def follow(project: str, output: str) -> None:
    """Let a project follow the installation's matrix again."""
    with reached():
        version = _keep(_project(project), None)
    tell(output, f"{project} follows the installation from now on.", version=version)


@severity.command()
@click.argument("scale", type=click.Choice(["words", "P1-P4", "P0-P3", "SEV1-4"]))
@OUTPUT
def scale(scale: str, output: str) -> None:
    """Say how severities are shown: in words, or as P1-P4, P0-P3, SEV1-4. What is stored stays the same."""
    with reached():
        from dataclasses import replace

        from tocsin.incidents import matrices
        from tocsin.incidents.triage.scale import Scale

        version = _keep(None, replace(matrices.installation_matrix(), scale=Scale(scale)))
    tell(output, f"Severities are shown as {scale} from now on.", version=version)


def _project(slug: str | None) -> Project | None:
    from tocsin.catalog.models import Project

    if slug is None:
        return None
    found = Project.objects.filter(slug=slug).first()
    if found is None:
        refuse(f"there is no project {slug}; `tocsin project list` shows them")
    return found


def _counting(project: Project | None) -> Matrix:
    from tocsin.incidents import matrices

    return matrices.installation_matrix() if project is None else matrices.matrix_of(project.pk)


def _kept(project: Project | None, version: int) -> dict[str, Any]:
    from tocsin.incidents.models import SeverityMatrix

    found = SeverityMatrix.objects.filter(project=project, version=version).first()
    if found is None:
        refuse(f"there is no version {version} of it")
    document: dict[str, Any] = found.document
    return document


def _keep(project: Project | None, matrix: Matrix | None) -> int:
    from django.utils import timezone

    from tocsin.incidents import matrices
    from tocsin.incidents.changes import BadChange

    number = project.pk if project else None
    last = matrices.newest(number)
    try:
        kept = matrices.keep(number, matrix, seen=last.version if last else 0, author=AUTHOR, now=timezone.now())
    except BadChange as error:
        refuse(str(error))
    return kept.version


def _text(document: dict[str, Any]) -> str:
    """The matrix as a table, with the calendar and the scale below."""
    rows = []
    for name, level in document["levels"].items():
        notify = ", ".join(level["notify"]) or "nobody"
        rows.append(f"{name:<9} {level['acknowledge']:<18} {level['hours']:<15} {notify:<36} {level['conduct']}")
    calendar = document["calendar"]
    days = f"{', '.join(calendar['days'])}, {calendar['from']}–{calendar['to']} {calendar['zone']}"
    lines = [*rows, "", f"Business hours: {days}"]
    lines += [f"Holiday: {day} {name}".rstrip() for day, name in calendar["holidays"].items()]
    return "\n".join([*lines, *([f"Shown as: {document['scale']}"] if "scale" in document else [])])
