"""Routes in the configuration of an application's own gateway: which path it sends to which host."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tocsin.investigation.diagnosis.evidence import Citation
from tocsin.investigation.diagnosis.reference import Subject, escape
from tocsin.investigation.diagnosis.resources import Resource

# Spring Cloud Gateway: `- id: orders`, `uri: lb://orders`, `- Path=/api/orders/**`, in this order.
_SPRING = re.compile(r"-\s*id:\s*")
_URI = re.compile(r"uri:\s*[\"']?[a-z:]+://(?P<host>\$\{[^}]*\}|[\w.-]+)(?::(?P<port>\d+))?")
_PATHS = re.compile(r"Path=(?P<paths>[^\s\"'\]]+)")
# nginx: `location /orders { proxy_pass http://orders:8080; }`; `upstream orders { server host:port; }` names a host.
_LOCATION = re.compile(r"location\s+(?:[=~^*]+\s+)?(?P<path>/\S*)\s*\{(?P<body>[^}]{0,4000})\}")
_PASSED = re.compile(r"proxy_pass\s+https?://(?P<host>[\w.-]+)(?::(?P<port>\d+))?")
_UPSTREAM = re.compile(r"upstream\s+(?P<name>[\w.-]+)\s*\{[^}]{0,4000}?server\s+(?P<host>[\w.-]+)(?::(?P<port>\d+))?")
_DEFAULT = re.compile(r"\$\{[^:}]*:(?P<host>[\w.-]+)\}")
# A longer text is data; patterns would take long to find nothing in it.
_LONGEST = 200_000
# Parts of a path that name no service.
_COMMON = re.compile(r"api|v\d+|rest|\*+|\{\w+\}|\(?\.\*\)?|")


@dataclass(frozen=True, slots=True)
class Route:
    """One line of a table of routes. `prefixes` are the paths up to the first wildcard, `host` as it is written.

    `port` is None where none is written. `words` are what the route's name and paths call the thing, from the most
    telling on, in small letters and digits.
    """

    prefixes: tuple[str, ...]
    host: str
    port: int | None
    words: tuple[str, ...]
    holder: Resource
    path: str

    @property
    def service(self) -> str:
        """The name of the Service that the host would be: its first label."""
        return self.host.partition(".")[0].lower()

    def cite(self, weight: float) -> Citation:
        """Cite the configuration that holds the route."""
        return self.holder.cite(self.path, weight)


def tables(configmaps: Sequence[Resource]) -> Iterator[tuple[Route, ...]]:
    """Yield the routes of each configuration text that has some, as Spring Cloud Gateway or nginx writes them."""
    for configmap in configmaps:
        for key, text in sorted(configmap.texts("data").items()):
            if len(text) <= _LONGEST and ("Path=" in text or "proxy_pass" in text):
                path = f"data/{escape(key)}"
                yield tuple(
                    Route(prefixes, host, int(port) if port else None, words((name, *prefixes)), configmap, path)
                    for name, prefixes, host, port in (*_spring(text), *_nginx(text))
                )


def stem(name: str) -> str:
    """Return a name in small letters and digits without the word "service": "Orders-Service" is "orders"."""
    return re.sub(r"(?<=.)(service|svc)s?$", "", re.sub(r"[^a-z0-9]", "", name.lower()))


def words(paths: Sequence[str]) -> tuple[str, ...]:
    """Return what names and paths call a thing, in their order, without what every path has ("api", "v1")."""
    pieces = [piece for path in paths for piece in path.split("/") if not _COMMON.fullmatch(piece)]
    return tuple(dict.fromkeys(word for piece in pieces if len(word := stem(piece)) > 2))


def endings(services: Sequence[Subject]) -> Mapping[str, Subject]:
    """Return the services by what their names end in ("shop-orders-service": "shoporders", "orders"), the shortest names."""
    known: dict[str, Subject] = {}
    for service in sorted(services, key=lambda service: (len(service.name), service), reverse=True):
        pieces = re.split(r"[-_]", service.name.lower())
        known |= {stem("".join(pieces[start:])): service for start in range(len(pieces))}
    return known


def named(words: Sequence[str], known: Mapping[str, Subject]) -> Subject | None:
    """Return the service that words of a route or path speak of, among services by what their names end in."""
    return next((known[word] for word in words if word in known), None)


def agrees(route: Route) -> bool:
    """Tell whether a route's name or path speaks of the host that it leads to."""
    host = stem(route.service)
    return any(word in host or host in word for word in route.words)


# Name, prefixes, host, port.
_Line = tuple[str, tuple[str, ...], str, str | None]


def _spring(text: str) -> Iterator[_Line]:
    for block in _SPRING.split(text)[1:]:
        to, at = _URI.search(block), _PATHS.search(block)
        if to and at:
            default = _DEFAULT.fullmatch(to["host"])
            host = default["host"] if default else to["host"]
            if "$" not in host:
                prefixes = tuple(path.partition("*")[0] for path in at["paths"].split(","))
                yield block.split(None, 1)[0], prefixes, host, to["port"]


def _nginx(text: str) -> Iterator[_Line]:
    upstreams = {found["name"]: found for found in _UPSTREAM.finditer(text)}
    for location in _LOCATION.finditer(text):
        if to := _PASSED.search(location["body"]):
            to = upstreams.get(to["host"], to)
            yield "", (location["path"],), to["host"], to["port"]
