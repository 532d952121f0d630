"""`tocsin channel`: who is told what through which channel, from a terminal, over the server's API."""

from __future__ import annotations

import json
from typing import Any

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain

CHANNEL = click.argument("channel", metavar="CHANNEL")


@click.group()
def channel() -> None:
    """Set up the ways out, on the server you are logged in to. CHANNEL is a name, or a number from `tocsin channel list`."""


@channel.command("list")
@OUTPUT
def list_(output: str) -> None:
    """Show every channel with what it hears of."""
    found = call(the_login(), "GET", "/channels")
    lines = [_line(row) for row in found["items"]]
    click.echo(json.dumps(found) if output == "json" else "\n".join(lines) or "Nobody is told of anything yet.")


@channel.command("kinds")
@click.argument("kind", required=False)
@OUTPUT
def kinds(kind: str | None, output: str) -> None:
    """Show which kinds there are; of KIND, what it needs and how to set it up."""
    found = call(the_login(), "GET", "/channels/kinds")["items"]
    if kind is not None:
        found = [each for each in found if each["kind"] == kind] or refuse(
            f"“{plain(kind)}” is no kind of channel; `tocsin channel kinds` lists them"
        )
    if output == "json":
        click.echo(json.dumps({"items": found}))
    elif kind is None:
        click.echo("\n".join(f"{each['kind']:<12} {plain(each['title'])}" for each in found))
    else:
        click.echo(_described(found[0]))


@channel.command("add")
@click.argument("kind")
@click.option("--name", default="", help="What it is called. Default: its kind.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="A setting; several times.")
@click.option(
    "--secret-file",
    "secrets",
    multiple=True,
    nargs=2,
    type=(str, click.File()),
    metavar="FIELD FILE",
    help="A secret setting, from a file (- for standard input): command lines can be read by others.",
)
@click.option(
    "--audience",
    type=click.Choice(["as usual for its kind", "leadership", "a team", "everything", "nothing by itself"]),
    default="as usual for its kind",
    show_default=True,
    help="What it begins with.",
)
@click.option("--project", help="The only project it hears of. Default: all.")
@OUTPUT
def add(
    kind: str,
    name: str,
    settings: tuple[str, ...],
    secrets: tuple[tuple[str, Any], ...],
    audience: str,
    project: str | None,
    output: str,
) -> None:
    """Add a channel of KIND; `tocsin channel kinds KIND` says which settings it needs."""
    given = dict(map(_setting, settings)) | {field: file.read().strip() for field, file in secrets}
    body = {"kind": kind, "name": name, "settings": given, "audience": audience, "project": project}
    made = call(the_login(), "POST", "/channels", body)
    tell(output, f"Added {_line(made)}\nTry it: tocsin channel test {made['id']}", **made)


@channel.command("test")
@CHANNEL
@click.option("--address", default="", help="Of one person, where the channel reaches people.")
@OUTPUT
def test(channel: str, address: str, output: str) -> None:
    """Send a test through CHANNEL at once, and show what its vendor says; exit status 1 if it was not taken."""
    tried = call(the_login(), "POST", f"/channels/{_number(channel)}/test", {"address": address})
    said = tried["attempts"][-1]["outcome"] if tried["attempts"] else tried["note"]
    tell(output, f"{tried['state'].capitalize()}: {plain(said)}", **tried)
    if tried["state"] != "sent":
        raise SystemExit(1)


@channel.command("pause")
@CHANNEL
@click.option("--end", is_flag=True, help="Use it again; what waited goes out.")
@OUTPUT
def pause(channel: str, end: bool, output: str) -> None:
    """Let nothing out through CHANNEL for now; what is to go waits."""
    row = call(the_login(), "PATCH", f"/channels/{_number(channel)}", {"is_paused": not end})
    tell(output, f"{plain(row['name'])} is {'in use again' if end else 'paused'}.", **row)


@channel.command("remove")
@CHANNEL
def remove(channel: str) -> None:
    """Remove CHANNEL; what it was told stays in the delivery log."""
    call(the_login(), "DELETE", f"/channels/{_number(channel)}")
    click.echo("Removed.")


def _number(channel: str) -> int:
    """The number of a channel said by name or number."""
    if channel.isdecimal():
        return int(channel)
    found = [row["id"] for row in call(the_login(), "GET", "/channels")["items"] if row["name"] == channel]
    return int(found[0]) if found else refuse(f"there is no channel “{plain(channel)}”; see `tocsin channel list`")


def _setting(said: str) -> tuple[str, str]:
    field, sign, value = said.partition("=")
    return (field.strip(), value) if sign else refuse(f"--set {plain(said)}: FIELD=VALUE is expected")


def _line(row: dict[str, Any]) -> str:
    heard = [
        "{}: {}".format(" or ".join(rule["severities"]) or "any", ", ".join(rule["kinds"])) for rule in row["rules"]
    ]
    state = " (paused)" if row["paused_at"] else ""
    return f"{row['id']:>4} {row['kind']:<10} {clipped(plain(row['name']), 24):<24} {clipped('; '.join(heard), 100)}{state}"


def _described(kind: dict[str, Any]) -> str:
    fields = [
        f"  {each['name']:<16} {plain(each['label'])}"
        f"{' (secret)' if each['is_secret'] else ''}{'' if each['is_required'] else ' (not needed)'}. {plain(each['hint'])}"
        for each in kind["fields"]
    ]
    steps = [f"  {number}. {plain(step)}" for number, step in enumerate(kind["steps"], 1)]
    return "\n".join([plain(kind["title"]), *fields, *steps])
