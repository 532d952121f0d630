"""The one door for HTTP requests to elsewhere: checked addresses, no surprises from redirects, bounded time and size.

An address that someone wrote into a form or an alert must not reach what only this machine can: metadata services,
databases, other people's consoles. So names are resolved here, every address is checked, and the connection goes to the
address that was checked. Origins that an administrator configured are trusted with addresses inside, and only they are.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

MOST_BYTES = 8 * 1024 * 1024
MOST_REDIRECTS = 3
# Less than the time of a whole request: whether there was a connection at all tells whether it may have been heard.
CONNECT_S = 5.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
# Never handed on to another origin than the one they were meant for.
_PRIVATE_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


class OutboundError(Exception):
    """No answer: the message is one line that says why. `is_temporary` tells whether to try again makes sense.

    `is_in_doubt`: a connection was there, so that what was asked for may have been done nevertheless.
    """

    def __init__(self, why: str, *, is_temporary: bool = False, is_in_doubt: bool = False) -> None:
        super().__init__(why)
        self.is_temporary = is_temporary
        self.is_in_doubt = is_in_doubt


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def origin(url: str) -> str:
    """Scheme, host and port of an address, as `trusted` origins are written. Raises OutboundError: no HTTP address."""
    try:
        parsed = URL(url)
    except ValueError as error:
        raise OutboundError(f"{url!r} is not an address: {error}") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise OutboundError(f"{url!r} is not an address that begins with http:// or https://")
    if parsed.user is not None or parsed.password is not None:
        raise OutboundError("an address must not contain a user or password")
    return str(parsed.origin())


def is_public(address: str) -> bool:
    """Whether an IP address is reachable for anybody; those that carry another inside count as that one."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inside = [parsed.ipv4_mapped, parsed.sixtofour, *(parsed.teredo or ())]
        if parsed in _TRANSLATED:
            inside.append(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
        carried = [one for one in inside if one is not None]
        if carried:
            return all(is_public(str(one)) for one in carried)
    return parsed.is_global and not parsed.is_multicast


class _Inside(OSError):
    """A name leads to an address that must not be reached; tomorrow too."""


class _CheckedResolver(AbstractResolver):
    """Resolves names to addresses that are public, or belong to a trusted host and port."""

    def __init__(self, trusted: frozenset[tuple[str, int]]) -> None:
        self._trusted = trusted

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """As aiohttp wants it. Raises OSError, which becomes a connection error, when no address may be used."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        usable = [entry for entry in found if (host, port) in self._trusted or is_public(str(entry[4][0]))]
        if not usable:
            raise _Inside(None, f"{host} leads to an address inside, which is refused")
        return [
            ResolveResult(hostname=host, host=str(place[0]), port=port, family=kind, proto=proto, flags=0)
            for kind, _, proto, _, place in usable
        ]

    async def close(self) -> None:
        """Nothing is held."""


class Outbound:
    """Sends requests. Made by `outbound`."""

    def __init__(self, session: aiohttp.ClientSession, trusted: frozenset[str]) -> None:
        self._session = session
        self._trusted = trusted

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout_s: float = 10,
        most_bytes: int = MOST_BYTES,
        most_redirects: int = MOST_REDIRECTS,
        is_cut: bool = False,
    ) -> Answer:
        """The answer, whatever its status; redirects of a GET are followed, at most three. With none, they are answers.

        Raises OutboundError: a refused or unreachable address, no answer in time, an answer larger than `most_bytes`
        (where `is_cut`, the rest of it is left unread instead).
        """
        sent = dict(headers or {})
        try:
            target = URL(url).update_query(dict(params or {}))
            async with asyncio.timeout(timeout_s):
                for _ in range(most_redirects + 1):
                    answer = await self._once(method, target, sent, body, most_bytes, is_cut)
                    where = answer.headers.get("Location")
                    if method != "GET" or answer.status not in _REDIRECTS or not where or not most_redirects:
                        return answer
                    before, target = target, target.join(URL(where))
                    if origin(str(target)) != origin(str(before)):
                        sent = {name: text for name, text in sent.items() if name.lower() not in _PRIVATE_HEADERS}
        except TimeoutError as error:
            why = f"{target.host} did not answer within {timeout_s:g} s"
            raise OutboundError(why, is_temporary=True, is_in_doubt=True) from error
        except ValueError as error:  # a host that can't be looked up, a port that there is not
            raise OutboundError("the address, or one that it redirects to, makes no sense") from error
        raise OutboundError(f"{target.host} redirects again and again")

    async def _once(
        self, method: str, url: URL, headers: dict[str, str], body: bytes | None, most: int, is_cut: bool
    ) -> Answer:
        host = url.host or ""
        # an address written as a number is not resolved, so it is checked here
        if origin(str(url)) not in self._trusted and _is_address(host) and not is_public(host):
            raise OutboundError(f"{url.host} is an address inside, which is refused")
        try:
            async with self._session.request(method, url, headers=headers, data=body, allow_redirects=False) as answer:
                return Answer(answer.status, answer.headers, await _read(answer, most, is_cut))
        except aiohttp.ClientConnectorError as error:
            why = error.os_error.strerror or error.os_error
            is_for_later = not isinstance(error.os_error, _Inside)
            raise OutboundError(f"can't connect to {url.host}: {why}", is_temporary=is_for_later) from error
        except aiohttp.ConnectionTimeoutError as error:
            raise OutboundError(f"can't connect to {url.host} within {CONNECT_S:g} s", is_temporary=True) from error
        except aiohttp.ClientError as error:
            why = f"{url.host} broke off: {type(error).__name__}"
            raise OutboundError(why, is_temporary=True, is_in_doubt=True) from error


@asynccontextmanager
async def outbound(trusted: Iterable[str] = ()) -> AsyncIterator[Outbound]:
    """A door. `trusted` are addresses that an administrator configured: their origins may lie inside.

    Raises OutboundError when one of them is no address.
    """
    origins = frozenset(origin(url) for url in trusted)
    hosts = frozenset((URL(url).host or "", URL(url).port or 0) for url in origins)
    connector = aiohttp.TCPConnector(resolver=_CheckedResolver(hosts), use_dns_cache=False, limit=8)
    options: dict[str, Any] = {"connector": connector, "headers": {"User-Agent": "tocsin"}, "trust_env": False}
    options["timeout"] = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
    async with aiohttp.ClientSession(**options) as session:
        yield Outbound(session, origins)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _read(answer: aiohttp.ClientResponse, most: int, is_cut: bool) -> bytes:
    parts, size = [], 0
    async for part in answer.content.iter_chunked(1 << 16):
        parts.append(part)
        size += len(part)
        if size > most and is_cut:
            answer.close()
            break
        if size > most:
            raise OutboundError(f"the answer is larger than {most >> 10} KiB")
    return b"".join(parts)[:most]
