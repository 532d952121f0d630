"""`tocsin health`: how each part of the server does, over its API."""

from __future__ import annotations

import json

import click

from tocsin.cli.admin import OUTPUT
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import plain


@click.command()
@OUTPUT
def health(output: str) -> None:
    """Show how each part of the server does, the worst first; ends with status 1 where one fails."""
    found = call(the_login(), "GET", "/health")
    if output == "json":
        click.echo(json.dumps(found))
    else:
        for sign in found["items"]:
            since = f" (since {sign['since']:.16})" if sign["since"] and sign["standing"] != "well" else ""
            click.echo(f"{sign['standing']:<9} {plain(sign['title'])}: {plain(sign['said'])}{since}")
            if sign["advice"]:
                click.echo(f"{'':<9} {plain(sign['advice'])}")
    if found["standing"] == "failing":
        raise SystemExit(1)
