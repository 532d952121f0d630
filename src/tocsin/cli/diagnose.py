"""`tocsin diagnose`: find the cause of a failure here and now, without a server or a database.

Everything but click is imported when a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING

import click

from tocsin.cli.admin import refuse, refuse_bad_origin
from tocsin.ground.plain import plain

if TYPE_CHECKING:
    from tocsin.cli.resource import Named
    from tocsin.investigation.diagnosis.report import Report
    from tocsin.investigation.diagnosis.snapshot import Snapshot

INCONCLUSIVE = 3
_STDIN = Path("/dev/stdin")
# Lines longer than this are tiring to read, however wide the terminal.
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Source:
    """Where to read: a snapshot when there is one, else the live cluster of a kubeconfig's context ("" its usual one)."""

    snapshot: Path | None
    kubeconfig: str
    context: str
    prometheus: str
    timeout_s: float


@click.group()
def diagnose() -> None:
    """Find the cause of a failure, here and now, without a server. It only reads."""


@diagnose.command(short_help="Find what is wrong in a Kubernetes cluster, live or from a file.")
@click.argument("resource", required=False)
@click.option("-n", "--namespace", default="", help="Where the resource is. Default: that of the context or snapshot.")
@click.option("--context", default="", help="Context of the kubeconfig. Default: its current one.")
@click.option("--kubeconfig", default="", metavar="FILE", help="Default: $KUBECONFIG, else ~/.kube/config.")
@click.option(
    "--prometheus", default="", metavar="URL", help="A Prometheus to ask too, for what is used, slow, failing."
)
@click.option(
    "--snapshot",
    type=click.Path(allow_dash=True, path_type=Path),
    metavar="PATH",
    help="Read this file or folder instead; - is standard input.",
)
@click.option(
    "--timeout", type=click.IntRange(1, 600), default=30, show_default=True, help="Seconds for a live cluster."
)
@click.option("--output", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def kubernetes(
    resource: str | None,
    namespace: str,
    context: str,
    kubeconfig: str,
    prometheus: str,
    snapshot: Path | None,
    timeout: int,
    output: str,
    color: str,
) -> None:
    """Find what is wrong with RESOURCE (deploy/cart, pod/cart-7f, cart), or with a whole namespace.

    PATH is a Tocsin snapshot, a support bundle, a must-gather, a dump, or what kubectl printed: a file, a folder or an
    archive. The first step of the report says what was recognised.

    Exit status: 0 diagnosed or healthy, 3 inconclusive, 2 bad input.
    """
    if snapshot and (context or kubeconfig or prometheus):
        refuse("--snapshot reads a file: leave out --context, --kubeconfig and --prometheus, or leave out --snapshot")
    if prometheus:
        refuse_bad_origin("--prometheus", prometheus)
    report = _diagnose(Source(snapshot, kubeconfig, context, prometheus, timeout), resource, namespace)
    click.echo(_rendered(report, output, in_colour=_in_colour(color)), color=True)
    if report.outcome == "inconclusive":
        raise SystemExit(INCONCLUSIVE)


@diagnose.command(short_help="Find why a run of Terraform or OpenTofu failed, from its log.")
@click.argument("log", type=click.Path(allow_dash=True, path_type=Path))
@click.option(
    "--plan", type=click.Path(path_type=Path), metavar="FILE", help="What `terraform show -json` prints of it."
)
@click.option(
    "--policy", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="Results of a policy engine."
)
@click.option("--exit-code", type=int, metavar="N", help="What the run ended with.")
@click.option("--runbook", is_flag=True, help="Write the steps to take, in place of the report.")
@click.option("--output", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def terraform(
    log: Path,
    plan: Path | None,
    policy: tuple[Path, ...],
    exit_code: int | None,
    runbook: bool,
    output: str,
    color: str,
) -> None:
    """Find why the run that printed LOG failed; - reads from standard input.

    LOG may be in any form: with colours or without, -json, behind the prefixes of a pipeline. Plan and policy results
    make the answer better. Secrets are taken out before anything is read.

    Exit status: 0 diagnosed or healthy, 3 inconclusive, 2 bad input.
    """
    with _opened(log) as content:
        report = _deployment(content, plan, policy, exit_code)
    shown = _runbook(report, output) if runbook else ""
    click.echo(shown or _rendered(report, output, in_colour=_in_colour(color)), color=True)
    if report.outcome == "inconclusive":
        raise SystemExit(INCONCLUSIVE)


def _opened(log: Path) -> AbstractContextManager[IO[bytes]]:
    if str(log) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return log.open("rb")
    except OSError as error:
        refuse(plain(f"can't read {log}: {error.strerror}"))


def _deployment(log: IO[bytes], plan: Path | None, policies: tuple[Path, ...], exit_code: int | None) -> Report:
    from msgspec.structs import replace

    from tocsin.investigation.collectors.deployment import DeploymentError, load_deployment
    from tocsin.investigation.diagnosis import diagnose, parse_snapshot

    began = monotonic()
    key = secrets.token_bytes(32)
    try:
        data = load_deployment(log, plan=plan, policies=policies, exit_code=exit_code, key=key)
    except DeploymentError as error:
        refuse(plain(error))
    report = diagnose(parse_snapshot(data), clock=monotonic)
    return replace(report, took_ms=round((monotonic() - began) * 1000))


def _runbook(report: Report, output: str) -> str:
    """The runbook of a report; empty where there is nothing to type."""
    from tocsin.investigation.diagnosis.markdown import escaped
    from tocsin.investigation.diagnosis.runbook import runbook, runbook_text

    made = runbook(report)
    if made is None:
        return ""
    if output == "json":
        import msgspec

        return msgspec.json.format(made.to_json(), indent=2).decode()
    return f"## Runbook: {escaped(made.title)}\n\n{runbook_text(made)}"


def _diagnose(source: Source, resource: str | None, namespace: str) -> Report:
    from msgspec.structs import replace

    from tocsin.cli.resource import ResourceError, find_namespace, find_resource, parse_resource, presumed_resource
    from tocsin.investigation.diagnosis import diagnose

    began = monotonic()
    try:
        wanted = parse_resource(resource) if resource else None
        snapshot = _read(source, wanted, namespace)
        subject = find_namespace(namespace, snapshot) if namespace else None
        if wanted:
            presumed = presumed_resource(wanted, namespace, snapshot)
            subject = presumed or find_resource(wanted, namespace or snapshot.namespace, snapshot.by_subject)
    except ResourceError as error:
        refuse(plain(error))
    report = diagnose(snapshot, subject=subject, clock=monotonic)
    return replace(report, took_ms=round((monotonic() - began) * 1000))


def _read(source: Source, wanted: Named | None, namespace: str) -> Snapshot:
    from tocsin.investigation.diagnosis import SnapshotError, parse_snapshot

    # Nothing of this run is kept, so placeholders need to agree with each other only.
    key = secrets.token_bytes(32)
    data = _bundle(source.snapshot, key) if source.snapshot else _live(source, wanted, namespace, key)
    try:
        return parse_snapshot(data)
    except SnapshotError as error:
        refuse(plain(f"{source.snapshot or 'the cluster'}: {error}"))


def _bundle(path: Path, key: bytes) -> bytes:
    from tocsin.investigation.collectors.bundle import BundleError, load_bundle

    try:
        return load_bundle(_STDIN if str(path) == "-" else path, alert=None, key=key)
    except BundleError as error:
        refuse(plain(error))


def _live(source: Source, wanted: Named | None, namespace: str, key: bytes) -> bytes:
    import asyncio

    from tocsin.investigation.collectors.kubernetes.client import ClusterUnreachable, connect
    from tocsin.investigation.collectors.kubernetes.collect import Also, collect

    # Of a bare name the kind is not known before its namespace is read; without a namespace it is the context's.
    named = {"kind": wanted.kind, "name": wanted.name} if wanted and wanted.kind else {"kind": "Namespace", "name": ""}
    alert = {"title": "", "resource": {**named, "namespace": namespace}}

    async def read() -> bytes:
        async with connect(source.kubeconfig or None, source.context or None) as client:
            now, also = datetime.now(UTC), Also(prometheus=source.prometheus)
            return await collect(client, alert, now=now, timeout_s=source.timeout_s, key=key, also=also)

    with _progress("reading the cluster"):
        try:
            return asyncio.run(read())
        except ClusterUnreachable as error:
            refuse(plain(error))


@contextmanager
def _progress(what: str) -> Iterator[None]:
    """Says on a terminal what takes its time, and wipes it out afterwards."""
    watched = sys.stderr.isatty()
    if watched:
        click.echo(f"{what} …", nl=False, err=True)
    try:
        yield
    finally:
        if watched:
            click.echo("\r\x1b[K", nl=False, err=True)


def _in_colour(choice: str) -> bool:
    if choice == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def _rendered(report: Report, output: str, *, in_colour: bool) -> str:
    if output == "json":
        import msgspec

        return msgspec.json.format(report.to_json(), indent=2).decode()
    if output == "markdown":
        from tocsin.cli.rendering.markdown import render_markdown

        return render_markdown(report)
    from tocsin.cli.rendering.text import render_text

    return render_text(report, width=min(_WIDEST, shutil.get_terminal_size((88, 24)).columns), colour=in_colour)
