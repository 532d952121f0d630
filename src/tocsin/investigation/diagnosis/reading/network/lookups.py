"""Names that did not resolve: which host an application asked for, and what its resolver answered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.ground.addresses import Address
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container, Pod, Resource
from tocsin.investigation.diagnosis.signals import bothers, complaints
from tocsin.investigation.diagnosis.world import World

# How resolvers and their languages word it: libc, Go, Java, Node.js, curl, Python, busybox, MySQL, nginx.
UNRESOLVED = (
    r"UnknownHostException|no such host|[Nn]ame resolution|[Cc]ould not resolve host|ENOTFOUND|EAI_AGAIN"
    r"|Name or service not known|getaddrinfo failed|could not translate host name|Unknown MySQL server host"
    r"|lookup \S+ on \S+:53: |lookup \S+: i/o timeout|host not found in upstream|bad address '"
    r"|DNS resolution failed for|Name does not resolve|nodename nor servname|could not be resolved \("
)
# A word of each of these, found fast.
_HINT = (
    r"UnknownHost|such host|esolution|resolve|ENOTFOUND|EAI_AGAIN|not known|addrinfo|host|lookup |bad address|servname"
)
_NAME = r"([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)\.?"
_ASKED = (
    rf"lookup {_NAME}(?: on \S+|:)",
    rf"UnknownHostException: {_NAME}",
    rf"(?:ENOTFOUND|EAI_AGAIN) {_NAME}",
    rf"resolve host:? '?{_NAME}",
    rf"translate host name \"{_NAME}\"",
    rf"server host '{_NAME}'",
    rf"upstream \"(?:[a-z]+://)?{_NAME}",
    rf"bad address '{_NAME}'",
    rf"connecting to {_NAME}:\d+",
    rf"host='{_NAME}'",
    rf"\b{_NAME} could not be resolved \(",
    rf"Failed to resolve '{_NAME}'",
    rf"DNS resolution failed for {_NAME}",
)
_HOST = re.compile("|".join(_ASKED), re.I)
# The resolver gave no answer; all other wordings say that it answered: there is no such name.
_SILENT = re.compile(
    r"i/o timeout|EAI_AGAIN|[Tt]emporary failure|server misbehaving|timed out|connection refused|SERVFAIL"
    r"|contacting DNS servers"
)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A name that a container asked for in vain; `host` is empty where its complaint does not say which."""

    pod: Pod
    container: Container
    line: Line
    host: str

    @property
    def answered(self) -> bool:
        """Whether the resolver answered that there is no such name; else it did not answer."""
        return not _SILENT.search(self.line.text)

    def service(self, world: World) -> Subject | None:
        """Return the Service that the name would be in this cluster; None for a name outside, or one not told."""
        address = Address(self.host, None)
        namespace = address.namespace(self.pod.namespace) if self.host else None
        if namespace is None or (self.host.count(".") == 1 and namespace not in _namespaces(world)):
            return None
        return Subject("Service", namespace, address.service)

    def missing(self, world: World) -> Subject | None:
        """Return the Service that was asked for where it does not exist; None where it does, or nobody can tell."""
        wanted = self.service(world) if self.answered else None
        if wanted is None or world.inventory.get(wanted) is not None:
            return None
        served = any(service.namespace == wanted.namespace for service in world.services)
        return wanted if served else None


def lookups(world: World) -> Iterator[Lookup]:
    """Yield the last vain lookup of each container."""
    for pod, container, line in complaints(world, UNRESOLVED, hint=_HINT):
        if bothers(world, container, line):
            found = _HOST.search(line.text)
            yield Lookup(pod, container, line, next(filter(None, found.groups()), "").lower() if found else "")


def missing(world: World) -> Iterator[tuple[Lookup, Subject]]:
    """Yield the lookups of Services that do not exist, where the Services of that namespace were collected."""
    for lookup in lookups(world):
        if wanted := lookup.missing(world):
            yield lookup, wanted


def existing(world: World) -> Iterator[tuple[Lookup, Resource]]:
    """Yield the lookups of Services that exist, and so should resolve."""
    for lookup in lookups(world):
        wanted = lookup.service(world)
        if wanted and (held := world.inventory.get(wanted)):
            yield lookup, held


def outside(world: World) -> Iterator[Lookup]:
    """Yield the lookups of names outside the cluster."""
    yield from (lookup for lookup in lookups(world) if "." in lookup.host and lookup.service(world) is None)


def _namespaces(world: World) -> set[str]:
    return {held.namespace for held in world.services} | {held.name for held in world.inventory.of("Namespace")}
