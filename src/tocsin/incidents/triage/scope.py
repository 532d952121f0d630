"""How far a failure reaches, measured from its alerts, the topology and what they say of traffic. Pure.

Nothing measured is said to be nothing measured: it is no claim that few are affected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tocsin.incidents.triage.words import MOST_READ, plain


class Scope(StrEnum):
    """From one user of one component to everybody; the value is what people read and what is stored."""

    UNMEASURED = "one component, users unknown"
    ONE_USER = "one component, one user"
    MANY_USERS = "one component, many users"
    MANY_COMPONENTS = "many components"
    WHOLE_SYSTEM = "the whole system"

    @property
    def reach(self) -> int:
        """How far it reaches: more is farther."""
        return _REACH[self]


_REACH = {scope: reach for reach, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class Extent:
    """A scope and what was measured."""

    scope: Scope
    reason: str


@dataclass(frozen=True, slots=True)
class Affected:
    """What one alert says of how far it reaches. `component` names the service, else the workload or node, else nothing."""

    title: str
    component: str = ""
    description: str = ""
    labels: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Topology:
    """What the catalogue knows around it: how many services there are, and which need one of those affected."""

    services: int = 0
    dependents: tuple[str, ...] = ()


# Of services that depend on each other this many alert at least, and half of all, before the system counts as down.
LEAST_OF_A_SYSTEM = 5
MOST_NAMED = 5
_WHOLE = re.compile(
    r"\b(?:kube api|api server|control plane|core dns|cluster dns|dns) (?:is )?(?:down|unavailable)\b"
    r"|\betcd (?:no leader|insufficient members)\b"
    r"|\b(?:region|data ?cent(?:er|re)|site|platform) (?:wide )?(?:is |are )?(?:outage|down|unreachable)\b"
    r"|\b(?:all|every) (?:services?|regions?|sites?)\b|\b(?:total|global|complete) outage\b"
)
_MANY_USERS = re.compile(
    r"\w*5xx\b|\berror (?:rate|ratio|budget)\b|\bburn rate\b|\bavailability\b|\bslo\b|\bprobe failed\b|\bsynthetic\b|\buptime\b"
    r"|\bapdex\b|\bp(?:50|90|95|99)\b|\b(?:response|request) (?:time|latency)\b"
    r"|\b(?:no|zero|0) (?:ready |healthy |available |running )?(?:pods|replicas|endpoints|hosts|backends|instances)\b"
)
_PART = re.compile(
    r"(?<![\d.])(\d{1,3}(?:\.\d{1,6})?) ?(?:%|percent) of (?:all |the |its |our )?(\w+ )?"
    r"(requests|users|traffic|customers|sessions|calls|transactions|logins|orders|checkouts|tenants)\b",
    re.I,
)
_USERS = re.compile(
    r"\b(\d[\d,]{0,14}) (?:affected |unique |different |impacted )?(?:users?|customers?|tenants?|accounts?)\b", re.I
)
_USER_LABELS = ("user", "user_id", "customer", "customer_id", "tenant", "tenant_id", "account", "account_id")
_COUNT_LABELS = ("users", "user_count", "users_affected", "affected_users", "userCount", "customers_affected")


def measure(alerts: Sequence[Affected], topology: Topology | None = None) -> Extent:
    """How far the failure reaches: the farthest that any measurement shows. More alerts never make it smaller."""
    around = topology or Topology()
    extents = [_components(alerts, around), *_traffic(alerts), *(_by_title(alert.title) for alert in alerts)]
    found = [extent for extent in extents if extent is not None]
    if not found:
        return Extent(Scope.UNMEASURED, "nothing in its alerts tells how many users or components it touches")
    farthest = max(extent.scope.reach for extent in found)
    return min((e for e in found if e.scope.reach == farthest), key=lambda extent: extent.reason)


def _components(alerts: Sequence[Affected], around: Topology) -> Extent | None:
    names = sorted({alert.component for alert in alerts if alert.component})
    if len(names) < 2:
        return None
    told = f"{len(names)} components alert: {_named(names)}"
    if around.dependents:
        told += f"; needed by {_named(around.dependents)}"
    if around.services and len(names) >= max(LEAST_OF_A_SYSTEM, (around.services + 1) // 2):
        return Extent(Scope.WHOLE_SYSTEM, f"{told}, of {around.services} services")
    return Extent(Scope.MANY_COMPONENTS, told)


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else shown


def _by_title(title: str) -> Extent | None:
    words = plain(title)
    if found := _WHOLE.search(words):
        return Extent(Scope.WHOLE_SYSTEM, f"“{found[0]}” in {title}: everything needs it")
    if found := _MANY_USERS.search(words):
        return Extent(Scope.MANY_USERS, f"“{found[0]}” in {title} is measured over all who use it")
    return None


def _traffic(alerts: Iterable[Affected]) -> Iterable[Extent]:
    """What alerts say of parts of the traffic and of numbers of users."""
    users: dict[str, set[str]] = {}
    for alert in alerts:
        yield from _said(f"{alert.title[:MOST_READ]}. {alert.description[:MOST_READ]}")
        labels = alert.labels or {}
        for label in _COUNT_LABELS:
            if labels.get(label, "").isdecimal():
                yield _of_users(int(labels[label][:15]), f"the label {label}")
        for label in _USER_LABELS:
            if value := labels.get(label):
                users.setdefault(label, set()).add(value)
    for label, values in users.items():
        yield _of_users(len(values), f"the label {label}")


def _said(text: str) -> Iterable[Extent]:
    for found in _PART.finditer(text):
        if float(found[1]) > 0:
            yield Extent(Scope.MANY_USERS, f"the alert says {' '.join(found[0].split())}")
    for found in _USERS.finditer(text):
        yield _of_users(int(found[1].replace(",", "") or 0), "the alert")


def _of_users(count: int, where: str) -> Extent:
    if count < 2:
        return Extent(Scope.ONE_USER, f"{where} names one user")
    return Extent(Scope.MANY_USERS, f"{where} names {count:,} users")
