"""`tocsin incident similar`: what was like an incident before, and what ended it."""

from __future__ import annotations

import json
from typing import Any

import click

from tocsin.cli.admin import OUTPUT
from tocsin.cli.number import INCIDENT
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain


@click.command("similar")
@INCIDENT
@OUTPUT
def similar(number: int, output: str) -> None:
    """Show incidents before that were like INCIDENT, and what ended them."""
    found = call(the_login(), "GET", f"/incidents/{number}/similar")
    if output == "json":
        click.echo(json.dumps(found))
        return
    click.echo("\n".join(line for one in found["items"] for line in _lines(one)) or "None before was like it.")


def _lines(one: dict[str, Any]) -> list[str]:
    head = f"{one['id']:<8} {one['status']:<13} {clipped(plain(one['title']), 80)}"
    told = {"because": ", ".join(one["why"]), "it was": one["was"], "ended by": one["ended_by"]}
    return [head] + [f"         {name}: {clipped(plain(text), 100)}" for name, text in told.items() if text]
