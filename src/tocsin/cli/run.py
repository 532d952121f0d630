"""`tocsin run` and `tocsin drift`: run an infrastructure tool as without us, and tell the server what came of it."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from tocsin.cli.admin import refuse
from tocsin.cli.capture.addresses import VARIABLE, chosen, read_addresses
from tocsin.ground.plain import plain

if TYPE_CHECKING:
    from typing import IO

    from tocsin.cli.capture.recording import Recording
    from tocsin.cli.capture.sending import Sent
    from tocsin.cli.capture.spool import Spool
    from tocsin.cli.capture.streams import Streams
    from tocsin.deployments.document import Document

_LATER = "goes with the next `tocsin run` to this server, or with `tocsin run --send`"
_PATH = click.Path(path_type=Path, exists=True, dir_okay=False)
_SETTINGS = {"ignore_unknown_options": True, "allow_interspersed_args": False}


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """What both commands can be told."""
    for option in reversed(
        [
            click.option("--project", default="", metavar="P", help="The project it is of."),
            click.option("--environment", default="", metavar="E", help="The environment that it changes."),
            click.option("--configuration", default="", metavar="NAME", help="What it is about. Default: its folder."),
            click.option("--timeout", type=click.FloatRange(min=1), metavar="S", help="Interrupt it after S seconds."),
            click.option("--policy", "policies", type=_PATH, multiple=True, help="Results of a policy engine."),
            click.option("--cost", type=_PATH, help="A cost estimate: JSON of Infracost."),
            click.option(
                "--address-file",
                type=_PATH,
                help=f"Holds the address that `tocsin source add deployment` showed. Default: ${VARIABLE} is that.",
            ),
            click.option("--plain-http", is_flag=True, help="Send over http:// too: the way to the server is private."),
            click.option("--quiet", is_flag=True, help="Say nothing of what was sent."),
        ]
    ):
        command = option(command)
    return command


@click.command(context_settings=_SETTINGS, short_help="Run an infrastructure tool and record what came of it.")
@_options
@click.option("--plan", type=_PATH, help="The plan that it applies: a plan file, or JSON of `show -json`.")
@click.option("--send", is_flag=True, help="Run nothing: only send what earlier runs could not.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def run(command: tuple[str, ...], plan: Path | None, send: bool, **options: Any) -> None:
    """Run COMMAND, such as `terraform apply tfplan`, as without us: same output, signals and exit status.

    Its log, plan, policy results, cost and end go to the server; when that is away they stay on disk and go with the
    next run, or with `tocsin run --send`. Without a server a failure is diagnosed right here.
    """
    if send == bool(command):
        refuse("say what to run, as in `tocsin run -- terraform apply`, or --send without a command")
    raise SystemExit(_send_waiting(**options) if send else _record(list(command), plan, **options))


@click.command(context_settings=_SETTINGS, short_help="Look for what was changed outside, and record it.")
@_options
@click.argument("tool", nargs=-1, type=click.UNPROCESSED)
def drift(tool: tuple[str, ...], **options: Any) -> None:
    """Look for what was changed outside of the configuration in this folder; made to be run on a schedule.

    Runs `plan -refresh-only -detailed-exitcode`, which changes nothing. TOOL is `terraform`, `tofu`, or one of them with
    options: `tocsin drift -- terraform -chdir=network -var-file=production.tfvars`.

    Exit status: 0 nothing changed, 2 something did, 1 it could not be found out.
    """
    words = list(tool) or [next(filter(shutil.which, ("terraform", "tofu")), "terraform")]
    chosen = [word for word in words[1:] if word.startswith("-chdir=")]
    rest = [word for word in words[1:] if not word.startswith("-chdir=")]
    asked = ["plan", "-refresh-only", "-detailed-exitcode", "-input=false", *rest]
    with tempfile.TemporaryDirectory(prefix="tocsin-drift-") as folder:  # readable by us alone, as the plan has secrets
        kept = [] if _is_remote(chosen) else [f"-out={folder}/plan"]
        status = _record([words[0], *chosen, *asked, *kept], None, **options)
    raise SystemExit(status)


def _is_remote(chosen: list[str]) -> bool:
    """Whether the runs are HCP Terraform's own: older versions can't keep a plan of those."""
    folder = Path(chosen[0].partition("=")[2] if chosen else ".", os.environ.get("TF_DATA_DIR") or ".terraform")
    try:
        backend = json.loads((folder / "terraform.tfstate").read_bytes())["backend"]["type"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return backend in {"remote", "cloud"}


def _record(
    argv: list[str],
    plan: Path | None,
    *,
    project: str,
    environment: str,
    configuration: str,
    timeout: float | None,
    policies: tuple[Path, ...],
    cost: Path | None,
    address_file: Path | None,
    plain_http: bool,
    quiet: bool,
) -> int:
    """Runs it and tells; its exit status."""
    address = chosen(read_addresses(address_file, plain_http=plain_http), project, environment)
    from tocsin.cli.capture.found import understood
    from tocsin.cli.capture.recording import Given, Recording
    from tocsin.cli.capture.streams import open_streams
    from tocsin.ground.secrets import redaction_key

    given = Given(project, environment, configuration, plan, policies, cost)
    key = redaction_key(address) if address else secrets.token_bytes(32)  # equal secrets look equal at the server
    try:
        recording, streams = Recording(understood(argv, Path.cwd()), given, key), open_streams()
    except OSError as error:
        refuse(f"can't record what is run here: {error.strerror}; is there room, and does this folder exist?")
    if address:
        return _send(recording, streams, timeout, address, quiet=quiet)
    return _report(recording, streams, timeout, quiet=quiet)


def _send(recording: Recording, streams: Streams, timeout: float | None, address: str, *, quiet: bool) -> int:
    """Runs, keeps, sends."""
    from tocsin.cli.capture.fitting import packed
    from tocsin.cli.capture.running import CannotStart
    from tocsin.cli.capture.running import run as run_command
    from tocsin.cli.capture.sending import send_all
    from tocsin.cli.capture.witness import Witness

    spool, held = _begun(recording, address)

    def keep(exit_code: int | None, interrupted: str) -> None:
        try:
            spool.keep(recording.run, packed(recording.ended(streams.log(), exit_code, interrupted)))
            spool.unmark(recording.run)
        except OSError as error:  # what was run has ended all the same, and its exit status counts
            click.echo(f"tocsin: can't keep the record in {spool.folder}: {error.strerror}", err=True)

    def abandoned() -> None:
        keep(None, "")
        send_all(spool, address)

    witness = Witness(streams, abandoned)
    try:
        with held:
            ended = run_command(recording.command.argv, streams, witness, timeout)
            keep(ended.status, ended.interrupted)
    except CannotStart as error:
        spool.unmark(recording.run)
        click.echo(f"tocsin: {error}", err=True)
        return error.status
    finally:
        witness.dismiss()
    _tell(send_all(spool, address), recording.run, quiet=quiet)
    return ended.status


def _begun(recording: Recording, address: str) -> tuple[Spool, IO[bytes]]:
    """The spool with a mark that this run goes on."""
    from tocsin.deployments.document import pack

    spool = _spool(address)
    try:
        return spool, spool.mark(recording.run, pack(recording.begun()))
    except OSError as error:
        _refuse_folder(spool.folder, error)


def _spool(address: str) -> Spool:
    """What waits for this address; runs that nobody saw the end of wait from now on."""
    from tocsin.cli.capture.spool import Spool, default_folder

    folder = default_folder() / hashlib.sha256(address.encode()).hexdigest()[:16]
    try:
        spool = Spool(folder)
        for run, begun in list(spool.abandoned()):
            spool.keep(run, begun)
            spool.unmark(run)
    except OSError as error:
        _refuse_folder(folder, error)
    return spool


def _refuse_folder(folder: Path, error: OSError) -> NoReturn:
    refuse(f"can't keep records in {folder}: {error.strerror}; set XDG_STATE_HOME to a folder that can be written")


def _tell(results: list[Sent], run: str, *, quiet: bool) -> None:
    for sent in results:
        if not sent.taken:
            later = "" if ".refused" in sent.path.name else f" and {_LATER}"
            click.echo(f"tocsin: not sent: {plain(sent.told)}. It is kept in {sent.path}{later}.", err=True)
        elif not quiet and sent.path.name.startswith(run):
            click.echo(f"tocsin: recorded, {plain(sent.told)}", err=True)


def _send_waiting(*, address_file: Path | None, plain_http: bool, quiet: bool, **_: object) -> int:
    """Sends what waits for any of the addresses; exit status 1 where something goes on waiting."""
    from tocsin.cli.capture.sending import send_all

    addresses = read_addresses(address_file, plain_http=plain_http)
    if not addresses:
        refuse(f"where to? ${VARIABLE} or --address-file holds what `tocsin source add deployment` showed")
    left = 0
    for address in dict.fromkeys(addresses.values()):
        spool = _spool(address)
        results = send_all(spool, address)
        _tell(results, "", quiet=quiet)
        if not results and not quiet:
            click.echo(f"tocsin: nothing waits in {spool.folder}", err=True)
        left += len(spool.waiting())
    return 1 if left else 0


def _report(recording: Recording, streams: Streams, timeout: float | None, *, quiet: bool) -> int:
    """Runs, and where it failed says why, right here."""
    from tocsin.cli.capture.running import CannotStart
    from tocsin.cli.capture.running import run as run_command
    from tocsin.cli.capture.witness import Witness

    # Without a server there is nobody to tell; the command ends well all the same.
    witness = Witness(streams, lambda: None)
    try:
        ended = run_command(recording.command.argv, streams, witness, timeout)
    except CannotStart as error:
        click.echo(f"tocsin: {error}", err=True)
        return error.status
    finally:
        witness.dismiss()
    if ended.status != 0 and not quiet:
        _explain(recording.ended(streams.log(), ended.status, ended.interrupted))
    return ended.status


def _explain(document: Document) -> None:
    from time import monotonic

    import msgspec

    from tocsin.cli.rendering.text import render_text
    from tocsin.investigation.diagnosis import diagnose, parse_snapshot

    section = document.deployment
    snapshot = {"format": "tocsin-snapshot/1", "captured_at": section.finished_at, "deployment": section}
    report = diagnose(parse_snapshot(msgspec.json.encode(snapshot)), clock=monotonic)
    width = min(100, shutil.get_terminal_size((88, 24)).columns)
    click.echo(f"\n{render_text(report, width=width, colour=sys.stderr.isatty())}", err=True)
