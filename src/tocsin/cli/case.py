"""`tocsin case`: export an incident as a case, and score the diagnosis over a suite of cases."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from tocsin.cli.admin import reached, refuse
from tocsin.ground.plain import plain

if TYPE_CHECKING:
    from tocsin.investigation.diagnosis.evaluation.cases import Blamed
    from tocsin.investigation.diagnosis.evaluation.scoring import Result

FAILED = 1


@click.group()
def case() -> None:
    """Export incidents as replayable cases, and score the diagnosis over a suite of them."""


@case.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option(
    "--labels",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="JSON that says which causes a collection's labels accept: {LABEL: [CAUSE, …]}.",
)
@click.option("--at-least", type=click.FloatRange(0, 1), metavar="SHARE", help="Exit with 1 when fewer are right.")
@click.option(
    "--strict", is_flag=True, help="Of a log's categories only the true one counts, none that is accepted too."
)
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def run(paths: tuple[Path, ...], labels: Path | None, at_least: float | None, strict: bool, output: str) -> None:
    """Diagnose every case in PATH… and hold the answers against their truths.

    PATH is a case (tocsin-case/1, may be gzipped), a folder of cases, or a folder with NAME-truth.json and NAME/*.json.gz,
    or NAME/*.log for deployments. A case without a truth is not scored. It says how often the true cause of the true
    object ranks first and among the first three, and whether the confidences hold.
    """
    import msgspec

    from tocsin.cli.rendering.scores import render_scores
    from tocsin.investigation.diagnosis.evaluation.scoring import grouped, scaled, score

    results = list(_results(paths, labels, strict))
    if not results:
        refuse("no case with a truth there; docs/cases.md says what a case looks like")
    total = score(results)
    if output == "json":
        groups = {
            "by_source": {name: score(held) for name, held in grouped(results, lambda one: one.source).items()},
            "by_label": {name: score(held) for name, held in grouped(results, lambda one: one.label).items()},
        }
        shown = msgspec.json.encode({"summary": total, "scaled": scaled(results), **groups, "cases": results})
        click.echo(msgspec.json.format(shown, indent=1).decode())
    else:
        click.echo(render_scores(results))
    if at_least is not None and total.accuracy_at_1 < at_least:
        raise SystemExit(FAILED)


@case.command()
@click.argument("incident", metavar="INC-n")
@click.option(
    "--cause", multiple=True, help="The true cause; may be given several times. Default: what the report says."
)
@click.option("--subject", metavar="KIND/NAME", help="What it is the cause of. Default: what the report says.")
@click.option("--file", type=click.Path(path_type=Path), metavar="FILE", help="Default: INC-n.case.json.gz here.")
def export(incident: str, cause: tuple[str, ...], subject: str | None, file: Path | None) -> None:
    """Write the latest investigation of an incident as a case: its redacted snapshot, with the truth."""
    import gzip

    from tocsin.investigation.diagnosis.cause import catalogue

    if unknown := sorted(set(cause) - {known.name for known in (*catalogue(), *catalogue("terraform"))}):
        refuse(plain(f"there is no cause {unknown[0]}; docs/reference/causes.md lists them"))
    number = incident.upper().removeprefix("INC-").removeprefix("INC")
    if not number.isdecimal():
        refuse(plain(f"“{incident}”: say INC-n, such as INC-12"))
    blamed = _blamed(subject)
    with reached():
        from tocsin.investigation.export import case_of

        try:
            made = case_of(int(number), cause, blamed)
        except LookupError as error:
            refuse(str(error))
    target = file or Path(f"INC-{int(number)}.case.json.gz")
    try:
        target.write_bytes(gzip.compress(made.to_json(), mtime=0) if target.suffix == ".gz" else made.to_json())
    except OSError as error:
        refuse(plain(f"can't write {target}: {error.strerror}"))
    click.echo(f"{target}  {', '.join(made.truth.causes) if made.truth else 'no truth known yet'}")


def _blamed(subject: str | None) -> Blamed | None:
    from tocsin.cli.resource import ResourceError, parse_resource
    from tocsin.investigation.diagnosis.evaluation.cases import Blamed

    try:
        named = parse_resource(subject) if subject else None
    except ResourceError as error:
        refuse(plain(error))
    return Blamed(named.name, named.kind) if named else None


def _results(paths: tuple[Path, ...], labels: Path | None, strict: bool) -> Iterator[Result]:
    from tocsin.investigation.collectors.casebook import CasebookError, cases_in, read_labels
    from tocsin.investigation.diagnosis import SnapshotError, diagnose, parse_snapshot
    from tocsin.investigation.diagnosis.evaluation.scoring import judged

    watched = sys.stderr.isatty()
    try:
        known = read_labels(labels) if labels else {}
        for count, one in enumerate(cases_in(paths, known, strict=strict), 1):
            if watched:
                click.echo(f"\r{count} cases …", nl=False, err=True)
            if one.truth is None:
                continue
            began = perf_counter()
            report = diagnose(parse_snapshot(bytes(one.snapshot)))
            took = 1000 * (perf_counter() - began)
            yield judged(one.name, one.source, one.label, one.truth, report, took)
    except (CasebookError, SnapshotError) as error:
        refuse(plain(error))
    finally:
        if watched:
            click.echo("\r\x1b[K", nl=False, err=True)
