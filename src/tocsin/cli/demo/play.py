"""Plays the demonstration on a running server: run as a module, beside it, with the server's own settings.

Projects, environments and sources are made in the database; the alerts then come in as from anywhere, over HTTP.
"""

from __future__ import annotations

import http.client
import json
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from tocsin.cli.admin import the_environment
from tocsin.cli.demo import paging
from tocsin.cli.demo.aftermath import play_aftermath
from tocsin.cli.demo.colleagues import employ
from tocsin.cli.demo.deployments.play import play_deployments
from tocsin.cli.demo.deployments.scenes import SCENES
from tocsin.cli.demo.describing import describe
from tocsin.cli.demo.outsiders import open_page
from tocsin.cli.demo.receiver import receiving
from tocsin.cli.demo.snapshots import write_snapshot
from tocsin.cli.demo.worlds import WORLDS
from tocsin.cli.demo.worlds.metadata import Json
from tocsin.cli.demo.worlds.story import World
from tocsin.ground.plain import plain

if TYPE_CHECKING:
    from tocsin.catalog.models import Environment

LOGIN = "demo"
# Long enough to watch incidents appear one after the other, short enough not to wait for.
_BETWEEN_S, _UNTIL_RESOLVED_S = 1.0, 20.0
_DIAGNOSED_WITHIN_S = 60.0


def play(address: str, folder: Path) -> None:
    """Set up and play what is not there yet; says on standard output what happens. Raises OSError when the server is gone."""
    login = f"  {address}\n  sign in as {LOGIN} with the password {_sign_in()}"
    click.echo(f"\n{login}\n")
    environments = {
        world: the_environment(f"{world.project}/{world.environment}", world.environment_kind) for world in WORLDS
    }
    fresh = [world for world in WORLDS if not _was_played(environments[world])]
    for world in WORLDS:
        if world not in fresh:
            click.echo(f"  {f'{world.project}/{world.environment}':<22} already here")
    for scene in SCENES:
        the_environment(scene.environment, kind=None)
    now = datetime.now(UTC)
    describe(now)
    employ(now, LOGIN)
    with receiving() as tracker:
        paging.set_up(tracker, LOGIN, now)
        _play_worlds(address, folder, {world: environments[world] for world in fresh}, now)
        paging.rest(datetime.now(UTC))
    click.echo(f"\n  All is told.\n\n{login}\n{_signposts(address)}")
    click.echo("\n  Ctrl-C stops the server; what it knows stays in its folder.\n")


def _play_worlds(address: str, folder: Path, fresh: Mapping[World, Environment], now: datetime) -> None:
    """Lets the systems fail, people answer, and some of it end."""
    tokens = {world: _place(world, environment, folder) for world, environment in fresh.items()}
    for world in fresh:
        write_snapshot(world, folder, now)
        _send(address, tokens[world], world, world.alerts(now))
        time.sleep(_BETWEEN_S)
    deployed = _play_deployments(address, folder.parent / "deployments")
    for line in _diagnoses([*fresh.values(), *deployed]):
        click.echo(line)
    if answered := paging.acknowledge_one(deployed, datetime.now(UTC)):
        click.echo(f"\n  {answered}")
    for world, environment in fresh.items():
        if world.fixed_by:
            open_page(datetime.now(UTC))  # services that no file described are discovered by now
            _send(address, tokens[world], world, world.resolved(now, datetime.now(UTC)))
            _fix(world, environment)
    recovering = [world for world in fresh if world.recovers]
    if recovering:
        time.sleep(_UNTIL_RESOLVED_S)
    for world in recovering:
        _send(address, tokens[world], world, world.resolved(now, datetime.now(UTC)))


def _signposts(address: str) -> str:
    """Where outsiders read how it goes, and who is on call now, as lines."""
    from tocsin.incidents.status_page import StatusPage
    from tocsin.oncall.models import Schedule
    from tocsin.oncall.store import now_of

    pages = [f"  what outsiders see: {address}{page.path}" for page in StatusPage.objects.exclude(published_at=None)]
    schedules = list(Schedule.objects.filter(archived_at=None).order_by("pk"))
    on_call = [
        f"  on call now, {found.schedule.name}: {', '.join(found.on_call.people) or 'nobody'}"
        for found in now_of(schedules, datetime.now(UTC))
    ]
    return "\n".join([*pages, *on_call])


def _fix(world: World, environment: Environment) -> None:
    incident = play_aftermath(environment, LOGIN, world.fixed_by)
    if incident is not None:
        click.echo(f"  {incident.name} is resolved by {LOGIN}; its postmortem is drafted and waits to be written")


def _play_deployments(address: str, folder: Path) -> list[Environment]:
    """Infrastructure deployments that fail, in the environments where none was played yet; these."""
    from tocsin.catalog.models import Source

    wanted = dict.fromkeys(scene.environment for scene in SCENES)
    fresh = [
        environment for environment in map(partial(the_environment, kind=None), wanted) if not _was_played(environment)
    ]
    tokens = {
        str(environment): Source.create("deployment", f"Terraform for {environment}", environment)[1]
        for environment in fresh
    }
    play_deployments({place: f"{address}/hooks/deployment/{token}" for place, token in tokens.items()}, folder)
    return fresh


def _sign_in() -> str:
    """The password of the demonstration's admin, new every time: none is ever kept in the clear."""
    from tocsin.accounts.models import Role, User

    password = secrets.token_urlsafe(12)
    person, _ = User.objects.get_or_create(username=LOGIN, defaults={"role": Role.ADMIN})
    person.set_password(password)
    person.save()
    return password


def _was_played(environment: Environment) -> bool:
    from tocsin.incidents.models import Incident

    return Incident.objects.filter(environment=environment).exists()


def _place(world: World, environment: Environment, folder: Path) -> str:
    """Says where the environment's cluster is read, and returns the token of a source of its alerts."""
    from tocsin.catalog.models import Cluster, Source
    from tocsin.ground.secrets import token_hash

    where = {"name": world.cluster, "kind": Cluster.Kind.SNAPSHOT, "path": str(folder / f"{world.slug}.json.gz")}
    Cluster.objects.update_or_create(environment=environment, defaults=where)
    token = secrets.token_urlsafe(24)
    Source.objects.update_or_create(
        kind="alertmanager",
        environment=environment,
        defaults={"name": f"Alertmanager of {world.cluster}", "token_hash": token_hash(token)},
    )
    return token


def _send(address: str, token: str, world: World, body: Json) -> None:
    count = len(body["alerts"])
    told = f"{count} alert{'s' if count > 1 else ''} {body['status']}"
    click.echo(f"  {f'{world.project}/{world.environment}':<22} {told:<17} {world.title}")
    server = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    server.request("POST", f"/hooks/alertmanager/{token}", json.dumps(body), {"Content-Type": "application/json"})
    answer = server.getresponse()
    server.close()
    if answer.status != 202:
        click.echo(f"  the server did not take it: {answer.status} {answer.reason}", err=True)


def _diagnoses(environments: list[Environment]) -> Iterator[str]:
    """A line for each incident's report as it comes, for a while."""
    from tocsin.investigation.models import StoredReport

    until, seen = time.monotonic() + _DIAGNOSED_WITHIN_S, set[int]()
    while environments and time.monotonic() < until:
        reports = StoredReport.objects.filter(investigation__incident__environment__in=environments)
        for report in reports.exclude(pk__in=seen).select_related("investigation__incident"):
            seen.add(report.pk)
            incident = report.investigation.incident
            found = f"{report.summary} ({report.confidence:.0%})" if report.outcome == "diagnosed" else report.outcome
            yield f"\n  {incident.name} {incident.title}\n          {plain(found)}"
        if not _pending(environments):
            return
        time.sleep(0.5)


def _pending(environments: list[Environment]) -> bool:
    from tocsin.incidents.models import Incident

    states = [Incident.Analysis.PENDING, Incident.Analysis.RUNNING]
    return Incident.objects.filter(environment__in=environments, analysis__in=states).exists()


def main(address: str, folder: str) -> int:
    """Play on the server at `address`, with the worlds' files in `folder`; the exit status."""
    from tocsin.server.config import read_config
    from tocsin.server.database import database

    try:
        with database(read_config()):
            play(address, Path(folder))
    except OSError as error:
        click.echo(f"The demonstration stopped: the server at {address} does not answer ({error}).", err=True)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
