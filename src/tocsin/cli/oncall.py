"""`tocsin oncall`: who carries the pager, from a terminal, over the server's API."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.instant import INSTANT
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain

SCHEDULE = click.argument("schedule")
NUMBER = click.argument("number", type=click.IntRange(1, 2**63 - 1))
WALL = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])


@click.group()
def oncall() -> None:
    """Say who carries the pager, and change it for a while, on the server you are logged in to."""


@oncall.command("who")
@click.argument("schedule", required=False)
@click.option(
    "--at", type=INSTANT, metavar="TIME", help="With its offset, such as 2026-03-02T09:00+01:00. Default: now."
)
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
@click.option("--from", "start", type=INSTANT, metavar="TIME", help="With its offset. Default: now.")
@click.option("--to", "end", type=INSTANT, metavar="TIME", help="With its offset. Default: two weeks later.")
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
        **_times(start, end),
        "zone": zone or _zone_of(schedule),
        "person": person,
        "instead_of": instead_of,
        "reason": reason,
    }
    made = call(the_login(), "POST", f"/schedules/{schedule}/overrides", body)
    tell(output, f"Override {made['id']}: {plain(made['says'])}.", **made)


@oncall.command("swap")
@SCHEDULE
@click.option("--from", "start", type=WALL, required=True, metavar="TIME", help="By --zone: 2026-03-02T09:00.")
@click.option("--to", "end", type=WALL, required=True, metavar="TIME", help="By --zone.")
@click.option("--of", "person", help="Whom you ask. Default: anybody.")
@click.option("--return-from", type=WALL, metavar="TIME", help="From when you take over theirs in return, by --zone.")
@click.option("--return-to", type=WALL, metavar="TIME", help="Until when, by --zone.")
@click.option("--zone", help="The IANA time zone whose clock counts. Default: the schedule's.")
@click.option("--reason", default="", help="Others see it.")
@OUTPUT
def swap(
    schedule: str,
    start: datetime,
    end: datetime,
    person: str | None,
    return_from: datetime | None,
    return_to: datetime | None,
    zone: str | None,
    reason: str,
    output: str,
) -> None:
    """Ask for somebody to take over a shift of yours on SCHEDULE, until the first of the shifts begins."""
    if (return_from is None) != (return_to is None):
        refuse("give both --return-from and --return-to, or neither")
    body: dict[str, Any] = {**_times(start, end), "zone": zone or _zone_of(schedule), "of": person, "reason": reason}
    if return_from and return_to:
        body["in_return"] = _times(return_from, return_to)
    made = call(the_login(), "POST", f"/schedules/{schedule}/swaps", body)
    tell(output, f"Swap {made['id']}: {_asked(made)}.", **made)


@oncall.command("swaps")
@OUTPUT
def swaps(output: str) -> None:
    """Show the swaps that are asked for, on all schedules that you see."""
    found = call(the_login(), "GET", "/swaps")
    lines = [f"{each['id']:>6}  {plain(each['schedule'])}: {_asked(each)} ({each['state']})" for each in found["items"]]
    click.echo(json.dumps(found) if output == "json" else "\n".join(lines) or "Nobody asks for a swap.")


@oncall.command("answer")
@NUMBER
@click.argument("do", type=click.Choice(["accept", "decline", "withdraw"]))
@OUTPUT
def answer(number: int, do: str, output: str) -> None:
    """Answer swap NUMBER, as `tocsin oncall swaps` lists it; `withdraw` takes back what you asked."""
    found = call(the_login(), "POST", f"/swaps/{number}", {"do": do})
    tell(output, f"Swap {number} is {found['state']}: {_asked(found)}.", **found)


def _asked(found: dict[str, Any]) -> str:
    """What is asked of whom, for people."""
    back = found["in_return"]
    whom, shift = found["asked_of"] or "anybody", f"{found['starts']} to {found['ends']}"
    theirs = f", in return for {back['starts']} to {back['ends']}" if back else ""
    return plain(f"{found['asked_by']} asks {whom} to take over {shift}{theirs}, {found['zone']}")


def _times(start: datetime, end: datetime) -> dict[str, str]:
    return {"starts": f"{start:%Y-%m-%dT%H:%M}", "ends": f"{end:%Y-%m-%dT%H:%M}"}


def _zone_of(schedule: str) -> str:
    zone: str = call(the_login(), "GET", f"/schedules/{schedule}")["zone"]
    return zone


def _duties(found: dict[str, Any], *, with_reasons: bool = False) -> str:
    """Who is on call, for people; why nobody is, where nobody is."""
    if not found["duties"]:
        return f"NOBODY: {plain(found['reason'])}"
    told = (f"{duty['person']}: {duty['reason']}" if with_reasons else duty["person"] for duty in found["duties"])
    return ("\n" if with_reasons else ", ").join(map(plain, told))
