"""One look at a live cluster, outward from an alert's resource, in parallel and within a time limit."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tocsin.investigation.collectors.kubernetes.client import PAGE, ReadFailed, ReadOnlyClient
from tocsin.investigation.collectors.kubernetes.gathering import Gathered, place_of
from tocsin.investigation.collectors.kubernetes.journal import Journal
from tocsin.investigation.collectors.kubernetes.kinds import Offer
from tocsin.investigation.collectors.kubernetes.outlines import PodOutline, ServiceOutline
from tocsin.investigation.collectors.kubernetes.plan import (
    SYSTEM,
    Focus,
    Listing,
    Plan,
    focus_of,
    list_path,
    object_path,
    of_cluster,
    of_namespace,
    of_node,
    of_system,
)
from tocsin.investigation.collectors.kubernetes.relevance import LogWish, log_wishes
from tocsin.investigation.collectors.kubernetes.triage import Tally
from tocsin.investigation.collectors.probing import probe as probe_services
from tocsin.investigation.collectors.probing import targets
from tocsin.investigation.collectors.prometheus import measure
from tocsin.investigation.collectors.reading import Reading

LOG_LINES = 500
LOG_BYTES = 256 * 1024
BACKGROUND_LOG_BYTES = 64 * 1024
MOST_RELATED = 3
MOST_TROUBLED = 2
# With more ConfigMaps to read than this, one list with all contents is less work than a request for each.
_MOST_SINGLE_READS = 100
_FOR_LISTS = 0.7  # of the time; the rest is for logs, which are chosen by what the lists say


@dataclass(frozen=True, slots=True)
class Also:
    """What is looked at besides lists and logs, where somebody wants it.

    `secret_metadata` lists Secrets too, names and times only (`deploy/kubernetes/secrets-metadata.yaml`). `prometheus` is
    the address of one that watches the cluster. `probe` connects to the Services of the namespaces in question, which
    makes sense inside the cluster only. `journal` tells what was changed while somebody watched.
    """

    secret_metadata: bool = False
    prometheus: str = ""
    probe: bool = False
    journal: Journal | None = None


_NOTHING_ELSE = Also()


@dataclass(slots=True)
class _Look:
    """What one collection shares: whom to ask, what for, until when (by the event loop's clock), and what came of it."""

    client: ReadOnlyClient
    reading: Reading
    focus: Focus
    timeout_s: float
    lists_until: float
    until: float
    also: Also
    offer: Offer = field(default_factory=Offer)
    pods: list[PodOutline] = field(default_factory=list)
    services: list[ServiceOutline] = field(default_factory=list)
    guarded: set[str] = field(default_factory=set)


async def collect(
    client: ReadOnlyClient,
    alert: dict[str, Any],
    *,
    now: datetime,
    timeout_s: float,
    key: bytes,
    also: Also = _NOTHING_ELSE,
) -> bytes:
    """A redacted `tocsin-snapshot/1` document of what surrounds the alert's resource.

    `alert` is the snapshot's section: `{title, resource {kind, namespace, name}, labels}`, any part of which may be
    missing. Whatever could not be read is a gap in the document, the whole cluster if need be; nothing is raised for it.
    """
    began = asyncio.get_running_loop().time()
    focus = focus_of(alert, client.namespace)
    look = _Look(client, Reading(key), focus, timeout_s, began + timeout_s * _FOR_LISTS, began + timeout_s, also)
    if not focus.is_listed:
        look.reading.add_gap(f"{focus.kind} {focus.name}", "not a kind that is read; what surrounds it was")
    if await _answers(look):
        await _survey(look, now)
        await _read_logs(look)
    named = {"kind": focus.kind, "namespace": focus.namespace, "name": focus.name}
    resource = named if focus.kind or focus.name else None
    return look.reading.document(
        alert={**alert, "resource": resource}, captured_at=now, cluster=client.cluster, namespace=focus.namespace
    )


async def _answers(look: _Look) -> bool:
    """Asks what the cluster serves, and with it whether there is anybody to ask: one gap then, not fifty."""
    try:
        async with asyncio.timeout_at(look.lists_until):
            look.offer = await look.client.discover()
    except TimeoutError:
        _missed_all(look, f"no answer within {look.timeout_s * _FOR_LISTS:g} s")
        return False
    except ReadFailed as error:
        if error.status in {0, 401}:
            _missed_all(look, str(error))
            return False
        look.reading.add_gap("what the cluster serves", str(error))
    return True


def _missed_all(look: _Look, why: str) -> None:
    for section in ("objects", "events", "logs"):
        look.reading.add_gap(section, why, section)


async def _survey(look: _Look, now: datetime) -> None:
    """Reads what is about the alert; then what that leads to, and the cluster's own namespace."""
    focus = look.focus
    own = Gathered(Reading(look.reading.key))
    around = of_cluster(focus, look.offer)
    others: list[str] = []
    if focus.kind == "Node":
        around += of_node(focus.name)
    elif focus.namespace:
        around += _of_namespace(look, focus.namespace)
    else:
        others = await _most_troubled(look)
        around += Plan() if others else _of_namespace(look, "")
    await _gather(look, own, around)
    if focus.namespace and "Namespace" not in own.reading.collected:
        await _read_own_namespace(look, own)
    others = others or _related(look, own)
    _keep(look, own)
    namespaces = [name for name in (focus.namespace, *others) if name]
    visits = (_visit(look, _of_namespace(look, name), name) for name in others if name != SYSTEM)
    await asyncio.gather(_measure(look, namespaces, now), *visits)
    if namespaces and focus.namespace != SYSTEM:
        nodes = frozenset(pod.spec.node_name for pod in look.pods)
        await _visit(look, of_system(look.offer), SYSTEM, nodes)
    if look.also.journal is not None:
        _tell_changes(look, look.also.journal, now)
    if look.also.probe:
        await probe_services(targets(look.services, namespaces), look.guarded, look.reading)


async def _read_own_namespace(look: _Look, own: Gathered) -> None:
    """Where namespaces may not be listed, the alert's own may still be read. That they were not listed is a gap already."""
    with suppress(ReadFailed, TimeoutError):
        async with asyncio.timeout_at(look.lists_until):
            path = f"{list_path('Namespace', '')}/{look.focus.namespace}"
            own.reading.add(await look.client.get(path, "Namespace", "v1"))


def _related(look: _Look, own: Gathered) -> list[str]:
    """The other namespaces to read; in a cluster that was read whole there is none left."""
    if not look.focus.namespace:
        return []
    named = own.related(look.focus.namespace)
    for name in named[MOST_RELATED:]:
        look.reading.add_gap(
            f"namespace {name}", f"named by what was read; only the {MOST_RELATED} most named ones were read"
        )
    return named[:MOST_RELATED]


def _of_namespace(look: _Look, namespace: str) -> Plan:
    return of_namespace(namespace, look.offer, secret_metadata=look.also.secret_metadata)


async def _measure(look: _Look, namespaces: list[str], now: datetime) -> None:
    if look.also.prometheus and namespaces:
        left_s = max(look.lists_until - asyncio.get_running_loop().time(), 0)
        await measure(look.also.prometheus, namespaces, look.reading, now=now, timeout_s=left_s)


def _tell_changes(look: _Look, journal: Journal, now: datetime) -> None:
    for entry in journal.told({pod.metadata.namespace for pod in look.pods} | {look.focus.namespace}, now):
        look.reading.add_entry("changes", entry)
    for what, why in journal.gaps.items():
        look.reading.add_gap(f"changes of {what}", why, "changes")


async def _visit(look: _Look, plan: Plan, namespace: str, nodes: frozenset[str] | None = None) -> None:
    """Reads another namespace, in full or not at all: half of it could make what is there look missing."""
    visited = Gathered(Reading(look.reading.key), nodes)
    await _gather(look, visited, plan)
    if missed := visited.reading.gaps:
        look.reading.add_gap(f"namespace {namespace}", f"{missed[0]['what']}: {missed[0]['why']}")
        return
    visited.reading.collected.clear()  # of this namespace alone
    _keep(look, visited)


def _keep(look: _Look, gathered: Gathered) -> None:
    look.reading.absorb(gathered.reading)
    look.pods += gathered.pods
    look.services += gathered.services
    look.guarded |= gathered.guarded


async def _gather(look: _Look, gathered: Gathered, plan: Plan) -> None:
    """Reads the lists of a plan, then the ConfigMaps that something in them reads."""
    gathered.reading.collected |= plan.absent
    for what, why in plan.unread.items():
        gathered.reading.add_gap(what, why)
    await asyncio.gather(*(_list(look, gathered, listing) for listing in plan.listings))
    await _read_config_maps(look, gathered)
    gathered.settle()


async def _list(look: _Look, gathered: Gathered, listing: Listing) -> None:
    try:
        async with asyncio.timeout_at(look.lists_until):
            metadata_of = listing.kind if listing.metadata_only else ""
            async for page in look.client.pages(listing.path, listing.query, metadata_of=metadata_of):
                gathered.take(page, listing)
                await asyncio.sleep(0)  # redaction keeps the loop busy: let the other answers in
        gathered.reading.collected.update({listing.kind} if listing.is_whole else ())
    except TimeoutError:
        why = f"not read in full within {look.timeout_s * _FOR_LISTS:g} s"
        gathered.reading.add_gap(listing.what, why, listing.section)
    except ReadFailed as error:
        if error.status == 404 and look.offer.is_known:
            gathered.reading.collected.add(listing.kind)  # its group is served without it: there is none
        else:
            gathered.reading.add_gap(listing.what, str(error), listing.section)


async def _read_config_maps(look: _Look, gathered: Gathered) -> None:
    """Reads the contents of those that something reads. When one is refused none is kept: it would look empty."""
    wanted = gathered.wanted_config_maps
    try:
        async with asyncio.timeout_at(look.lists_until):
            if len(wanted) > _MOST_SINGLE_READS:
                await _list_contents(look, gathered)
            else:
                contents = await asyncio.gather(*(_content(look, *place) for place in wanted))
                gathered.fill_config_maps(dict(zip(wanted, contents, strict=True)))
    except TimeoutError:
        _without_config_maps(gathered, f"contents not read within {look.timeout_s * _FOR_LISTS:g} s")
    except ReadFailed as error:
        _without_config_maps(gathered, f"contents: {error}")


def _without_config_maps(gathered: Gathered, why: str) -> None:
    gathered.config_maps.clear()
    gathered.reading.collected.discard("ConfigMap")
    gathered.reading.add_gap("configmaps", why)


async def _content(look: _Look, namespace: str, name: str) -> bytes | None:
    """A ConfigMap with its contents; None where it has gone since it was listed. Raises ReadFailed."""
    try:
        return await look.client.get(object_path("ConfigMap", namespace, name), "ConfigMap", "v1")
    except ReadFailed as error:
        if error.status == 404:
            return None
        raise


async def _list_contents(look: _Look, gathered: Gathered) -> None:
    wanted = set(gathered.wanted_config_maps)
    for namespace in sorted({namespace for namespace, _ in wanted}):
        async for page in look.client.pages(list_path("ConfigMap", namespace)):
            gathered.fill_config_maps({place: raw for raw in page.items if (place := place_of(raw)) in wanted})
            await asyncio.sleep(0)


async def _most_troubled(look: _Look) -> list[str]:
    """In a cluster of more than a page of pods, the namespaces with most trouble; none: it is small enough to read all."""
    tally = Tally()
    try:
        async with asyncio.timeout_at(look.lists_until):
            async for page in look.client.pages(list_path("Pod", "")):
                tally.add_pods(page.items)
            if tally.pods <= PAGE:
                return []
            async for page in look.client.pages(list_path("Event", ""), {"fieldSelector": "type=Warning"}):
                tally.add_warnings(page.items)
    except TimeoutError:
        look.reading.add_gap("pods", f"not looked through within {look.timeout_s * _FOR_LISTS:g} s")
    except ReadFailed as error:
        look.reading.add_gap("pods", str(error))
    worst = tally.worst(MOST_TROUBLED)
    if told := tally.left_out(worst):
        look.reading.add_gap("other namespaces", told)
    return worst


async def _read_logs(look: _Look) -> None:
    wishes, left_out = log_wishes(look.pods, look.focus, look.services)
    if left_out:
        why = f"{left_out} more containers in trouble; only the most telling were read"
        look.reading.add_gap("logs", why, "logs")
    await asyncio.gather(*(_read_log(look, wish) for wish in wishes))


async def _read_log(look: _Look, wish: LogWish) -> None:
    place = f"{wish.namespace}/{wish.pod}/{wish.container}"
    run = "previous" if wish.previous else "current"
    try:
        async with asyncio.timeout_at(look.until):
            text = await look.client.log(
                wish.namespace, wish.pod, wish.container, previous=wish.previous, lines=LOG_LINES
            )
    except TimeoutError:
        look.reading.add_gap(f"logs {place}", f"{run}: not read within {look.timeout_s:g} s", "logs")
    except ReadFailed as error:
        look.reading.add_gap(f"logs {place}", f"{run}: {error}", "logs")
    else:
        look.reading.add_log(place, run, _newest(text, LOG_BYTES if wish.score else BACKGROUND_LOG_BYTES))


def _newest(text: bytes, most: int) -> str:
    """The last lines that fit; a line cut in two is left out."""
    kept = text[-most:]
    if len(kept) < len(text):
        kept = kept[kept.find(b"\n") + 1 :]
    return kept.decode("utf-8", "replace")
