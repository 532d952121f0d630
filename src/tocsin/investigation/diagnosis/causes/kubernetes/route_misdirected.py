"""A gateway that sends a path to the wrong service."""

import re
from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.changes.edits import former_value
from tocsin.investigation.diagnosis.reading.network.routes import Route, agrees, endings, named, tables, words
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.configuration import restore_configmap_value
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Workload
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

# What a gateway or proxy answers for a path whose other side is missing or does not know it; and how it logs that.
_REFUSED = re.compile(r"\b(?:404|50[0234])\b")
_UNSERVED = r"no (?:servers|instances) available|unable to find instance|host not found in upstream"
_NOT_FOUND = r'"[A-Z]+ (?P<path>/\S*) HTTP/[\d.]+" 404 '
_ENOUGH, _MOSTLY = 4, 0.7


@cause("routing", needs=("ConfigMap", "Service"))
def route_misdirected(world: World) -> Iterator[Finding]:
    """The gateway's table of routes sends a path to a service that is not meant, or that does not exist.

    Everybody who calls that path is answered 404 by a service that does not know it, or 503 by the gateway. Every pod
    is well, and nothing in Kubernetes checks such a table. A route counts as wrong where no Service has the name that
    it leads to, where it asks at a port that the Service does not offer, where the table names its routes after their
    services and this one alone leads elsewhere, or where a path that is named after a service has no route at all.

    When it is wrong: the path was given to another service on purpose, or the host is known to a registry that is not
    Kubernetes.
    """
    if not (world.knows("ConfigMap") and world.knows("Service")):
        return
    for routes in tables(world.of("ConfigMap")):
        readers = _readers(world, routes[0]) if routes else []
        if readers:
            yield from _misdirected(world, routes, readers)
            yield from _unrouted(world, routes, readers)


def _misdirected(world: World, routes: Sequence[Route], readers: Sequence[Subject]) -> Iterator[Finding]:
    for route, wrong, meant in _astray(world, routes):
        proofs = [*_answers(world, route), *_unserved(world, route)]
        if proofs:
            yield Finding(
                meant or route.holder.subject,
                f"{route.holder.name} routes {route.prefixes[0]} to {route.host}, {wrong}",
                cites=[route.cite(STRONG), *proofs],
                felt_by=readers,
                remedies=_remedies(world, route, readers),
            )


def _unrouted(world: World, routes: Sequence[Route], readers: Sequence[Subject]) -> Iterator[Finding]:
    """Yield the paths that nobody knows although they are named after a service and the table has none for them."""
    prefixes = tuple(prefix for route in routes for prefix in route.prefixes)
    known = endings([service.subject for service in world.services if service.namespace == readers[0].namespace])
    for path, proof in _unknown(world, readers):
        meant = named(words([path]), known)
        if meant and len(routes) >= _ENOUGH and not path.startswith(prefixes):
            yield Finding(
                meant,
                f"{routes[0].holder.name} has no route for {path}, which is named after {meant.name}",
                cites=[routes[0].cite(WEAK), proof],
                felt_by=readers,
                remedies=_remedies(world, routes[0], readers),
            )


def _unknown(world: World, readers: Sequence[Subject]) -> Iterator[tuple[str, Citation]]:
    """Yield the paths that were answered 404, as alerts, the gateway or those who call it tell; behind it, paths differ."""
    near = {at for reader in readers for at in world.topology.downstream(reader)}
    for index, alert in enumerate(world.snapshot.alerts):
        told = next((place for place, text in enumerate(alert.text) if re.search(r"\b404\b", text)), None)
        path = next((text for text in alert.text if text.startswith("/")), "")
        if told is not None and path:
            about = Subject(alert.about.kind or "", world.snapshot.namespace, alert.about.name or "")
            yield path, Citation(f"alerts/{index}#/text/{told}", alert.text[told], STRONG, about)
    for pod, _, line in complaints(world, _NOT_FOUND):
        found = re.search(_NOT_FOUND, line.text)
        if found and world.controller(pod) in near:
            yield found["path"], line.cite(STRONG)


def _astray(world: World, routes: Sequence[Route]) -> Iterator[tuple[Route, str, Subject | None]]:
    """Yield the routes that lead to nothing or elsewhere: with what is wrong, and the service that is meant."""
    space = routes[0].holder.namespace
    services = {service.name: service for service in world.services if service.namespace == space}
    known = {*services, *(workload.name for workload in world.workloads)}
    usual = len(routes) >= _ENOUGH and sum(map(agrees, routes)) >= _MOSTLY * len(routes)
    ends = endings([service.subject for service in services.values()])
    for route in routes:
        meant, to = named(route.words, ends), services.get(route.service)
        offered = [port.number("port") for port in to.ports] if to else []
        if services and "." not in route.host and route.service not in known:
            yield route, "but there is no such service", meant
        elif usual and meant and meant.name != route.service and not agrees(route):
            yield route, f"but the path is named after {meant.name}", meant
        elif to and route.port and offered and route.port not in offered:
            yield route, f"port {route.port}, which offers {', '.join(map(str, offered))}", to.subject


def _answers(world: World, route: Route) -> Iterator[Citation]:
    """Cite who was refused on the route's paths: alerts of callers, and access logs of proxies."""
    for index, alert in enumerate(world.snapshot.alerts):
        told = next((place for place, text in enumerate(alert.text) if _REFUSED.search(text)), None)
        if told is not None and any(text.startswith(route.prefixes) for text in alert.text):
            about = Subject(alert.about.kind or "", world.snapshot.namespace, alert.about.name or "")
            yield Citation(f"alerts/{index}#/text/{told}", alert.text[told], STRONG, about)
    paths = "|".join(map(re.escape, route.prefixes))
    for _, _, line in complaints(world, rf'"[A-Z]+ (?:{paths})\S* HTTP/[\d.]+" (?:404|50[0234]) '):
        yield line.cite(STRONG)


def _unserved(world: World, route: Route) -> Iterator[Citation]:
    for _, _, line in complaints(world, rf"(?i)(?:{_UNSERVED}).*\b{re.escape(route.host)}\b"):
        yield line.cite(CONCLUSIVE)


def _readers(world: World, route: Route) -> list[Subject]:
    """Return the workloads whose pods read the table."""
    near = world.topology.bearers(route.holder.subject)
    return sorted(at for at, hops in near.items() if hops < 3 and isinstance(world.inventory.get(at), Workload))


def _remedies(world: World, route: Route, readers: Sequence[Subject]) -> list[Command]:
    holder = route.holder.subject
    if former := former_value(world.inventory, holder, route.path):
        return [*restore_configmap_value(readers[0], holder, route.path, route.holder.text(route.path), former)]
    shown = look(
        *("get", target(holder), "-o", "yaml", "--show-managed-fields"),
        of=holder,
        purpose=f"read the route of {route.prefixes[0]}, and who changed the table when",
    )
    return [shown]
