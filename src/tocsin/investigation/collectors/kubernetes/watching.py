"""Keeps a journal of changes by watching a cluster: lists once, then follows, and lists again when it lost the thread."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import msgspec

from tocsin.investigation.collectors.kubernetes.client import ReadFailed, ReadOnlyClient, connect
from tocsin.investigation.collectors.kubernetes.endpoint import ClusterUnreachable
from tocsin.investigation.collectors.kubernetes.journal import WATCHED, Journal
from tocsin.investigation.collectors.kubernetes.kinds import BY_NAME, Kind

log = logging.getLogger(__name__)

# Credentials of a pod are replaced every hour; each round reads them anew.
ROUND_S = 240
_PAUSE_S = 15.0
_BREATH_S = 0.5  # a server that ends every watch at once is not asked in a circle


class _Metadata(msgspec.Struct, rename="camel"):
    resource_version: str = ""


class _Versioned(msgspec.Struct):
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _Event(msgspec.Struct):
    type: str
    object: msgspec.Raw


class Watching:
    """What is known of each kind's list: from which version to follow it."""

    def __init__(self, journal: Journal, *, kubeconfig: str | None, context: str | None) -> None:
        """Without a kubeconfig, by the service account of the pod this runs in."""
        self._journal = journal
        self._kubeconfig, self._context = kubeconfig, context
        self._versions: dict[str, str] = {}
        self._listed: set[str] = set()

    async def forever(self) -> None:
        """Follows until it is cancelled; what can't be followed is a gap of the journal, and tried again."""
        while True:
            try:
                at = self._kubeconfig, self._context
                async with connect(*at, in_cluster=self._kubeconfig is None) as client:
                    await asyncio.gather(*(self._follow(client, BY_NAME[name]) for name in WATCHED))
            except ClusterUnreachable as error:
                self._journal.gaps = dict.fromkeys((BY_NAME[name].plural for name in WATCHED), str(error))
                await asyncio.sleep(_PAUSE_S)

    async def _follow(self, client: ReadOnlyClient, kind: Kind) -> None:
        """One round of one kind."""
        path = f"{kind.root(kind.versions[0])}/{kind.plural}"
        loop = asyncio.get_running_loop()
        until = loop.time() + ROUND_S
        try:
            while (left_s := round(until - loop.time())) > 0:
                if not self._versions.get(kind.name):
                    await self._list(client, kind, path)
                self._journal.gaps.pop(kind.plural, None)
                await self._watch(client, kind, path, left_s)
                await asyncio.sleep(_BREATH_S)
        except (ReadFailed, msgspec.DecodeError) as error:
            log.warning("changes of %s can't be followed: %s", kind.plural, error)
            self._journal.gaps[kind.plural] = str(error)
            self._versions[kind.name] = ""
            await asyncio.sleep(_PAUSE_S)

    async def _watch(self, client: ReadOnlyClient, kind: Kind, path: str, seconds: int) -> None:
        async for line in client.watch(path, self._versions[kind.name], seconds):
            if not self._take(kind, line):
                self._versions[kind.name] = ""
                return

    async def _list(self, client: ReadOnlyClient, kind: Kind, path: str) -> None:
        """Reads the whole list; what differs from what is known was changed unseen, unless nothing was known yet."""
        is_new, version = kind.name in self._listed, ""
        places = set()
        async for page in client.pages(path):
            now, version = datetime.now(UTC), page.resource_version
            places |= {self._journal.put(kind.name, msgspec.json.decode(raw), now, is_new=is_new) for raw in page.items}
            await asyncio.sleep(0)  # looks go on meanwhile
        self._journal.retain(kind.name, places, datetime.now(UTC))
        self._listed.add(kind.name)
        self._versions[kind.name] = version

    def _take(self, kind: Kind, line: bytes) -> bool:
        """Take an event; False when the thread is lost: then the list is to be read again. Raises msgspec.DecodeError."""
        event = msgspec.json.decode(line, type=_Event)
        if event.type == "ERROR":
            return False
        self._versions[kind.name] = msgspec.json.decode(event.object, type=_Versioned).metadata.resource_version
        now = datetime.now(UTC)
        if event.type == "DELETED":
            self._journal.remove(kind.name, msgspec.json.decode(event.object), now)
        elif event.type in {"ADDED", "MODIFIED"}:
            self._journal.put(kind.name, msgspec.json.decode(event.object), now)
        return True
