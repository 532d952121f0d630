"""How much a firing has to do with an incident: topology, nearness in time and likeness, as a score with its terms. Pure.

    score = 0.5 topology + 0.3 exp(-Δt / 300 s) + 0.2 likeness,  joined from 0.55 on and never without topology

The form is that of union-find correlation in incident tools (topology first, time second, words last); the weights are a
judgement, checked by `benchmarks/storm.py` on seeds they were not chosen on. Merging what does not belong together hides a
failure, so nearness and likeness alone never join: something must connect the two.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from tocsin.catalog.directory import Directory

TOPOLOGY, NEARNESS, LIKENESS = 0.5, 0.3, 0.2
THRESHOLD = 0.55
# How fast nearness fades, and beyond which time since an incident's last firing nothing but its own subjects join it.
FADES_IN = timedelta(minutes=5)
WINDOW = timedelta(minutes=10)
# How strongly each connection binds, strongest first; `_connections` says when each is there.
SAME_CHANGE = 1.0
SAME_SERVICE = 1.0
LEARNT = 1.0
RUNS_ON_IT = 0.9
ONE_HOP = 0.8
TWO_HOPS = 0.6
# What is wrong with one of two services that need each other is no reason to think of the other: a backup, a certificate.
HOPS_OF_WHAT_STAYS = 0.4
NAMESPACE_WIDE = 0.7
ZONE_WIDE = 0.8
SHARED_RESOURCE = 0.7
SAME_ZONE = 0.4
SAME_NODE = 0.2
STORM_OF_ONE_TITLE = 0.5
# An incident about this many workloads of one namespace is about the namespace.
MANY_WORKLOADS = 3
MANY_NODES = 2
# What is kept of an incident is bounded, however many alerts join it: the first ones say what it is about.
MOST_KEYS = 120
MOST_WORDS = 60
MOST_HOPS = 2

NODE_LABELS = ("node", "nodename", "kubernetes_node", "node_name")
HOST_LABELS = ("host", "hostname", "instance")
# What every machine calls itself.
EVERY_HOST = frozenset({"localhost", "127.0.0.1", "[::1]", "0.0.0.0"})  # noqa: S104  # nothing listens there
ZONE_LABELS = ("zone", "availability_zone", "az", "topology_kubernetes_io_zone", "failure_domain")
CHANGE_LABELS = frozenset(
    ["commit", "commit_sha", "git_commit", "revision", "change_id", "deployment_id", "rollout", "release_id"]
)
RESOURCE_LABELS = frozenset(
    [
        "database",
        "datname",
        "db",
        "queue",
        "topic",
        "broker",
        "bucket",
        "vhost",
        "persistentvolume",
        "volumename",
        "certificate",
        "load_balancer",
        "loadbalancer",
        "switch",
        "gateway",
        "nat_gateway",
        "upstream",
        "storage_account",
    ]
)
# What says where an alert was made or sent, not what it is about: no likeness in having it in common.
_ADDRESSING = frozenset({"prometheus", "severity", "job", "endpoint", "alertname", "replica", "receiver", "monitor"})
# Words of titles that tell of trouble which others feel, and of trouble that stays where it is.
_SPREADS = re.compile(
    r"\b(?:absent|apdex|availability|backpressure|blocked|burn|congested|congestion|crash|crashing|crashlooping"
    r"|degraded|disconnected|down|dropped|error|errors|evicted|exception|exceptions|exhausted|fail|failed|failing"
    r"|fails|failure|failures|hanging|hung|killed|latency|looping|lost|missing|oom|outage|overloaded|panic|pending"
    r"|quorum|readonly|ready|refused|rejected|replicas|responding|restart|restarting|restarts|rollout|saturated"
    r"|slo|slow|stalled|stuck|success|throttled|throttling|timeout|timeouts|unavailable|unhealthy|unreachable"
    r"|unresponsive)\b"
)
_STAYS = re.compile(
    r"\b(?:audit|backup|backups|certificate|certificates|clock|cost|cronjob|deprecated|drift|expiration|expires"
    r"|expiring|expiry|fill|filling|info|job|outdated|predicted|retention|scheduled|skew|snapshot|soon|unused|update"
    r"|updates|version|will)\b"
)
_GRAVE = frozenset({"critical", "page", "fatal", "emergency", "high", "error", "p1", "p2", "sev1", "sev2"})
_NUMBER_OR_ID = re.compile(r"\b(?:[0-9a-f]{8,}|\d[\d.,:%]*\w{0,2})\b|(?<=-)[a-z0-9]*\d[a-z0-9]*\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a firing, or an incident, can have in common with others.

    `keys` connect ("service:checkout", "node:worker-3", "about:shop/cart", "title:…"); `words` make alike: those of the title,
    and labels as "name=value".
    """

    keys: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def joined_by(self, other: Traits) -> Traits:
        """An incident's traits after a firing with `other` joined it; the words stay those of its first firing."""
        new = other.keys - self.keys
        room = MOST_KEYS - len(self.keys)
        return Traits(self.keys.union(sorted(new)[:room]), self.words) if new and room > 0 else self


@dataclass(frozen=True, slots=True)
class Pairs:
    """What people taught by merging and splitting: pairs of `pair_key`s that belong together, or are to be kept apart."""

    together: Mapping[str, Set[str]] = field(default_factory=dict)
    apart: Mapping[str, Set[str]] = field(default_factory=dict)


NO_TRAITS, NO_PAIRS = Traits(), Pairs()


@dataclass(frozen=True, slots=True)
class Score:
    """How related they are: the total, and its terms in words."""

    total: float
    terms: str


@lru_cache(maxsize=4096)
def template(title: str) -> str:
    """A title without its numbers and ids, so that "disk 91 % full on web-3" and "disk 95 % full on web-7" are one."""
    return _NUMBER_OR_ID.sub("#", title)[:200]


def pair_key(title: str, subject_key: str, service: str) -> str:
    """What is remembered of an alert when people merge or split: its title's template, and what it is about.

    Its service counts only where it has no subject: services come to be known later, and what people taught must still hold.
    """
    return f"{template(title)} @ {subject_key or service}"


def traits_of(
    title: str, labels: Mapping[str, str], subject: Mapping[str, str], subject_key: str, service: str
) -> Traits:
    """The traits of one firing; `service` is its slug in the catalogue, empty where it has none."""
    keys = {f"title:{template(title)}", f"pair:{pair_key(title, subject_key, service)}"}
    if subject_key:
        keys.add(f"about:{subject_key}")
    if spreads(title, labels.get("severity", "").lower() in _GRAVE):
        keys.add("spreads:")
    if service:
        keys.add(f"service:{service}")
    if namespace := labels.get("namespace"):
        keys.add(f"namespace:{namespace}")
        if subject.get("kind") == "Namespace" and "pod" not in labels and "instance" not in labels:
            keys.add(f"wide:{namespace}")
    keys.update(_places(labels, subject))
    for name, value in labels.items():
        if value and name in CHANGE_LABELS:
            keys.add(f"change:{value}")
        elif value and name in RESOURCE_LABELS:
            keys.add(f"resource:{name}/{value}")
    return Traits(frozenset(keys), _words(title, labels))


def _places(labels: Mapping[str, str], subject: Mapping[str, str]) -> Iterable[str]:
    """Where it runs. A scraped address is that of what the alert is about only where no workload is named."""
    kind = subject.get("kind", "")
    node = next((labels[name] for name in NODE_LABELS if labels.get(name)), "")
    if node:
        yield f"node:{node}"
        if kind == "Node":
            yield f"down:{node}"
    if kind in ("", "Node", "Namespace", "Service"):
        for name in HOST_LABELS:
            host = labels.get(name, "").rsplit(":", 1)[0]
            if host and host not in EVERY_HOST:
                yield f"host:{host}"
                if not node:
                    yield f"node:{host}"
                break
    zone = next((labels[name] for name in ZONE_LABELS if labels.get(name)), "")
    if zone:
        yield f"zone:{zone}"


@lru_cache(maxsize=4096)
def spreads(title: str, is_grave: bool = False) -> bool:
    """Whether a title tells of trouble that others feel: errors and outages do, what is about to run out does not.

    What is grave does so in any words that do not say that it stays where it is.
    """
    words = " ".join(sorted(_words_of(template(title))))
    return (is_grave or bool(_SPREADS.search(words))) and not _STAYS.search(words)


def _words(title: str, labels: Mapping[str, str]) -> frozenset[str]:
    told = [f"{name}={value}" for name, value in labels.items() if name not in _ADDRESSING]
    return _words_of(template(title)).union(told[:MOST_WORDS])


@lru_cache(maxsize=4096)
def _words_of(title: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(title))


def keys_to_ask(firing: Traits, directory: Directory, pairs: Pairs, *, is_storm: bool) -> Iterable[str]:
    """The keys by which incidents that could be related are found; those without any of them need not be scored."""
    for key in firing.keys:
        name, _, value = key.partition(":")
        if name == "service":
            yield key
            yield from (f"service:{other}" for other in _within_reach(directory, value))
        elif name == "namespace":
            yield f"wide:{value}"
        elif name == "pair":
            yield from (f"pair:{other}" for other in pairs.together.get(value, ()))
        elif name not in ("title", "spreads") or (name == "title" and is_storm):
            yield key


def _within_reach(directory: Directory, service: str) -> Iterable[str]:
    if service not in directory.services:
        return
    for other in directory.upstream(service) | directory.downstream(service):
        if (directory.distance(service, other) or MOST_HOPS + 1) <= MOST_HOPS:
            yield other


def are_kept_apart(firing: Traits, incident: Traits, pairs: Pairs) -> bool:
    """Whether people once split what this firing is from what that incident is about."""
    mine = {other for key in firing.keys if key.startswith("pair:") for other in pairs.apart.get(key[5:], ())}
    return any(f"pair:{other}" in incident.keys for other in mine)


def is_about_all_of(namespace: str, incident: Traits) -> bool:
    """Whether an incident is about a namespace as a whole: it says so, or many of its workloads are in it."""
    return _has_many_of(namespace, incident.keys)


@lru_cache(maxsize=4096)  # asked again for each firing of a storm
def _has_many_of(namespace: str, keys: frozenset[str]) -> bool:
    if f"wide:{namespace}" in keys:
        return True
    return sum(key.startswith(f"about:{namespace}/") for key in keys) >= MANY_WORKLOADS


def is_about_all_of_zone(zone: str, incident: Traits) -> bool:
    """Whether an incident is about a zone as a whole: several of its nodes are down."""
    return f"zone:{zone}" in incident.keys and sum(key.startswith("down:") for key in incident.keys) >= MANY_NODES


def connection(
    firing: Traits, incident: Traits, directory: Directory, pairs: Pairs, *, is_storm: bool
) -> tuple[float, str]:
    """The strongest thing that connects a firing with an incident: how strong, from 0 to 1, and what it is."""
    found = list(_connections(firing, incident, directory, pairs, is_storm=is_storm))
    return max(found, key=lambda one: (one[0], one[1]), default=(0.0, ""))


def _connections(
    firing: Traits, incident: Traits, directory: Directory, pairs: Pairs, *, is_storm: bool
) -> Iterable[tuple[float, str]]:
    theirs = incident.keys
    for key in firing.keys:
        name, _, value = key.partition(":")
        if name == "service":
            yield from _by_service(value, "spreads:" in firing.keys and "spreads:" in theirs, theirs, directory)
        elif name == "pair" and any(f"pair:{other}" in theirs for other in pairs.together.get(value, ())):
            yield LEARNT, "people merged these before"
        elif name == "namespace" and is_about_all_of(value, incident):
            yield NAMESPACE_WIDE, f"all of namespace {value} is affected"
        elif name == "zone" and is_about_all_of_zone(value, incident):
            yield ZONE_WIDE, f"all of zone {value} is affected"
        elif name == "node" and (f"down:{value}" in theirs or (f"down:{value}" in firing.keys and key in theirs)):
            yield RUNS_ON_IT, f"on node {value}"
        elif key in theirs and (direct := _DIRECT.get(name)):
            yield direct[0], f"{direct[1]} {value}"
    if is_storm and any(key.startswith("title:") and key in theirs for key in firing.keys):
        yield STORM_OF_ONE_TITLE, "the same alert in a storm"


_DIRECT = {
    "change": (SAME_CHANGE, "change"),
    "about": (SAME_SERVICE, "about"),
    "host": (RUNS_ON_IT, "on host"),
    "resource": (SHARED_RESOURCE, "both use"),
    "zone": (SAME_ZONE, "in zone"),
    "node": (SAME_NODE, "on node"),
}


def _by_service(
    service: str, both_spread: bool, theirs: frozenset[str], directory: Directory
) -> Iterable[tuple[float, str]]:
    if f"service:{service}" in theirs:
        yield SAME_SERVICE, f"of service {service}"
    if service not in directory.services:
        return
    for other in _services(theirs):
        distance = directory.distance(service, other) if other in directory.services else None
        if distance in (1, 2):
            needs, needed = (service, other) if other in directory.upstream(service) else (other, service)
            strength = ONE_HOP if distance == 1 else TWO_HOPS
            yield strength if both_spread else min(strength, HOPS_OF_WHAT_STAYS), f"{needs} needs {needed}"


def explains(firing: Traits, incident: Traits, directory: Directory) -> bool:
    """Whether the firing is about what the whole incident stands on: its node, or a service that its services need."""
    if any(f"node:{key[5:]}" in incident.keys for key in firing.keys if key.startswith("down:")):
        return True
    mine, theirs = _services(firing.keys), _services(incident.keys)
    return bool(mine and theirs) and all(
        other in directory.services and mine[0] in directory.upstream(other) for other in theirs
    )


@lru_cache(maxsize=4096)
def _services(keys: frozenset[str]) -> tuple[str, ...]:
    return tuple(key[8:] for key in keys if key.startswith("service:"))


def score(
    firing: Traits, incident: Traits, since: timedelta, connected: tuple[float, str], rarity: Mapping[str, float]
) -> Score:
    """The score of the formula above. `since` is the time since the incident's last firing; `rarity` weighs words."""
    strength, what = connected
    nearness = math.exp(-max(since, timedelta()) / FADES_IN)
    alike = likeness(firing.words, incident.words, rarity)
    parts = TOPOLOGY * strength, NEARNESS * nearness, LIKENESS * alike
    terms = (
        f"{what} {parts[0]:.2f}, {max(0, round(since.total_seconds()))} s apart {parts[1]:.2f}, alike {parts[2]:.2f}"
    )
    return Score(sum(parts), terms)


def likeness(mine: Set[str], theirs: Set[str], rarity: Mapping[str, float]) -> float:
    """The weighted share of words in common, from 0 to 1: rare words count more."""
    either = sum(rarity.get(word, 1.0) for word in mine | theirs)
    return sum(rarity.get(word, 1.0) for word in mine & theirs) / either if either else 0.0


def rarities(incidents: Iterable[Traits]) -> dict[str, float]:
    """How much each word says: ln((N + 1) / (n + 0.5)), n of the N incidents having it (the usual inverse frequency)."""
    counts: dict[str, int] = {}
    total = 0
    for total, traits in enumerate(incidents, 1):  # noqa: B007  # how many there were
        for word in traits.words:
            counts[word] = counts.get(word, 0) + 1
    return {word: max(0.05, math.log((total + 1) / (count + 0.5))) for word, count in counts.items()}


def is_near(last_firing_at: datetime | None, now: datetime) -> bool:
    """Whether an incident fired so lately that something else may belong to it."""
    return last_firing_at is not None and now - last_firing_at <= WINDOW
