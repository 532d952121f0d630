"""`tocsin action`: what is to be done after incidents, from a terminal, over the server's API."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from tocsin.cli.admin import OUTPUT, tell
from tocsin.cli.number import INCIDENT
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain

VIEWS = ["active", "mine", "overdue", "completed", "all"]
KINDS = ["detect", "prevent", "correct"]
HORIZONS = {"now": "now", "sprint": "this sprint", "quarter": "this quarter"}
ACTION = click.argument("name", metavar="ACTION")


@click.group()
def action() -> None:
    """List, open and complete actions of the server you are logged in to."""


@action.command("list")
@click.option("--view", type=click.Choice(VIEWS), default="active", show_default=True)
@click.option("--project", help="Only actions of this project.")
@click.option("--horizon", type=click.Choice(list(HORIZONS)))
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@OUTPUT
def list_actions(view: str, project: str | None, horizon: str | None, limit: int, output: str) -> None:
    """Show actions, newest first."""
    wanted = HORIZONS[horizon] if horizon else None
    found = call(the_login(), "GET", "/actions", view=view, project=project, horizon=wanted, limit=limit)
    if output == "json":
        click.echo(json.dumps(found))
        return
    more = ["There are more: --limit shows them."] if found["next"] else []
    click.echo("\n".join([_line(item) for item in found["items"]] + more) or "No such actions.")


def _line(item: dict[str, Any]) -> str:
    due = f"due {item['due_on']}" if item["due_on"] else "no deadline"
    late = ", overdue" if item["is_overdue"] else ""
    head = f"{item['id']:<18} {item['state']:<11} {clipped(plain(item['owner'] or 'nobody'), 12):<12} {due}{late}"
    return f"{head}\n                   {clipped(plain(item['title']), 100)}"


@action.command("add")
@INCIDENT
@click.argument("title")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What it is good for.")
@click.option("--horizon", type=click.Choice(list(HORIZONS)), default="sprint", show_default=True)
@click.option("--owner", help="A user name.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="Its last day, such as 2026-03-31.")
@click.option("--criteria", default="", help="How to tell that it is done (Markdown).")
@click.option("--description", default="", help="Markdown.")
@OUTPUT
def add(
    number: int,
    title: str,
    kind: str,
    horizon: str,
    owner: str | None,
    due: datetime | None,
    criteria: str,
    description: str,
    output: str,
) -> None:
    """Open an action of INCIDENT: TITLE says what is to be done."""
    body = {
        "incident": number,
        "title": title,
        "kind": kind,
        "horizon": HORIZONS[horizon],
        "owner": owner,
        "due_on": due.date().isoformat() if due else None,
        "criteria": criteria,
        "description": description,
    }
    made = call(the_login(), "POST", "/actions", body)
    tell(output, f"Opened {made['id']}: {plain(made['title'])}", **made)


@action.command("done")
@ACTION
@click.option("--verified", required=True, help="How it was verified.")
@OUTPUT
def done(name: str, verified: str, output: str) -> None:
    """Say that ACTION, such as ACTION-INC023-1, is done."""
    now = call(the_login(), "POST", f"/actions/{name}/state", {"to": "done", "words": verified})
    tell(output, f"{now['id']} is done.", **now)


@action.command("drop")
@ACTION
@click.option("--reason", required=True, help="Why.")
@OUTPUT
def drop(name: str, reason: str, output: str) -> None:
    """Say that ACTION will not be done."""
    now = call(the_login(), "POST", f"/actions/{name}/state", {"to": "dropped", "words": reason})
    tell(output, f"{now['id']} is dropped.", **now)
