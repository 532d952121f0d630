"""`tocsin incident update`, `updates` and `checklist`: telling people of an incident, from a terminal, over the server's API."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.number import INCIDENT
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain

AUDIENCES = {"team": "internal", "outsiders": "external"}
MOMENTS = ["investigating", "identified", "monitoring", "resolved"]
IMPACTS = {"none": "none", "degraded": "degraded", "partial": "partial outage", "major": "major outage"}
_DRAFTED = ("audience", "moment", "headline", "text", "impact", "data_loss", "next_update_at")


@click.command("update")
@INCIDENT
@click.argument("words", nargs=-1)
@click.option("--to", "audience", type=click.Choice(list(AUDIENCES)), required=True, help="Who is told.")
@click.option("--moment", type=click.Choice(MOMENTS), help="Where it stands; what its stage suggests if left out.")
@click.option("--headline", help="What is broken, as they call it; what was said last if left out.")
@click.option("--impact", type=click.Choice(list(IMPACTS)), help="How much of it outsiders notice.")
@click.option("--data-lost", type=click.Choice(["unknown", "no", "yes"]))
@click.option("--next", "promise", metavar="SPAN", help="Within which time the next one follows: 30min, 4h, never.")
@click.option("--draft", "is_draft", is_flag=True, help="Print what Tocsin would say, and send nothing.")
@click.option("--read", "is_read", is_flag=True, help="Send it although it holds what they should not read.")
@OUTPUT
def update(
    number: int,
    words: Sequence[str],
    audience: str,
    moment: str | None,
    headline: str | None,
    impact: str | None,
    data_lost: str | None,
    promise: str | None,
    is_draft: bool,
    is_read: bool,
    output: str,
) -> None:
    """Tell the team, or outsiders, of INCIDENT: the WORDS, or what comes in on standard input.

    For outsiders it is public at once. What is left out is as Tocsin would say it; --draft prints that.
    """
    login = the_login()
    found = call(login, "GET", f"/incidents/{number}/updates/draft", audience=AUDIENCES[audience], moment=moment)
    said = {"headline": headline, "impact": IMPACTS.get(impact or ""), "data_loss": data_lost}
    body = {name: found[name] for name in _DRAFTED} | {name: value for name, value in said.items() if value}
    if promise:
        body["next_update_at"] = _promised(promise)
    if is_draft:
        _show_draft(body, found["findings"], output)
        return
    body["text"] = " ".join(words) if words else sys.stdin.read()
    if not is_read:
        _refuse_findings(call(login, "POST", f"/incidents/{number}/updates/check", body)["items"])
    made = call(login, "POST", f"/incidents/{number}/updates", body | {"is_read": is_read})
    whom = "the team" if audience == "team" else "outsiders"
    tell(output, f"Told {whom}: {plain(made['headline'])} ({made['moment']}).", **made)


def _promised(promise: str) -> str | None:
    from tocsin.incidents.spans import read_span

    try:
        span = None if promise == "never" else read_span(promise)
    except ValueError as error:
        refuse(f"--next: {error}, or never")
    return None if span is None else (datetime.now(UTC) + span + timedelta(seconds=1)).isoformat(timespec="seconds")


def _show_draft(body: dict[str, Any], found: list[dict[str, Any]], output: str) -> None:
    if output == "json":
        click.echo(json.dumps(body | {"findings": found}))
        return
    click.echo(f"{plain(body['headline']) or '(no headline yet: --headline)'}\n")
    click.echo("\n".join(plain(line) for line in body["text"].splitlines()))
    if found:
        click.echo("\nTo be mended before it is sent:\n" + "\n".join(map(_finding, found)), err=True)


def _refuse_findings(found: list[dict[str, Any]]) -> None:
    held = [one for one in found if one["must_be_read"]]
    if held:
        way = "" if any(one["is_barred"] for one in held) else "\nSay it otherwise; --read sends it as it is."
        refuse("not sent: they should not read this\n" + "\n".join(map(_finding, held)) + way)


def _finding(one: dict[str, Any]) -> str:
    return f"  {one['kind']} “{clipped(one['said'], 60)}”: {plain(one['suggestion'])}"


@click.command("updates")
@INCIDENT
@OUTPUT
def updates(number: int, output: str) -> None:
    """Show what was told of INCIDENT, newest first, and by when the next update is due."""
    told = call(the_login(), "GET", f"/incidents/{number}/updates")
    if output == "json":
        click.echo(json.dumps(told))
        return
    due = f"Next update {'was' if told['is_overdue'] else 'is'} due {told['next_due_at'][:16].replace('T', ' ')} UTC."
    lines = [due] if told["next_due_at"] else []
    for one in told["items"]:
        whom = "team" if one["audience"] == "internal" else "outsiders"
        lines.append(f"\nTo {whom}, by {plain(one['sent_by'])}:")
        lines += [plain(line) for line in one["message"].splitlines()]
    click.echo("\n".join(lines).strip() or "Nobody has been told anything yet.")


@click.command("checklist")
@INCIDENT
@click.option("--done", type=click.IntRange(1), help="Tick the item of this number.")
@click.option("--undo", type=click.IntRange(1), help="Take back the tick of the item of this number.")
@OUTPUT
def checklist(number: int, done: int | None, undo: int | None, output: str) -> None:
    """Show the checklist of INCIDENT, or tick an item of it."""
    login, path = the_login(), f"/incidents/{number}/checklist"
    told = call(login, "GET", path)
    for chosen, is_done in ((done, True), (undo, False)):
        if chosen is not None and chosen > len(told["items"]):
            refuse(f"there are {len(told['items'])} items; {chosen} is none")
        if chosen is not None:
            told = call(login, "POST", path, {"item": told["items"][chosen - 1]["item"], "done": is_done})
    if output == "json":
        click.echo(json.dumps(told))
        return
    lines = [_item(index, one) for index, one in enumerate(told["items"], start=1)]
    click.echo("\n".join(lines) or "There is no checklist for this severity.")


def _item(index: int, one: dict[str, Any]) -> str:
    if one["done_at"]:
        when = f"done {one['done_at'][:16].replace('T', ' ')} UTC" + (
            f" by {plain(one['done_by'])}" if one["done_by"] else ""
        )
    else:
        when = one["state"] + (f", due {one['due_at'][:16].replace('T', ' ')} UTC" if one["due_at"] else "")
    return f"{index:>2} [{'x' if one['done_at'] else ' '}] {plain(one['item'])} ({when})"
