"""The services of one environment as a value: which of them an alert is about, and which need which. Pure.

Decisions (joining alerts, scope, blast radius) are handed this value; `catalog.store` loads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.catalog.recognition import NAMING_LABELS, Index, Selector, signs

__all__ = ["NAMING_LABELS", "Directory", "Found", "Selector", "ServiceFacts"]


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What decisions may know of a service. `tier` is 1 (most critical) to 4, 0 where nobody said; `owner` a team's slug."""

    slug: str
    project: str
    name: str
    kind: str = "service"
    owner: str = ""
    tier: int = 0
    lifecycle: str = ""
    aliases: tuple[str, ...] = ()
    selectors: tuple[Selector, ...] = ()
    hosts: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Which service an alert is about, or None; `reason` says what told, or why nobody can say."""

    service: ServiceFacts | None
    reason: str
    is_ambiguous: bool = False


@dataclass(slots=True)
class _Reach:
    """Hops along dependencies from one service to each that it leads to, worked out when first asked for."""

    beside: Mapping[str, Sequence[str]]
    known: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, slug: str) -> Mapping[str, int]:
        if slug not in self.known:
            distances, front = {slug: 0}, [slug]
            while front:
                ring = dict.fromkeys(near for at in front for near in self.beside.get(at, ()) if near not in distances)
                distances |= dict.fromkeys(ring, distances[front[0]] + 1)
                front = list(ring)
            self.known[slug] = distances
        return self.known[slug]


class Directory:
    """The services that one environment's alerts can be about, by slug."""

    def __init__(self, services: Iterable[ServiceFacts] = (), naming_labels: Sequence[str] = ()) -> None:
        self.services = {service.slug: service for service in sorted(services, key=lambda one: one.slug)}
        self._naming_labels = tuple(naming_labels) or NAMING_LABELS
        self._index = Index(
            names=((name, s.slug) for s in self.services.values() for name in (s.slug, s.name, *s.aliases)),
            hosts=((host, s.slug) for s in self.services.values() for host in s.hosts),
            workspaces=((workspace, s.slug) for s in self.services.values() for workspace in s.workspaces),
            selectors=((selector, s.slug) for s in self.services.values() for selector in s.selectors),
        )
        needs = {s.slug: [o for o in s.depends_on if o in self.services] for s in self.services.values()}
        needed: dict[str, list[str]] = defaultdict(list)
        for slug, others in needs.items():
            for other in others:
                needed[other].append(slug)
        self._needs, self._needed = _Reach(needs), _Reach(needed)

    def service_of(self, labels: Mapping[str, str], subject: Mapping[str, str]) -> ServiceFacts | None:
        """The service that an alert with these labels, about this subject {kind, namespace, name}, is about."""
        return self.find(labels, subject).service

    def find(self, labels: Mapping[str, str], subject: Mapping[str, str]) -> Found:
        """As `service_of`, with the reason.

        What says more is asked first: a label that names a service, the workload, the host, the Terraform workspace, the
        label of what was scraped. Where several services fit, what is asked later may settle it; else nobody can say.
        """
        among, told = frozenset[str](), ""
        for sign in signs(self._index, self._naming_labels, labels, subject):
            left = among & sign.slugs if among else sign.slugs
            if len(left) == 1:
                return Found(self.services[min(left)], f"{told}, and {sign.said}" if told else sign.said)
            if left:
                among, told = left, told or sign.said
        if among:
            return Found(None, f"{told}, which fits {', '.join(sorted(among))}", is_ambiguous=True)
        return Found(None, "nothing in it names a service of the catalogue")

    def is_unknown(self, labels: Mapping[str, str], subject: Mapping[str, str]) -> bool:
        """Whether an alert is about no service that is known, not even about one of several."""
        found = self.find(labels, subject)
        return found.service is None and not found.is_ambiguous

    def upstream(self, slug: str) -> frozenset[str]:
        """All that a service needs, directly or through others."""
        return frozenset(self._needs.of(slug)) - {slug}

    def downstream(self, slug: str) -> frozenset[str]:
        """All that needs a service, directly or through others: its blast radius."""
        return frozenset(self._needed.of(slug)) - {slug}

    def distance(self, a: str, b: str) -> int | None:
        """Over how many dependencies one of two services needs the other; 0 is the same, None where neither needs the other."""
        ways = (self._needs.of(a).get(b), self._needs.of(b).get(a))
        return min((way for way in ways if way is not None), default=None)
