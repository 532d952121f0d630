"""`tocsin status-page`: what outsiders read, from a terminal, over the server's API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from tocsin.cli.admin import OUTPUT, refuse, tell
from tocsin.cli.remote import call, the_login
from tocsin.ground.plain import clipped, plain

PROJECT = click.option("--project", metavar="SLUG", help="This project's own page. Default: the installation's.")
COMPONENT = click.argument("component", metavar="COMPONENT")
SERVICES = click.option(
    "--service",
    "services",
    multiple=True,
    metavar="PROJECT/SLUG",
    help="Its trouble is the component's trouble; several times. Never shown.",
)
TIME = click.DateTime(["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%MZ"])
# What the API takes back of a page that it gave.
_LAID = ("title", "about", "is_public", "components", "version")


@click.group()
def status_page() -> None:
    """Set up what outsiders read, on the server you are logged in to. COMPONENT is a name, or an id from `show`."""


@status_page.command("show")
@PROJECT
@OUTPUT
def show(project: str | None, output: str) -> None:
    """Show the page: where it is, whether it is public, its components, and maintenance that is not over."""
    page = _page(project)
    lines = [f"{plain(page['title'])}: {'public' if page['is_public'] else 'not public'}, {page['address']}"]
    lines += [plain(line) for line in page["about"].splitlines()]
    lines += [_component(each) for each in page["components"]] or ["There is no component yet."]
    lines += [_work(each) for each in page["maintenance"]]
    click.echo(json.dumps(page) if output == "json" else "\n".join(lines))


@status_page.command("describe")
@click.option("--title", help="What the page is called.")
@click.option("--about", help="A sentence below it.")
@PROJECT
@OUTPUT
def describe(title: str | None, about: str | None, project: str | None, output: str) -> None:
    """Give the page another title, or another sentence below it."""
    said = {name: text for name, text in (("title", title), ("about", about)) if text is not None}
    if not said:
        refuse("say --title, --about or both")
    page = _lay(project, _page(project) | said)
    tell(output, f"It is called “{plain(page['title'])}”.", **page)


@status_page.command("publish")
@PROJECT
@OUTPUT
def publish(project: str | None, output: str) -> None:
    """Show the page to everybody."""
    page = _lay(project, _page(project) | {"is_public": True})
    tell(output, f"Everybody can read {page['address']}", **page)


@status_page.command("hide")
@PROJECT
@OUTPUT
def hide(project: str | None, output: str) -> None:
    """Show the page to nobody any more."""
    page = _lay(project, _page(project) | {"is_public": False})
    tell(output, f"Nobody can read {page['address']} any more.", **page)


@status_page.command("add")
@click.argument("name")
@click.option("--description", default="", help="A line below its name.")
@click.option("--group", default="", help="Under which heading it stands.")
@SERVICES
@PROJECT
@OUTPUT
def add(name: str, description: str, group: str, services: tuple[str, ...], project: str | None, output: str) -> None:
    """Add the component NAME, as the last one."""
    page = _page(project)
    made = {"name": name, "description": description, "group": group, "services": services}
    laid = _lay(project, page | {"components": [*page["components"], made]})
    tell(output, f"Added {_component(laid['components'][-1]).strip()}", **laid)


@status_page.command("edit")
@COMPONENT
@click.option("--name")
@click.option("--description", help="A line below its name.")
@click.option("--group", help="Under which heading it stands; empty: under none.")
@SERVICES
@click.option("--no-services", is_flag=True, help="No service's trouble is its trouble.")
@PROJECT
@OUTPUT
def edit(
    component: str,
    name: str | None,
    description: str | None,
    group: str | None,
    services: tuple[str, ...],
    no_services: bool,
    project: str | None,
    output: str,
) -> None:
    """Change what is given of COMPONENT; --service names all of its services anew."""
    page = _page(project)
    chosen = services if services or no_services else None
    given = {"name": name, "description": description, "group": group, "services": chosen}
    place = _place(page, component)
    page["components"][place] |= {what: value for what, value in given.items() if value is not None}
    laid = _lay(project, page)
    tell(output, f"Now {_component(laid['components'][place]).strip()}", **laid)


@status_page.command("move")
@COMPONENT
@click.argument("place", type=click.IntRange(1))
@PROJECT
@OUTPUT
def move(component: str, place: int, project: str | None, output: str) -> None:
    """Put COMPONENT at PLACE, counted from 1."""
    page = _page(project)
    moved = page["components"].pop(_place(page, component))
    page["components"].insert(place - 1, moved)
    laid = _lay(project, page)
    tell(output, "\n".join(map(_component, laid["components"])), **laid)


@status_page.command("remove")
@COMPONENT
@PROJECT
@OUTPUT
def remove(component: str, project: str | None, output: str) -> None:
    """Take COMPONENT away, with what was said of it."""
    page = _page(project)
    gone = page["components"].pop(_place(page, component))
    tell(output, f"Removed {plain(gone['name'])}.", **_lay(project, page))


@status_page.command("announce")
@click.argument("title")
@click.option(
    "--from", "start", type=TIME, required=True, metavar="TIME", help="With its offset: 2026-03-31T22:00+02:00."
)
@click.option("--to", "end", type=TIME, required=True, metavar="TIME", help="With its offset.")
@click.option("--text", default="", help="What outsiders notice of it.")
@click.option("--component", "components", multiple=True, metavar="COMPONENT", help="That it is about; several times.")
@PROJECT
@OUTPUT
def announce(
    title: str, start: datetime, end: datetime, text: str, components: Sequence[str], project: str | None, output: str
) -> None:
    """Announce maintenance called TITLE."""
    page = _page(project) if components else {}
    about = [page["components"][_place(page, each)]["id"] for each in components]
    times = {"starts_at": start.isoformat(), "ends_at": end.isoformat()}
    body = {"title": title, "text": text, "components": about, **times}
    made = call(the_login(), "POST", f"{_path(project)}/maintenance", body)
    tell(output, f"Announced {_work(made)}", **made)


@status_page.command("end")
@click.argument("maintenance", type=click.IntRange(1))
@PROJECT
@OUTPUT
def end(maintenance: int, project: str | None, output: str) -> None:
    """End MAINTENANCE, a number from `show`, now; or call it off, where it has not begun."""
    call(the_login(), "DELETE", f"{_path(project)}/maintenance/{maintenance}")
    tell(output, f"Maintenance {maintenance} is over.", id=maintenance)


def _path(project: str | None) -> str:
    return "/settings/status-page" if project is None else f"/projects/{project}/status-page"


def _page(project: str | None) -> dict[str, Any]:
    return call(the_login(), "GET", _path(project))


def _lay(project: str | None, page: dict[str, Any]) -> dict[str, Any]:
    """Sets the page up as it is given; refused by the server where somebody was faster."""
    return call(the_login(), "PUT", _path(project), {name: page[name] for name in _LAID})


def _place(page: dict[str, Any], component: str) -> int:
    """Where a component stands that is said by name or id; ends the command where it is none, or one of several."""
    found = [at for at, each in enumerate(page["components"]) if component in {each["name"], str(each["id"])}]
    if len(found) > 1:
        refuse(
            f"{len(found)} components are called “{plain(component)}”; say the id that `tocsin status-page show` shows"
        )
    return found[0] if found else refuse(f"there is no component “{plain(component)}”; see `tocsin status-page show`")


def _component(each: dict[str, Any]) -> str:
    group = f"{plain(each['group'])} / " if each["group"] else ""
    named = clipped(group + plain(each["name"]), 40)
    return f"{each['id']:>4} {named:<40} {clipped(', '.join(map(plain, each['services'])), 80)}".rstrip()


def _work(each: dict[str, Any]) -> str:
    starts, ends = (
        f"{datetime.fromisoformat(each[name]).astimezone(UTC):%Y-%m-%d %H:%M}" for name in ("starts_at", "ends_at")
    )
    return f"maintenance {each['id']}, {starts} to {ends} UTC: {plain(each['title'])}"
