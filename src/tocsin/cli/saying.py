"""`tocsin incident say|confirm|role|times`: what an incident was, from a terminal, over the server's API."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.number import INCIDENT
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import plain

TOPICS = {
    "system": "System",
    "feature": "Feature",
    "users": "Users",
    "business": "Business",
    "data-loss": "Data loss",
    "financial": "Financial loss",
    "share": "Share of requests",
    "region": "Region",
    "detected": "Detected by",
    "cause": "Confirmed cause",
    "trigger": "Trigger",
    "ai": "AI connection",
}
ROLES = {
    "lead": "lead",
    "communications": "communications",
    "technical-lead": "technical lead",
    "on-call": "on-call",
}
_TIME = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"])


@click.command("say")
@INCIDENT
@click.argument("topic", type=click.Choice(list(TOPICS)))
@click.argument("words", nargs=-1)
@click.option("--run", type=click.IntRange(1), help="The number of the run that was the trigger.")
@OUTPUT
def say(number: int, topic: str, words: tuple[str, ...], run: int | None, output: str) -> None:
    """Say of INCIDENT what its impact, cause or trigger was. Without WORDS, what was said is taken back.

    data-loss is yes, no or unknown; detected is alert, customer, engineer, other tool or other; ai is AI-written code,
    speed of AI deploys, unrelated or unknown. More words follow after a colon: "yes: the orders of an hour".
    """
    if run is not None and topic != "trigger":
        refuse("--run is for the trigger: tocsin incident say INC-023 trigger --run 7")
    name = topic.replace("-", "_")
    body: dict[str, object] = {name: " ".join(words)}
    now = call(the_login(), "PATCH", f"/incidents/{number}", body | ({"trigger_run": run} if run is not None else {}))
    said = now["statements"].get(name, {}).get("text", "taken back")
    tell(output, f"{now['id']}, {TOPICS[topic].lower()}: {plain(said)}", **now)


@click.command("confirm")
@INCIDENT
@click.option(
    "--hypothesis", "rank", type=click.IntRange(1), default=1, show_default=True, help="Its rank in the report."
)
@OUTPUT
def confirm(number: int, rank: int, output: str) -> None:
    """Say that a hypothesis of the newest report on INCIDENT was its cause."""
    now = call(the_login(), "POST", f"/incidents/{number}/cause", {"rank": rank})
    tell(output, f"{now['id']} was caused so: {plain(now['statements']['cause']['text'])}", **now)


@click.command("role")
@INCIDENT
@click.argument("role", type=click.Choice(list(ROLES)))
@click.argument("person", required=False)
@click.option("--note", default="", help="What the next one has to know.")
@OUTPUT
def role(number: int, role: str, person: str | None, note: str, output: str) -> None:
    """Give a role in INCIDENT to PERSON; without one, to nobody."""
    body = {"role": ROLES[role], "person": person, "note": note}
    now = call(the_login(), "POST", f"/incidents/{number}/roles", body)
    tell(output, f"{now['id']}, {ROLES[role]}: {plain(now['roles'].get(ROLES[role], 'nobody'))}.", **now)


@click.command("times")
@INCIDENT
@click.option("--started", type=_TIME, help="When it began, in UTC: 2026-03-31T03:15.")
@click.option("--detected", type=_TIME, help="When it was noticed.")
@click.option("--resolved", type=_TIME, help="When it was over.")
@click.option("--reason", required=True, help="Why the record is wrong.")
@OUTPUT
def times(
    number: int,
    started: datetime | None,
    detected: datetime | None,
    resolved: datetime | None,
    reason: str,
    output: str,
) -> None:
    """Correct when INCIDENT began, was noticed or was over."""
    given = {"started_at": started, "detected_at": detected, "resolved_at": resolved}
    body = {name: at.replace(tzinfo=UTC).isoformat() for name, at in given.items() if at is not None}
    if not body:
        refuse("say which: --started, --detected or --resolved")
    now = call(the_login(), "PATCH", f"/incidents/{number}", body | {"reason": reason})
    tell(output, f"{now['id']} has its times corrected.", **now)
