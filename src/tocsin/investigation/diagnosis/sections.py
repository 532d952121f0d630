"""The sections of a snapshot besides objects and events: one frozen struct an entry, as `schemas/snapshot.json`."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

import msgspec

from tocsin.alerts.grouping import ALWAYS_FIRING


class Named(msgspec.Struct, frozen=True):
    """The object that an entry is about, as far as its source named it."""

    kind: str | None = None
    namespace: str | None = None
    name: str | None = None


class Alert(msgspec.Struct, frozen=True):
    """Why the investigation was started. Its title and labels are free text: weak evidence."""

    title: str = ""
    resource: Named | None = None
    labels: dict[str, str] = {}

    @property
    def by_design(self) -> bool:
        """Whether it fires all the time to show that alerts arrive, or to hold others back: no sign of trouble."""
        return (self.labels.get("alertname") or self.title.partition(" ")[0]) in ALWAYS_FIRING


class SourceAlert(msgspec.Struct, frozen=True):
    """Another alert that was firing; `text` as its source wrote it."""

    title: str
    about: Named = Named()
    labels: dict[str, str] = {}
    text: tuple[str, ...] = ()
    starts_at: datetime | None = None


class Metric(msgspec.Struct, frozen=True):
    """One measured value, with what is usual for it where that is known; `unit` as in OpenMetrics (seconds, ratio…)."""

    name: str
    value: float
    about: Named = Named()
    labels: dict[str, str] = {}
    unit: str = ""
    baseline: float | None = None


class Change(msgspec.Struct, frozen=True):
    """Something that was changed: when, by whom, which field, from what to what."""

    about: Named
    at: datetime | None = None
    by: str = ""
    field: str = ""
    old: str | None = None
    new: str | None = None
    summary: str = ""


class Probe(msgspec.Struct, frozen=True):
    """One attempt to connect, from `source` (a node or pod, if known) to `target` (host:port)."""

    target: str
    succeeded: bool
    source: str = ""
    output: str = ""
    latency_ms: float | None = None


class NodeService(msgspec.Struct, frozen=True):
    """A system service on a node, as its service manager tells of it."""

    node: str
    service: str
    active: bool
    state: str = ""
    output: str = ""


class Dependency(msgspec.Struct, frozen=True):
    """`caller` sends requests to `callee`, both names of Services or workloads."""

    caller: str
    callee: str


class Gap(msgspec.Struct, frozen=True, order=True):
    """What could not be read, and why: "logs shop/cart-7f/cart", "403 from the API server", "logs"."""

    what: str
    why: str
    section: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


class Log(msgspec.Struct, frozen=True, dict=True):
    """A container's output: of the run that goes on, and of the one before it; None was not collected."""

    current: str | None = None
    previous: str | None = None

    @cached_property
    def _split(self) -> dict[str, Sequence[str]]:
        return {"current": (self.current or "").splitlines(), "previous": (self.previous or "").splitlines()}

    def lines(self, run: str) -> Sequence[str]:
        """Return the lines of a run, "current" or "previous"; none when it was not collected."""
        return self._split[run]
