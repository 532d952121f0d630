"""`tocsin catalog`: services, their owners and what they need, out of files that people keep anyway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.admin import OUTPUT, reached, refuse

if TYPE_CHECKING:
    from tocsin.catalog.imports.documents import Document
    from tocsin.catalog.imports.reading import Described
    from tocsin.catalog.models import Project
    from tocsin.catalog.reconciling import Change, Plan

MOST_BYTES = 10_000_000
SUFFIXES = {".yaml", ".yml", ".json"}


@click.group()
def catalog() -> None:
    """Say which services there are, who owns them and what they need."""


@catalog.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--project", metavar="PROJECT", help="Whose services they are. Default: the only project.")
@click.option("--name", help="What this import is called: services it brought before and has no more are removed.")
@click.option("--plan", "plan_only", is_flag=True, help="Only show what would change.")
@OUTPUT
def import_catalogue(path: Path, project: str | None, name: str | None, plan_only: bool, output: str) -> None:
    """Read services from PATH: a file, a folder, or - for standard input.

    Understood are Backstage's catalog-info.yaml, Kubernetes objects (manifests, or what `kubectl get -o yaml` prints) and
    files of our own; see docs/services.md. What people have edited by hand stays. PATH is the import's name unless --name
    gives another; from standard input nothing is removed without --name.
    """
    from tocsin.catalog.imports.parsed import BadCatalogue
    from tocsin.catalog.imports.reading import understand

    try:
        notes: list[str] = []
        described = understand(_documents(path, notes))
    except BadCatalogue as error:
        refuse(" ".join(str(error).split()))
    if not described.written.services and not described.deployed.services:
        refuse("; ".join(["there are no services in it: see docs/services.md for what is understood", *notes]))
    called = name or ("" if str(path) == "-" else str(path.absolute()))
    with reached():
        made = _carried_out(_project(project), described, called, plan_only)
    notes += [note for plan in made for note in plan.notes]
    _print(made, notes, plan_only, output)


def _documents(path: Path, notes: list[str]) -> Iterator[Document]:
    """The documents of a file, of the files that it names as a Location, or of all files in a folder.

    In a folder there may be what is no catalogue: what can't be read there is noted, unless its name says that it is one.
    """
    from tocsin.catalog.imports.backstage import targets
    from tocsin.catalog.imports.documents import documents
    from tocsin.catalog.imports.parsed import BadCatalogue

    root, size = path if path.is_dir() else path.parent, 0
    waiting = _files(path) if path.is_dir() else [path]
    seen: set[Path] = set()
    for file in waiting:  # grows as Locations are met
        if file.absolute() in seen:
            continue
        seen.add(file.absolute())
        shown = "standard input" if str(file) == "-" else str(file)
        body = _body(file)
        size += len(body)
        if size > MOST_BYTES:
            raise BadCatalogue(f"{shown}: more than {MOST_BYTES:,} bytes altogether; import it in parts")
        try:
            for document in documents(shown, body):
                waiting += _targets(file, root, targets(document.content), notes)
                yield document
        except BadCatalogue as error:
            if not path.is_dir() or file.stem == "catalog-info":
                raise
            notes.append(f"left out: {error}")


def _files(folder: Path) -> list[Path]:
    found = [file for file in sorted(folder.rglob("*")) if file.suffix in SUFFIXES and file.is_file()]
    return [file for file in found if not any(part.startswith(".") for part in file.relative_to(folder).parts)]


def _body(file: Path) -> bytes:
    """At most one byte more than may be."""
    try:
        with click.open_file(str(file), "rb") as opened:
            return bytes(opened.read(MOST_BYTES + 1))
    except OSError as error:
        refuse(f"can't read {file}: {error.strerror}")


def _targets(file: Path, root: Path, named: list[str], notes: list[str]) -> list[Path]:
    """The files that a Location names, as far as they are below the folder of the import."""
    found = []
    for target in named:
        other = (file.parent / target).resolve()
        if "://" in target or not other.is_file():
            notes.append(f"{file}: target {target} is no file here: left out")
        elif not other.is_relative_to(root.resolve()):
            notes.append(f"{file}: target {target} is outside of {root}: left out")
        else:
            found.append(other)
    return found


def _project(slug: str | None) -> Project:
    from tocsin.catalog.models import Project

    projects = {project.slug: project for project in Project.objects.order_by("slug")}
    if slug in projects:
        return projects[slug]
    known = f"there {'are' if len(projects) > 1 else 'is'} {', '.join(projects) or 'none yet'}"
    if slug is not None:
        refuse(f"there is no project {slug}; {known}: `tocsin source add {slug}/ENVIRONMENT` makes one")
    if len(projects) != 1:
        refuse(f"say with --project whose services they are; {known}")
    return next(iter(projects.values()))


def _carried_out(project: Project, described: Described, called: str, plan_only: bool) -> list[Plan]:
    """What was (or would be) changed: first by what people wrote, then by what is deployed."""
    from django.db import transaction
    from django.utils import timezone

    from tocsin.catalog.importing import carry_out
    from tocsin.catalog.reconciling import FILE, KUBERNETES, Teller

    with transaction.atomic():
        now = timezone.now()
        made = [
            carry_out(project, described.written, Teller(FILE, called), now),
            carry_out(project, described.deployed, Teller(KUBERNETES, called), now),
        ]
        transaction.set_rollback(plan_only)
    return made


def _print(plans: list[Plan], notes: list[str], plan_only: bool, output: str) -> None:
    from tocsin.catalog.reconciling import What

    conflicts = [conflict for plan in plans for conflict in plan.conflicts]
    slugs = {what: sorted(slug for plan in plans for slug in plan.of(what)) for what in What}
    if output == "json":
        click.echo(json.dumps({**{what.value: slugs[what] for what in What}, "conflicts": conflicts, "notes": notes}))
        return
    for change in (change for plan in plans for change in plan.changes if change.what is not What.UNCHANGED):
        click.echo("\n".join(_lines(change)))
    counts = ", ".join(f"{len(slugs[what])} {what}" for what in What if slugs[what])
    click.echo(f"Plan, nothing is written: {counts}." if plan_only else f"Imported: {counts}.")
    for line in [f"kept: {conflict}" for conflict in conflicts] + [f"note: {note}" for note in notes]:
        click.echo(line, err=True)


def _lines(change: Change) -> Iterator[str]:
    """A change as a diff: what it is, then its fields and needs."""
    from tocsin.catalog.reconciling import What, shown

    signs = {What.CREATED: "+", What.CHANGED: "~", What.REMOVED: "-"}
    yield f"{signs[change.what]} {change.slug}"
    for field, (before, after) in change.fields.items():
        was = "" if before is None else f"{shown(before)} → "
        yield f"    {field}: {was}{'nothing' if after is None else shown(after)}"
    yield from (f"    + needs {slug}" for slug in change.needs)
    yield from (f"    - needs {slug}" for slug in change.needs_no_more)
