"""`tocsin postmortem`: what was learned, from a terminal, over the server's API."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.number import INCIDENT
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain

FOLDER = "TOCSIN_POSTMORTEM_DIR"


@click.group()
def postmortem() -> None:
    """List, read and export postmortems of the server you are logged in to."""


@postmortem.command("list")
@click.option("--view", type=click.Choice(["pending", "in review", "complete"]), default="pending", show_default=True)
@OUTPUT
def list_postmortems(view: str, output: str) -> None:
    """Show postmortems, what is due first before the others."""
    found = call(the_login(), "GET", "/postmortems", view=view)
    if output == "json":
        click.echo(json.dumps(found))
        return
    click.echo("\n".join(_line(item) for item in found["items"]) or f"No postmortem is {view}.")


def _line(item: dict[str, Any]) -> str:
    when = item["completed_at"] or f"due {item['due_at'][:16]}Z{', overdue' if item['is_overdue'] else ''}"
    who = clipped(plain(item["owner"] or "nobody"), 12)
    head = f"{item['id']:<8} {item['state']:<11} {item['need']:<12} {who:<12} {when}"
    return f"{head}\n         {clipped(item['title'], 100)}"


@postmortem.command("show")
@INCIDENT
@OUTPUT
def show(number: int, output: str) -> None:
    """Print the postmortem of INCIDENT as Markdown."""
    found = call(the_login(), "GET", f"/postmortems/{number}/document")
    click.echo(json.dumps(found) if output == "json" else "\n".join(map(plain, found["text"].splitlines())))


@postmortem.command("export")
@INCIDENT
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help=f"Default: {FOLDER}.")
@click.option("--commit", is_flag=True, help="Commit the file to the git repository that the folder is in.")
@OUTPUT
def export(number: int, folder: Path | None, commit: bool, output: str) -> None:
    """Write the postmortem of INCIDENT into a folder as DATE-slug.md."""
    chosen = folder or Path(os.environ.get(FOLDER, ""))
    if chosen == Path():
        refuse(f"say where to write it: --to FOLDER, or set {FOLDER}")
    found = call(the_login(), "GET", f"/postmortems/{number}/document")
    path = chosen / Path(found["file_name"]).name
    try:
        chosen.mkdir(parents=True, exist_ok=True)
        path.write_text(found["text"], encoding="utf-8")
    except OSError as error:
        refuse(f"{path} can't be written: {error.strerror}")
    if commit:
        _commit(path)
    tell(output, f"Wrote {path}" + (" and committed it." if commit else "."), path=str(path), committed=commit)


def _commit(path: Path) -> None:
    """Commits this one file, whatever else is staged there."""
    message = f"Add postmortem {path.stem}"
    for argv in (["add", "--", path.name], ["commit", "--quiet", "-m", message, "--", path.name]):
        try:
            done = subprocess.run(["git", *argv], cwd=path.parent, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            refuse("there is no git here; the file is written, and not committed")
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            refuse(f"the file is written, and git does not commit it: {plain(said[-1] if said else 'it says nothing')}")
