"""One look at a live cluster, outward from an alert's resource, in parallel and within a time limit."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from tocsin.investigation.collectors.kubernetes.client import Page, ReadFailed, ReadOnlyClient
from tocsin.investigation.collectors.kubernetes.plan import Focus, Listing, focus_of, listings
from tocsin.investigation.collectors.kubernetes.relevance import LogWish, PodOutline, log_wishes
from tocsin.investigation.collectors.reading import Reading

LOG_LINES = 500
LOG_BYTES = 256 * 1024
_FOR_LISTS = 0.7  # of the time; the rest is for logs, which are chosen by what the lists say

_pod_decoder = msgspec.json.Decoder(PodOutline)


@dataclass(slots=True)
class _Look:
    """What one collection shares: whom to ask, what for, until when (by the event loop's clock), and what came of it."""

    client: ReadOnlyClient
    reading: Reading
    focus: Focus
    timeout_s: float
    lists_until: float
    until: float
    pods: list[PodOutline] = field(default_factory=list)


async def collect(
    client: ReadOnlyClient,
    alert: dict[str, Any],
    *,
    now: datetime,
    timeout_s: float,
    key: bytes,
    secret_metadata: bool = False,
) -> bytes:
    """A redacted `tocsin-snapshot/1` document of what surrounds the alert's resource.

    `alert` is the snapshot's section: `{title, resource {kind, namespace, name}, labels}`, any part of which may be
    missing. `secret_metadata` lists Secrets too, names and times only (`deploy/kubernetes/secrets-metadata.yaml`).
    Whatever could not be read is a gap in the document, the whole cluster if need be; nothing is raised for it.
    """
    began = asyncio.get_running_loop().time()
    focus = focus_of(alert, client.namespace)
    look = _Look(client, Reading(key), focus, timeout_s, began + timeout_s * _FOR_LISTS, began + timeout_s)
    if not focus.is_listed:
        look.reading.add_gap(f"{focus.kind} {focus.name}", "not a kind that is read; what surrounds it was")
    if await _answers(look):
        await asyncio.gather(*(_list(look, listing) for listing in listings(focus, secret_metadata=secret_metadata)))
        await _read_logs(look)
    named = {"kind": focus.kind, "namespace": focus.namespace, "name": focus.name}
    resource = named if focus.kind or focus.name else None
    return look.reading.document(
        alert={**alert, "resource": resource}, captured_at=now, cluster=client.cluster, namespace=focus.namespace
    )


async def _answers(look: _Look) -> bool:
    """Reads the namespace, and with it whether there is anybody to ask: one gap then, not fifty."""
    path = f"/api/v1/namespaces/{look.focus.namespace}" if look.focus.namespace else "/apis/apps"
    try:
        async with asyncio.timeout_at(look.lists_until):
            raw = await look.client.get(path)
    except TimeoutError:
        _missed_all(look, f"no answer within {look.timeout_s * _FOR_LISTS:g} s")
        return False
    except ReadFailed as error:
        if error.status in {0, 401}:
            _missed_all(look, str(error))
            return False
        look.reading.add_gap("namespaces", str(error))
        return True
    if look.focus.namespace:
        look.reading.add(raw)
    return True


def _missed_all(look: _Look, why: str) -> None:
    for section in ("objects", "events", "logs"):
        look.reading.add_gap(section, why, section)


async def _list(look: _Look, listing: Listing) -> None:
    try:
        async with asyncio.timeout_at(look.lists_until):
            metadata_of = listing.kind if listing.metadata_only else ""
            async for page in look.client.pages(listing.path, listing.query, metadata_of=metadata_of):
                _take(look, page)
                await asyncio.sleep(0)  # redaction keeps the loop busy: let the other answers in
        is_complete = not listing.query
        look.reading.collected.update({listing.kind} if is_complete else ())
    except TimeoutError:
        why = f"not read in full within {look.timeout_s * _FOR_LISTS:g} s"
        look.reading.add_gap(listing.what, why, listing.section)
    except ReadFailed as error:
        if error.status == 404 and await _group_is_absent(look, listing):
            look.reading.collected.add(listing.kind)  # a cluster that does not know the kind has none of it
        else:
            look.reading.add_gap(listing.what, str(error), listing.section)


def _take(look: _Look, page: Page) -> None:
    for raw in page.items:
        look.reading.add(raw)
        if page.kind == "Pod":
            look.pods.append(_pod_decoder.decode(raw))


async def _group_is_absent(look: _Look, listing: Listing) -> bool:
    """Whether the cluster has no such API group in any version, rather than another version than we asked for."""
    if listing.group_path is None:
        return False
    try:
        async with asyncio.timeout_at(look.lists_until):
            await look.client.get(listing.group_path)
    except ReadFailed as error:
        return error.status == 404
    except TimeoutError:
        return False
    return False


async def _read_logs(look: _Look) -> None:
    wishes, left_out = log_wishes(look.pods, look.focus)
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
        look.reading.add_log(place, run, _newest(text))


def _newest(text: bytes) -> str:
    """The last lines that fit; a line cut in two is left out."""
    kept = text[-LOG_BYTES:]
    if len(kept) < len(text):
        kept = kept[kept.find(b"\n") + 1 :]
    return kept.decode("utf-8", "replace")
