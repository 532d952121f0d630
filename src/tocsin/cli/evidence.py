"""`tocsin incident evidence`: what speaks for a cause, attached to an incident from a terminal."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.number import INCIDENT
from tocsin.cli.remote import call, the_login, upload
from tocsin.ground.plain import clipped, plain

EXCERPTS = ["metric", "log", "trace"]
# A screenshot has 5 MB at most: what is more is refused without being sent.
_MOST_BYTES = 5 * 1024 * 1024
_CAPTION = click.option("--caption", default="", help="What it shows.")
_FILE = click.argument("file", type=click.File("rb"))


@click.group()
def evidence() -> None:
    """Attach evidence to incidents, and list it."""


@evidence.command("list")
@INCIDENT
@OUTPUT
def list_evidence(number: int, output: str) -> None:
    """Show what people attached to INCIDENT."""
    found = call(the_login(), "GET", f"/incidents/{number}/evidence")
    if output == "json":
        click.echo(json.dumps(found))
        return
    click.echo("\n".join(_line(item) for item in found["items"]) or "Nobody has attached anything.")


def _line(item: dict[str, Any]) -> str:
    said = item["caption"] or item["url"] or item["text"].partition("\n")[0]
    return f"{item['number']:>3}  {item['kind']:<10}  {clipped(plain(item['added_by']), 12):<12}  {clipped(plain(said), 90)}"


@evidence.command("link")
@INCIDENT
@click.argument("url")
@_CAPTION
@OUTPUT
def link(number: int, url: str, caption: str, output: str) -> None:
    """Attach the address of a dashboard, a ticket, a query."""
    _attach(number, {"kind": "link", "url": url, "caption": caption}, output)


@evidence.command("add")
@INCIDENT
@click.argument("kind", type=click.Choice(EXCERPTS))
@_FILE
@_CAPTION
@click.option("--from", "url", default="", help="Where it is from: an address.")
@OUTPUT
def add(number: int, kind: str, file: BinaryIO, caption: str, url: str, output: str) -> None:
    """Attach an excerpt: what stands in FILE, or comes in on standard input where that is -."""
    text = file.read(_MOST_BYTES).decode("utf-8", "replace")
    _attach(number, {"kind": kind, "text": text, "url": url, "caption": caption}, output)


@evidence.command("screenshot")
@INCIDENT
@_FILE
@_CAPTION
@OUTPUT
def screenshot(number: int, file: BinaryIO, caption: str, output: str) -> None:
    """Attach a screenshot: a PNG, JPEG, WebP or GIF of 5 MB at most."""
    content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        refuse("the picture has more than 5 MB: cut out what matters")
    made = upload(the_login(), f"/incidents/{number}/evidence/screenshots", content, caption=caption)
    tell(output, f"Attached as evidence {made['number']}.", **made)


def _attach(number: int, body: dict[str, str], output: str) -> None:
    made = call(the_login(), "POST", f"/incidents/{number}/evidence", body)
    tell(output, f"Attached as evidence {made['number']}.", **made)
