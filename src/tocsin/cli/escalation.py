"""`tocsin escalation`: who would be told, who was, and whether all of it went out, over the server's API."""

from __future__ import annotations

import json
from typing import Any

import click

from tocsin.cli.admin import OUTPUT, tell
from tocsin.cli.instant import INSTANT
from tocsin.cli.number import INCIDENT
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain


@click.group()
def escalation() -> None:
    """Say who is told about incidents, and try it out, on the server you are logged in to."""


@escalation.command("list")
@OUTPUT
def list_policies(output: str) -> None:
    """Show the policies, and for what each is chosen."""
    found = call(the_login(), "GET", "/escalation/policies")
    lines = [
        f"{clipped(plain(row['slug']), 24):<24} {plain('; '.join(row['chosen_for']) or 'chosen for nothing yet')}"
        for row in found["items"]
    ]
    click.echo(json.dumps(found) if output == "json" else "\n".join(lines) or "There is no policy.")


@escalation.command("simulate")
@click.argument("project")
@click.option(
    "--severity", type=click.Choice(["critical", "high", "medium", "low"]), default="critical", show_default=True
)
@click.option("--service", help="The service that is affected. Default: any.")
@click.option(
    "--at", type=INSTANT, metavar="TIME", help="With its offset, such as 2026-03-08T03:10+03:00. Default: now."
)
@OUTPUT
def simulate(project: str, severity: str, service: str | None, at: str | None, output: str) -> None:
    """Show who would be told by when, if an incident of PROJECT began and nobody answered."""
    found = call(
        the_login(), "GET", "/escalation/simulation", project=project, severity=severity, service=service, at=at
    )
    if output == "json":
        click.echo(json.dumps(found))
        return
    head = f"{plain(found['policy'])}, {plain(found['reason'])}" if found["policy"] else plain(found["reason"])
    click.echo("\n".join([head, *(line for moment in found["moments"] for line in _moment(moment))]))


@escalation.command("told")
@INCIDENT
@OUTPUT
def told(number: int, output: str) -> None:
    """Show who was told of INCIDENT, newest first, and who is next."""
    found = call(the_login(), "GET", f"/incidents/{number}/escalation")
    if output == "json":
        click.echo(json.dumps(found))
        return
    follows = f": {plain(', '.join(found['next']))} at {found['next_at']:.16}" if found["next"] else ""
    head = plain(found["standing"] or found["nobody"] or "There is no policy: nobody is called by itself.")
    click.echo("\n".join([head + follows, *(line for made in found["calls"] for line in _moment(made))]))


@escalation.command("answer")
@INCIDENT
@OUTPUT
def answer(number: int, output: str) -> None:
    """Say that you have INCIDENT: nobody further is called."""
    found = call(the_login(), "POST", f"/incidents/{number}/answer", {})
    tell(output, f"{found['incident']} is {found['status']}, and you have it.", **found)


@escalation.command("audit")
@OUTPUT
def audit(output: str) -> None:
    """Show what the auditor finds; ends with status 1 where it is silent, or something is wrong."""
    found = call(the_login(), "GET", "/escalation/audit")
    lines = [f"{each['raised_at']:.16}  {plain(each['incident'])}  {plain(each['text'])}" for each in found["alarms"]]
    looked = f"The auditor looked last at {found['audited_at'] or 'no time'}."
    state = looked if found["is_alive"] else f"{looked} It is silent: is a worker running?"
    click.echo(json.dumps(found) if output == "json" else "\n".join([state, *lines]))
    if lines or not found["is_alive"]:
        raise SystemExit(1)


def _moment(moment: dict[str, Any]) -> list[str]:
    """A step in lines: when and which, who is told how, who is not because of what."""
    lines = [f"{moment['at']:.16}  {plain(moment.get('step', ''))}".rstrip()]
    for each in moment["told"]:
        ways = f" by {', '.join(map(plain, each['ways']))}" if each["ways"] else ""
        lines.append(f"    {plain(each['who'])}{ways} ({plain(each['because'])})")
    return [*lines, *(f"    not: {plain(missed)}" for missed in moment["missed"])]
