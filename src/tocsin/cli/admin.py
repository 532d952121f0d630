"""What commands for whoever runs the server share: they work beside a server, or without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from tocsin.catalog.models import Environment

_OURSELVES = {"localhost", "127.0.0.1", "::1"}
KINDS = ["production", "staging", "development", "unknown"]
ROLES = ["viewer", "responder", "manager", "admin"]
ENVIRONMENT = click.argument("environment", metavar="PROJECT/ENVIRONMENT")
OUTPUT = click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)


def refuse(why: str) -> NoReturn:
    """Ends with one line and exit status 2."""
    click.echo(f"tocsin: {why}", err=True)
    raise SystemExit(2)


def refuse_bad_origin(option: str, url: str) -> None:
    """Ends as `refuse` does where an option is no HTTP address, or one with a user or password."""
    from tocsin.ground.outbound import OutboundError, origin

    try:
        origin(url)
    except OutboundError as error:
        refuse(f"{option}: {error}")


def is_readable(url: str) -> bool:
    """Whether what goes to an address could be read on its way: without TLS, and to another machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in _OURSELVES


@contextmanager
def reached() -> Iterator[None]:
    """The database of this installation. What is in the way is said in one line."""
    from tocsin.server.config import ConfigError, read_config
    from tocsin.server.database import database
    from tocsin.server.postgres import PostgresError

    try:
        with database(read_config()):
            yield
    except (ConfigError, PostgresError) as error:
        refuse(str(error))


def split(environment: str) -> tuple[str, str]:
    """Project and environment of PROJECT/ENVIRONMENT; ends the command when it is none."""
    project, slash, slug = environment.partition("/")
    if not (project and slash and slug):
        refuse(f"“{environment}”: say PROJECT/ENVIRONMENT, such as shop/production")
    return project, slug


def the_environment(environment: str, kind: str | None) -> Environment:
    """The environment of that name; made, with its project, when it is new. Without a kind its name is taken for one."""
    from tocsin.catalog.models import Environment, Project

    project_slug, slug = split(environment)
    project, _ = Project.objects.get_or_create(slug=project_slug, defaults={"name": project_slug})
    guessed = kind or (slug if slug in KINDS else "unknown")
    found, is_new = Environment.objects.get_or_create(project=project, slug=slug, defaults={"kind": guessed})
    if kind and not is_new and found.kind != kind:
        found.kind = kind
        found.save()
    return found


def tell(output: str, text: str, /, **values: object) -> None:
    click.echo(json.dumps(values) if output == "json" else text)
