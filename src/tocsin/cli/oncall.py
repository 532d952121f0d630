"""`tocsin oncall`: who carries the pager, from a terminal, over the server's API."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain

SCHEDULE = click.argument("schedule")
WALL = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])


@click.group()
def oncall() -> None:
    """Say who carries the pager, and change it for a while, on the server you are logged in to."""


@oncall.command("who")
@click.argument("schedule", required=False)
@click.option("--at", metavar="TIME", help="An instant with its offset, such as 2026-03-02T09:00+01:00. Default: now.")
@OUTPUT
def who(schedule: str | None, at: str | None, output: str) -> None:
    """Show who is on call on SCHEDULE, or on all of them."""
    if schedule is None:
        if at is not None:
            refuse("--at needs a schedule; `tocsin oncall who` without one shows all, as they are now")
        found = call(the_login(), "GET", "/schedules")
        lines = [f"{clipped(plain(row['slug']), 24):<24} {_duties(row['on_call'])}" for row in found["items"]]
        click.echo(json.dumps(found) if output == "json" else "\n".join(lines) or "There is no schedule.")
        return
    found = call(the_login(), "GET", f"/schedules/{schedule}/oncall", at=at)
    click.echo(json.dumps(found) if output == "json" else _duties(found, with_reasons=True))


@oncall.command("shifts")
@SCHEDULE
@click.option("--from", "start", metavar="TIME", help="An instant with its offset. Default: now.")
@click.option("--to", "end", metavar="TIME", help="An instant with its offset. Default: two weeks later.")
@OUTPUT
def shifts(schedule: str, start: str | None, end: str | None, output: str) -> None:
    """Show the shifts of SCHEDULE, and the gaps between them, in UTC."""
    found = call(the_login(), "GET", f"/schedules/{schedule}/shifts", start=start, end=end)
    lines = [
        f"{each['starts_at']:.16} {each['ends_at']:.16}  {clipped(plain(each['person'] or 'NOBODY'), 16):<16} "
        f"{plain(each['reason'])}"
        for each in found["items"]
    ]
    click.echo(json.dumps(found) if output == "json" else "\n".join(lines))


@oncall.command("show")
@SCHEDULE
def show(schedule: str) -> None:
    """Write SCHEDULE as JSON, as `tocsin oncall apply` takes it."""
    found = call(the_login(), "GET", f"/schedules/{schedule}")
    told = {name: found[name] for name in ("name", "description", "zone", "version")}
    click.echo(json.dumps(told | {"layers": found["definition"]["layers"]}, indent=2, ensure_ascii=False))


@oncall.command("apply")
@click.argument("file", type=click.File())
@click.option("--schedule", help="Edit this one; without it, a new one is made.")
@OUTPUT
def apply(file: Any, schedule: str | None, output: str) -> None:
    """Make or edit a schedule from FILE (JSON, - for standard input); an edit of an older version is refused."""
    try:
        body = json.load(file)
    except (ValueError, UnicodeDecodeError) as error:
        refuse(f"{file.name} is no JSON: {error}")
    if not isinstance(body, dict):
        refuse(f"{file.name} holds no schedule; `tocsin oncall show SCHEDULE` writes one")
    if schedule is None:
        body.pop("version", None)
        made = call(the_login(), "POST", "/schedules", body)
    else:
        made = call(the_login(), "PUT", f"/schedules/{schedule}", body)
    tell(output, f"{plain(made['slug'])} is at version {made['version']}: {_duties(made['on_call'])}", **made)


@oncall.command("override")
@SCHEDULE
@click.option("--person", default="", help="Who comes in.")
@click.option("--instead-of", default="", help="Who goes out. Without it, --person takes over from everybody.")
@click.option("--as-well", is_flag=True, help="--person comes in besides whoever is on call.")
@click.option("--from", "start", type=WALL, required=True, metavar="TIME", help="By --zone: 2026-03-02T09:00.")
@click.option("--to", "end", type=WALL, required=True, metavar="TIME", help="By --zone.")
@click.option("--zone", help="The IANA time zone whose clock counts. Default: the schedule's.")
@click.option("--reason", default="", help="Others see it.")
@OUTPUT
def override(
    schedule: str,
    person: str,
    instead_of: str,
    as_well: bool,
    start: datetime,
    end: datetime,
    zone: str | None,
    reason: str,
    output: str,
) -> None:
    """Change who is on call on SCHEDULE for a while."""
    body = {
        "kind": "add" if as_well else "replace" if person else "remove",
        "starts": f"{start:%Y-%m-%dT%H:%M}",
        "ends": f"{end:%Y-%m-%dT%H:%M}",
        "zone": zone or call(the_login(), "GET", f"/schedules/{schedule}")["zone"],
        "person": person,
        "instead_of": instead_of,
        "reason": reason,
    }
    made = call(the_login(), "POST", f"/schedules/{schedule}/overrides", body)
    tell(output, f"Override {made['id']}: {plain(made['says'])}.", **made)


def _duties(found: dict[str, Any], *, with_reasons: bool = False) -> str:
    """Who is on call, for people; why nobody is, where nobody is."""
    if not found["duties"]:
        return f"NOBODY: {plain(found['reason'])}"
    told = (f"{duty['person']}: {duty['reason']}" if with_reasons else duty["person"] for duty in found["duties"])
    return ("\n" if with_reasons else ", ").join(map(plain, told))
