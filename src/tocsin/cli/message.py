"""`tocsin message`: what was said to whom, and what came of it, from a terminal, over the server's API."""

from __future__ import annotations

import json
from typing import Any

import click

from tocsin.cli.admin import OUTPUT
from tocsin.cli.number import OF_INCIDENT
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain

STATES = ["waiting", "claimed", "sent", "failed", "given up", "suppressed"]


@click.group()
def message() -> None:
    """Look at what was said to whom, on the server you are logged in to."""


@message.command("list")
@click.option("--state", type=click.Choice(STATES), help="How far they are.")
@OF_INCIDENT
@click.option("--channel", type=int, help="Through this one, by its number.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@click.option("--cursor", help="Where the page before ended: its “next”.")
@OUTPUT
def list_(
    state: str | None, incident: int | None, channel: int | None, limit: int, cursor: str | None, output: str
) -> None:
    """Show messages, newest first, also those that were not sent, and why."""
    asked = {"state": state, "incident": incident, "channel": channel, "limit": limit, "cursor": cursor}
    found = call(the_login(), "GET", "/messages", **asked)
    lines = [_line(row) for row in found["items"]]
    click.echo(json.dumps(found) if output == "json" else "\n".join(lines) or "No such messages.")


@message.command("show")
@click.argument("number", type=int)
@OUTPUT
def show(number: int, output: str) -> None:
    """Show what message NUMBER says, and what each try came to."""
    row = call(the_login(), "GET", f"/messages/{number}")
    tries = [
        f"{each['at']:.19} {'taken' if each['is_taken'] else 'refused'}: {plain(each['outcome'])}"
        for each in row["attempts"]
    ]
    text = [plain(line) for line in row["text"].splitlines()]
    click.echo(json.dumps(row) if output == "json" else "\n".join([_line(row), "", *text, "", *tries]))


def _line(row: dict[str, Any]) -> str:
    whom = f"{row['channel']} → {row['person']}" if row["person"] else row["channel"]
    return (
        f"{row['id']:>6} {row['created_at']:.16} {row['state']:<10} {clipped(plain(whom), 28):<28} "
        f"{clipped(plain(row['title']), 60)}: {plain(row['note'] or row['reason'])}"
    )
