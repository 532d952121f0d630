"""A Kubernetes client that can only read: one door, which issues GET on lists, watches, objects and logs, nothing else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NoReturn

import aiohttp
import msgspec

from tocsin.investigation.collectors.kubernetes.credentials import load_endpoint
from tocsin.investigation.collectors.kubernetes.endpoint import ClusterUnreachable, Endpoint
from tocsin.investigation.collectors.kubernetes.kinds import Offer, parse_offer
from tocsin.investigation.collectors.kubernetes.thinning import metadata_alone, thinned

__all__ = ["ClusterUnreachable", "ReadFailed", "ReadOnlyClient", "connect"]

PAGE = 500
MOST_PAGES = 40
MOST_ANSWER_BYTES = 128 * 1024 * 1024
MOST_LOG_BYTES = 4 * 1024 * 1024
_TRIES = 3
_LONGEST_PAUSE_S = 5.0
_TEMPORARY = frozenset({429, 500, 502, 503, 504})
_PARALLEL = 16
_ACCEPT = "application/json, */*"
_ACCEPT_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList, application/json"
_ACCEPT_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=5, sock_read=15)

# Objects, lists, what API groups there are, and pods' logs: no other subresource, so no exec, attach, portforward or proxy.
# Names can't be `.` or `..`, so nothing that an alert carries can lead out of this.
_SEGMENT = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._:-]+"
_READABLE = re.compile(
    rf"/api/v1/namespaces/{_SEGMENT}/pods/{_SEGMENT}/log"
    rf"|/(?:api/v1|apis/[a-z0-9.-]+/v[a-z0-9]+)(?:/namespaces/{_SEGMENT})?/[a-z]+(?:/{_SEGMENT})?"
    r"|/apis"
)


class ReadFailed(Exception):
    """Something could not be read; the message says why. `status` is the HTTP status, 0 when there was no answer."""

    def __init__(self, why: str, status: int = 0) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list: the kind of its items (`Pod`), and each item as JSON, as `thinned` leaves it.

    `resource_version` is from where a watch goes on.
    """

    kind: str
    items: list[bytes]
    resource_version: str = ""


class _ListMetadata(msgspec.Struct, rename={"more": "continue", "resource_version": "resourceVersion"}):
    more: str = ""
    resource_version: str = ""


class _List(msgspec.Struct):
    kind: str
    apiVersion: str  # noqa: N815  # as in the API
    items: list[msgspec.Raw] | None = None
    metadata: _ListMetadata = msgspec.field(default_factory=_ListMetadata)


class _ItemMetadata(msgspec.Struct):
    uid: str = ""


class _Item(msgspec.Struct):
    metadata: _ItemMetadata = msgspec.field(default_factory=_ItemMetadata)


class _Status(msgspec.Struct):
    message: str = ""


_list_decoder = msgspec.json.Decoder(_List)
_item_decoder = msgspec.json.Decoder(_Item)


@asynccontextmanager
async def connect(
    kubeconfig: str | None = None, context: str | None = None, *, in_cluster: bool = False
) -> AsyncIterator[ReadOnlyClient]:
    """A client of the cluster that these name (see `load_endpoint`). Raises ClusterUnreachable: no usable credentials."""
    endpoint = await load_endpoint(kubeconfig, context, in_cluster=in_cluster)
    headers = {"User-Agent": "tocsin"}
    if endpoint.authorization:
        headers["Authorization"] = endpoint.authorization
    connector = aiohttp.TCPConnector(limit=_PARALLEL, ssl=endpoint.tls or True)
    async with aiohttp.ClientSession(connector=connector, headers=headers, timeout=_TIMEOUT) as session:
        yield ReadOnlyClient(session, endpoint)


class ReadOnlyClient:
    """Reads from one API server. `cluster` is its name, `namespace` that of the context, perhaps empty."""

    def __init__(self, session: aiohttp.ClientSession, endpoint: Endpoint) -> None:
        self.cluster = endpoint.cluster
        self.namespace = endpoint.namespace
        self._endpoint = endpoint
        self._issue_get = session.get  # all that is kept of the session

    async def get(self, path: str, kind: str, api_version: str) -> bytes:
        """One object, as `thinned` leaves it. Raises ReadFailed."""
        return _readable(await self._get(path, {}, MOST_ANSWER_BYTES), kind, api_version)

    async def discover(self) -> Offer:
        """What the cluster serves. Raises ReadFailed."""
        try:
            return parse_offer(await self._get("/apis", {}, MOST_ANSWER_BYTES, _ACCEPT_DISCOVERY))
        except msgspec.DecodeError as error:
            raise ReadFailed(f"what the API server says it serves can't be read: {error}") from error

    async def pages(
        self, path: str, query: Mapping[str, str] | None = None, *, metadata_of: str = ""
    ) -> AsyncIterator[Page]:
        """A list in pages. When its snapshot expires on the way (410), the rest comes from a fresh, unpaged list.

        `metadata_of` names a kind of `v1` of which the server shall send the metadata alone. Raises ReadFailed.
        """
        accept = _ACCEPT_METADATA if metadata_of else _ACCEPT
        seen: set[str] = set()
        left = MOST_PAGES
        query = {**(query or {}), "limit": str(PAGE)}
        while True:
            try:
                found = _decoded_list(await self._get(path, query, MOST_ANSWER_BYTES, accept))
            except ReadFailed as error:
                if error.status != 410 or "continue" not in query:
                    raise
                query = {name: value for name, value in query.items() if name not in {"limit", "continue"}}
                continue
            yield _page(found, seen, metadata_of)
            left -= 1
            if not found.metadata.more:
                return
            if not left:
                raise ReadFailed(f"more than {MOST_PAGES * PAGE}; only the first of them were read")
            query["continue"] = found.metadata.more

    async def watch(self, path: str, resource_version: str, seconds: int) -> AsyncIterator[bytes]:
        """What happens to a list from then on, an event of JSON each, for so many seconds. Raises ReadFailed."""
        query = {"watch": "true", "resourceVersion": resource_version, "allowWatchBookmarks": "true"}
        timeout = aiohttp.ClientTimeout(total=seconds + 30, sock_connect=5)
        try:
            async with self._opened(path, {**query, "timeoutSeconds": str(seconds)}, _ACCEPT, timeout) as answer:
                rest = b""
                async for part in answer.content.iter_any():
                    *lines, rest = (rest + part).split(b"\n")
                    for line in lines:
                        yield line
                    if len(rest) > MOST_LOG_BYTES:
                        raise ReadFailed(f"an event is larger than {MOST_LOG_BYTES >> 20} MiB")
        except _Temporary as error:
            raise ReadFailed(str(error), error.status) from error

    async def log(self, namespace: str, pod: str, container: str, *, previous: bool, lines: int) -> bytes:
        """The last lines that a container's run printed; fewer where they are longer than 4 MiB. Raises ReadFailed."""
        path = f"/api/v1/namespaces/{namespace}/pods/{pod}/log"
        query = {"container": container, "timestamps": "true", "limitBytes": str(MOST_LOG_BYTES)}
        if previous:
            query["previous"] = "true"
        while True:
            # the server counts its limit from the oldest line, so a full answer lacks the newest: ask for fewer
            text = await self._get(path, {**query, "tailLines": str(lines)}, MOST_LOG_BYTES)
            if len(text) < MOST_LOG_BYTES or lines <= 1:
                return text
            lines //= 10

    async def _get(self, path: str, query: Mapping[str, str], most: int, accept: str = _ACCEPT) -> bytes:
        """An answer in full. Temporary failures are tried again, at most twice; Retry-After is heeded up to 5 s."""
        attempt = 1
        while True:
            try:
                return await self._get_once(path, query, most, accept)
            except _Temporary as error:
                if attempt == _TRIES:
                    raise ReadFailed(str(error), error.status) from error
                await asyncio.sleep(min(error.pause_s or 0.2 * 2**attempt, _LONGEST_PAUSE_S))
            attempt += 1

    async def _get_once(self, path: str, query: Mapping[str, str], most: int, accept: str) -> bytes:
        async with self._opened(path, query, accept, _TIMEOUT) as answer:
            return await _read(answer, most)

    @asynccontextmanager
    async def _opened(
        self, path: str, query: Mapping[str, str], accept: str, timeout: aiohttp.ClientTimeout
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """An answer whose status is 200. Raises ReadFailed, _Temporary: then, and while it is read."""
        if not _READABLE.fullmatch(path):
            raise ReadFailed(f"{path} is not a path that this client reads")
        endpoint = self._endpoint
        try:
            # a redirect would carry our credentials to wherever it points
            async with self._issue_get(
                endpoint.url + path,
                params=query,
                headers={"Accept": accept},
                proxy=endpoint.proxy,
                server_hostname=endpoint.tls_server_name,
                allow_redirects=False,
                timeout=timeout,
            ) as answer:
                if answer.status != 200:
                    _refuse(answer, await _read(answer, MOST_ANSWER_BYTES))
                yield answer
        except aiohttp.ClientConnectorError as error:
            raise ReadFailed(f"can't connect to {endpoint.url}: {error.os_error.strerror or error.os_error}") from error
        except TimeoutError as error:
            raise ReadFailed("the API server did not answer in time") from error
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            raise _Temporary("the connection to the API server broke off") from error
        except aiohttp.ClientError as error:
            raise ReadFailed(f"the API server can't be asked: {type(error).__name__}") from error


class _Temporary(Exception):
    def __init__(self, why: str, status: int = 0, pause_s: float = 0) -> None:
        super().__init__(why)
        self.status = status
        self.pause_s = pause_s


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    parts, size = [], 0
    async for part in answer.content.iter_chunked(1 << 18):
        parts.append(part)
        size += len(part)
        if size > most:
            raise ReadFailed(f"the answer is larger than {most >> 20} MiB")
    return b"".join(parts)


def _refuse(answer: aiohttp.ClientResponse, body: bytes) -> NoReturn:
    """Raises what an answer other than 200 means."""
    try:
        said = msgspec.json.decode(body, type=_Status).message
    except msgspec.DecodeError:
        said = ""
    why = f"{answer.status} from the API server" + (f": {said[:300]}" if said else "")
    if answer.status in _TEMPORARY:
        pause = answer.headers.get("Retry-After", "")
        raise _Temporary(why, answer.status, float(pause) if pause.isdecimal() else 0)
    raise ReadFailed(why, answer.status)


def _decoded_list(body: bytes) -> _List:
    try:
        return _list_decoder.decode(body)
    except msgspec.DecodeError as error:
        raise ReadFailed(f"the API server's list can't be read: {error}") from error


def _page(found: _List, seen: set[str], metadata_of: str) -> Page:
    """The items not `seen` yet."""
    kind = metadata_of or found.kind.removesuffix("List")
    version = "v1" if metadata_of else found.apiVersion
    items = []
    for raw in found.items or ():
        uid = _item_decoder.decode(raw).metadata.uid
        if not uid or uid not in seen:
            items.append(_readable(raw, kind, version, metadata_alone if metadata_of else thinned))
        seen.add(uid)
    return Page(kind, items, found.metadata.resource_version)


def _readable(raw: bytes | msgspec.Raw, kind: str, version: str, keep: Callable[..., bytes] = thinned) -> bytes:
    try:
        return keep(bytes(raw), kind, version)
    except msgspec.DecodeError as error:
        raise ReadFailed(f"the API server's {kind} can't be read: {error}") from error
