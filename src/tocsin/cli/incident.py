"""`tocsin incident`: what people do with incidents, from a terminal, over the server's API."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.evidence import evidence
from tocsin.cli.number import INCIDENT, INTO
from tocsin.cli.remote import call, the_login
from tocsin.cli.saying import TOPICS, confirm, role, say, times
from tocsin.cli.similar import similar
from tocsin.cli.updates import checklist, update, updates
from tocsin.ground.plain import clipped, plain

SAID = "critical, high, medium or low; or as your server says it: P2, SEV2."
RESOLUTIONS = {
    "fixed": "fixed",
    "recovered": "recovered by itself",
    "false-alarm": "false alarm",
    "duplicate": "duplicate",
}
# Those that need no more to be said.
STAGES = ["investigating", "mitigating", "closed"]
VIEWS = ["active", "analyzing", "open", "resolved", "postmortem-pending", "closed", "all"]
_LINES = 20
# What the list says of an incident whose cause has no words: the outcome of its investigation, else how far that is.
_SO_FAR = {
    "healthy": "healthy: nothing is wrong",
    "inconclusive": "no cause found",
    "pending": "not looked into yet",
    "running": "being investigated",
    "complete": "no cause found",
    "failed": "could not be investigated",
}


@click.group()
def incident() -> None:
    """List, declare and work on incidents of the server you are logged in to."""


incident.add_command(evidence)
incident.add_command(similar)
incident.add_command(update)
incident.add_command(updates)
incident.add_command(checklist)
for command in (say, confirm, role, times):
    incident.add_command(command)


@incident.command("list")
@click.argument("search", nargs=-1)
@click.option("--view", type=click.Choice(VIEWS), help="Where they stand; active where nothing else is said.")
@click.option("--severity", metavar="SEVERITY", help=SAID)
@click.option("--project", help="Only incidents of this project.")
@click.option("--mine", is_flag=True, help="Only those that are yours.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@OUTPUT
def list_incidents(
    search: tuple[str, ...],
    view: str | None,
    severity: str | None,
    project: str | None,
    mine: bool,
    limit: int,
    output: str,
) -> None:
    """Show incidents, newest first; those that match a SEARCH, best first.

    A search is of words and filters, as on the page: timeout OR deadlock, status:mitigating, service:cart, is:all.
    """
    login = the_login()
    asked = {"view": view, "severity": severity, "project": project, "assignee": "me" if mine else None}
    found = call(login, "GET", "/incidents", q=" ".join(search) or None, limit=limit, **asked)
    if output == "json":
        click.echo(json.dumps(found))
        return
    lines = [_line(item) for item in found["items"]]
    more = ["There are more: --limit shows them."] if found["next"] else []
    click.echo("\n".join(lines + more) or _none(view, is_search=bool(search)))


def _none(view: str | None, *, is_search: bool) -> str:
    if is_search:
        return "No such incidents."
    return "No incidents." if view == "all" else f"No {view or 'active'} incidents."


def _line(item: dict[str, Any]) -> str:
    who = plain(item["assignee"] or "nobody")
    where = f"{item['project']}/{item['environment']}"
    cause = item["cause"] or {}
    about = plain(cause.get("summary") or _SO_FAR.get(cause.get("outcome", "")) or _SO_FAR[item["analysis"]])
    head = f"{item['id']:<8} {item['severity_shown']:<8} {item['status']:<13} {clipped(where, 24):<24} {clipped(who, 12):<12}"
    return f"{head} {clipped(item['title'], 70)}\n         {clipped(about, 110)}"


@incident.command("show")
@INCIDENT
@OUTPUT
def show(number: int, output: str) -> None:
    """Show INCIDENT with the newest lines of its timeline."""
    login = the_login()
    found = call(login, "GET", f"/incidents/{number}")
    lines = call(login, "GET", f"/incidents/{number}/timeline", limit=_LINES)["items"]
    if output == "json":
        click.echo(json.dumps(found | {"timeline": lines}))
        return
    cause = found["cause"]
    said = "not known yet" if not cause else cause["summary"] or cause["outcome"]
    if cause and cause["confidence"] is not None:
        said = f"{said} ({cause['confidence']:.0%})"
    facts = {
        "Severity": f"{found['severity_shown']}, because {found['severity_reason'] or 'nobody said why'}",
        "Status": found["status"] + (f" ({found['resolution']})" if found["resolution"] else ""),
        "Where": f"{found['project']}/{found['environment']}",
        "Since": found["triggered_at"],
        "Who": found["assignee"] or "nobody",
        "Cause": said,
        **{role.capitalize(): person for role, person in found["roles"].items()},
        **{label: _said(found, topic) for topic, label in TOPICS.items() if _said(found, topic)},
    }
    width = max(map(len, facts))
    click.echo(f"{found['id']}  {plain(found['title'])}")
    click.echo("\n".join(f"  {name:<{width}} {plain(text)}" for name, text in facts.items()))
    click.echo("\n".join(map(_entry, lines)))


def _entry(line: dict[str, Any]) -> str:
    decided = " decided" if line["kind"] == "decision" else ""
    return f"  {line['at'][:19]}Z  {plain(line['actor'])}{decided}: {plain(line['text'])}"


def _said(found: dict[str, Any], topic: str) -> str:
    kept = found["statements"].get(topic.replace("-", "_"))
    return clipped(kept["text"], 200) if kept else ""


@incident.command("declare")
@click.argument("title")
@click.option("--environment", required=True, metavar="PROJECT/ENVIRONMENT")
@click.option("--severity", metavar="SEVERITY", required=True, help=SAID)
@click.option("--description", default="", help="What is seen, by whom (Markdown).")
@click.option("--assignee", help="A user name.")
@click.option("--service", "services", multiple=True, help="A service that it affects; may be said again.")
@click.option("--alert", "alerts", type=click.IntRange(1), multiple=True, help="An alert's id; may be said again.")
@OUTPUT
def declare(title: str, output: str, services: tuple[str, ...], alerts: tuple[int, ...], **said: str | None) -> None:
    """Open an incident by hand: TITLE says what is broken. Tocsin investigates it like any other."""
    body = {"title": title, "services": list(services), "alerts": list(alerts), **said}
    made = call(the_login(), "POST", "/incidents", body)
    tell(output, f"Declared {made['id']}: {plain(made['title'])}", **made)


@incident.command("ack")
@INCIDENT
@OUTPUT
def acknowledge(number: int, output: str) -> None:
    """Say that somebody is on INCIDENT."""
    known = call(the_login(), "GET", f"/incidents/{number}")
    if known["resolved_at"] is not None:
        refuse(
            f"{known['id']} is {known['status']} already; `tocsin incident reopen` says that it is not over after all"
        )
    _move(number, {"to": "acknowledged"}, output)


@incident.command("stage")
@INCIDENT
@click.argument("stage", type=click.Choice(STAGES))
@OUTPUT
def stage(number: int, stage: str, output: str) -> None:
    """Say that INCIDENT is at another STAGE; `ack`, `resolve` and `reopen` are for the others."""
    _move(number, {"to": stage}, output)


@incident.command("resolve")
@INCIDENT
@click.option("--as", "how", type=click.Choice(list(RESOLUTIONS)), default="fixed", show_default=True)
@click.option("--reason", default="", help="What fixed it.")
@OUTPUT
def resolve(number: int, how: str, reason: str, output: str) -> None:
    """Say that INCIDENT is over."""
    _move(number, {"to": "resolved", "resolution": RESOLUTIONS[how], "reason": reason}, output)


@incident.command("reopen")
@INCIDENT
@click.option("--reason", required=True, help="Why it is not over.")
@OUTPUT
def reopen(number: int, reason: str, output: str) -> None:
    """Say that INCIDENT is not over after all."""
    known = call(the_login(), "GET", f"/incidents/{number}")
    if known["resolved_at"] is None:
        refuse(f"{known['id']} is {known['status']}: only what is over can be reopened")
    _move(number, {"to": "investigating", "reason": reason}, output)


def _move(number: int, body: dict[str, str], output: str) -> None:
    now = call(the_login(), "POST", f"/incidents/{number}/status", body)
    tell(output, f"{now['id']} is {now['status']}.", **now)


@incident.command("severity")
@INCIDENT
@click.argument("severity")
@click.option("--note", required=True, help="Why.")
@OUTPUT
def severity(number: int, severity: str, note: str, output: str) -> None:
    """Say how bad INCIDENT is."""
    now = call(the_login(), "POST", f"/incidents/{number}/severity", {"severity": severity, "note": note})
    tell(output, f"{now['id']} is {now['severity_shown']}.", **now)


@incident.command("assign")
@INCIDENT
@click.argument("person", required=False)
@OUTPUT
def assign(number: int, person: str | None, output: str) -> None:
    """Give INCIDENT to PERSON; without one, to nobody."""
    now = call(the_login(), "POST", f"/incidents/{number}/assignee", {"assignee": person})
    tell(output, f"{now['id']} is {plain(now['assignee'] or 'nobody')}'s.", **now)


@incident.command("note")
@INCIDENT
@click.argument("words", nargs=-1)
@click.option("--decision", "is_decision", is_flag=True, help="It was decided so: it stands out on the timeline.")
@OUTPUT
def note(number: int, words: Sequence[str], is_decision: bool, output: str) -> None:
    """Add a note to INCIDENT (Markdown): the WORDS, or what comes in on standard input."""
    text = " ".join(words) if words else sys.stdin.read()
    if not text.strip():
        refuse("the note is empty: say it after the incident, or on standard input")
    made = call(
        the_login(), "POST", f"/incidents/{number}/notes", {"text": text, "kind": "decision" if is_decision else "note"}
    )
    tell(output, "Noted.", **made)


@incident.command("investigate")
@INCIDENT
@OUTPUT
def investigate(number: int, output: str) -> None:
    """Have Tocsin look at INCIDENT again."""
    now = call(the_login(), "POST", f"/incidents/{number}/investigations", {})
    tell(output, f"Tocsin looks at {now['id']} again.", **now)


@incident.command("merge")
@INCIDENT
@INTO
@click.option("--reason", required=True, help="Why they are one: it is remembered.")
@OUTPUT
def merge(number: int, into: int, reason: str, output: str) -> None:
    """Make INCIDENT part of another: it ends as a duplicate, and its alerts go over."""
    now = call(the_login(), "POST", f"/incidents/{number}/merge", {"into": into, "reason": reason})
    tell(output, f"{now['id']} is part of INC-{into:03d} now.", **now)


@incident.command("unmerge")
@INCIDENT
@OUTPUT
def unmerge(number: int, output: str) -> None:
    """Take INCIDENT out of the one that it was merged into; it is open again."""
    now = call(the_login(), "POST", f"/incidents/{number}/unmerge", {})
    tell(output, f"{now['id']} is {now['status']}.", **now)
