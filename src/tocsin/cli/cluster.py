"""Commands that say where an environment's cluster is, and who may look at it for us."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.admin import (
    ENVIRONMENT,
    KINDS,
    OUTPUT,
    reached,
    refuse,
    refuse_bad_origin,
    split,
    tell,
    the_environment,
)

if TYPE_CHECKING:
    from tocsin.catalog.models import Environment


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a cluster is, as it was said."""

    name: str
    kind: str
    path: Path | None
    context: str
    prometheus: str

    def __str__(self) -> str:
        named = {"in-cluster": "the cluster this runs in", "agent": "what their agent sends"}
        what = str(self.path or named.get(self.kind, "the usual kubeconfig"))
        return what + (f", context {self.context}" if self.context else "")


@click.group()
def cluster() -> None:
    """Say where an environment's cluster is."""


@cluster.command("set")
@ENVIRONMENT
@click.option("--name", default="", help="Where there are several: what the label `cluster` of its alerts says.")
@click.option("--kubeconfig", type=click.Path(path_type=Path), help="A kubeconfig file; the usual one when not given.")
@click.option("--context", default="", help="A context of it; its current one when not given.")
@click.option("--in-cluster", is_flag=True, help="The cluster Tocsin itself runs in.")
@click.option(
    "--agent", is_flag=True, help="A `tocsin agent` in the cluster looks. Its token is shown once, a new one each time."
)
@click.option("--snapshot", type=click.Path(path_type=Path), help="A snapshot or dump instead of a live cluster.")
@click.option("--prometheus", default="", metavar="URL", help="A Prometheus that watches it, as seen from this server.")
@click.option("--environment-kind", type=click.Choice(KINDS), help="What the environment is, when it is new.")
@OUTPUT
def set_cluster(
    environment: str,
    name: str,
    kubeconfig: Path | None,
    context: str,
    in_cluster: bool,
    agent: bool,
    snapshot: Path | None,
    prometheus: str,
    environment_kind: str | None,
    output: str,
) -> None:
    """Investigations of PROJECT/ENVIRONMENT read this cluster. Only paths are kept, never credentials of a cluster.

    An environment may have several, each with a name; an alert is about the one that its label `cluster` names.
    """
    ways = {
        "in-cluster": in_cluster,
        "agent": agent,
        "snapshot": bool(snapshot),
        "kubeconfig": bool(kubeconfig or context),
    }
    chosen = [kind for kind, is_chosen in ways.items() if is_chosen]
    if len(chosen) > 1:
        refuse("choose one of --kubeconfig/--context, --in-cluster, --agent and --snapshot")
    place = _Place(name, chosen[0] if chosen else "kubeconfig", snapshot or kubeconfig, context, prometheus)
    _check(place)
    with reached():
        is_new = not _is_there(environment)
        token = _keep(the_environment(environment, environment_kind), place)
    told = f"Investigations of {environment} read {place}."
    if token:
        told += f"\n{token}\nWhoever has this token can say what the cluster looks like; it can't be shown again."
    if is_new:
        told += f"\n{environment} is new: no source sends signals into it yet (`tocsin source add`)."
    shown = {"token": token} if token else {}
    tell(output, told, environment=environment, kind=place.kind, new=is_new, **shown)


def _check(place: _Place) -> None:
    if place.path is not None and not place.path.exists():
        refuse(f"there is no {place.path}")
    if not place.prometheus:
        return
    if place.kind in {"agent", "snapshot"}:
        refuse(
            f"--prometheus is asked by whoever looks: with --{place.kind}, not this server. An agent has an option for it"
        )
    refuse_bad_origin("--prometheus", place.prometheus)


@cluster.command("list")
@OUTPUT
def list_clusters(output: str) -> None:
    """Show which environment reads which cluster, and when its agent last called."""
    with reached():
        from tocsin.catalog.models import Cluster

        rows = [
            {
                "environment": str(c.environment),
                "name": c.name,
                "kind": c.kind,
                "path": c.path,
                "context": c.context,
                "prometheus": c.prometheus,
                "agent_seen_at": c.agent_seen_at and c.agent_seen_at.isoformat(timespec="seconds"),
            }
            for c in Cluster.objects.select_related("environment__project").order_by("environment_id", "name")
        ]
    line = "{environment:<28} {name:<16} {kind:<11} {path} {context} {prometheus}"
    text = "\n".join(
        line.format(**row).rstrip() + (f"  agent called {row['agent_seen_at']}" if row["agent_seen_at"] else "")
        for row in rows
    )
    click.echo(json.dumps(rows) if output == "json" else text or "No clusters yet; `tocsin cluster set` sets one.")


def _is_there(environment: str) -> bool:
    from tocsin.catalog.models import Environment

    project, slug = split(environment)
    return Environment.objects.filter(project__slug=project, slug=slug).exists()


def _keep(environment: Environment, place: _Place) -> str:
    """Keeps where an environment's cluster is; returns the token of its agent, if it has one."""
    import secrets

    from tocsin.catalog.models import Cluster
    from tocsin.ground.secrets import token_hash

    names = list(Cluster.objects.filter(environment=environment).values_list("name", flat=True))
    if not place.name and len(names) > 1:
        refuse(f"{environment} has the clusters {', '.join(sorted(names))}: say which one with --name")
    name = place.name or (names[0] if names else environment.slug)
    token = secrets.token_urlsafe(32) if place.kind == "agent" else ""
    values = {
        "kind": place.kind,
        "path": str(place.path.absolute()) if place.path else "",
        "context": place.context,
        "prometheus": place.prometheus,
        "agent_token_hash": token_hash(token) if token else None,
    }
    Cluster.objects.update_or_create(environment=environment, name=name, defaults=values)
    return token


@cluster.command("remove")
@ENVIRONMENT
@click.argument("name")
@OUTPUT
def remove_cluster(environment: str, name: str, output: str) -> None:
    """Forget the cluster NAME of PROJECT/ENVIRONMENT (see `tocsin cluster list`). What was read of it stays."""
    with reached():
        from tocsin.catalog.models import Cluster

        project, slug = split(environment)
        gone, _ = Cluster.objects.filter(environment__project__slug=project, environment__slug=slug, name=name).delete()
        if not gone:
            refuse(f"{environment} has no cluster {name}; `tocsin cluster list` shows them")
    tell(output, f"{name} of {environment} is forgotten.", environment=environment, name=name)
