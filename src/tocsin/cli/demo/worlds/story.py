"""What one demonstration world is: where it plays, what the cluster looks like, what the alerts say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.cli.demo.worlds.alertmanager import Firing, webhook
from tocsin.cli.demo.worlds.cluster import Cluster
from tocsin.cli.demo.worlds.metadata import Json


@dataclass(frozen=True, slots=True)
class Story:
    """A world told at one moment: the cluster, the alerts that fire, the resource that the first of them is about."""

    cluster: Cluster
    firings: Sequence[Firing]
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class World:
    """One demonstration world. `tell(now)` builds it as it is at that time."""

    slug: str
    title: str
    """What goes wrong, in one line."""
    project: str
    environment: str
    environment_kind: str
    """production, staging or development."""
    cluster: str
    namespace: str
    tell: Callable[[World, datetime], Story]
    recovers: bool = False
    """Whether the alerts resolve by themselves a few minutes later."""
    fixed_by: str = ""
    """With what people fix it while the demonstration plays; empty: it stays as it is."""

    def begin(self, now: datetime) -> Cluster:
        """An empty cluster of this world's name, namespace and environment."""
        return Cluster(self.cluster, self.namespace, self.environment, now)

    def snapshot(self, now: datetime) -> Json:
        """The cluster as a `tocsin-snapshot/1` document, captured at `now`."""
        story = self.tell(self, now)
        first = story.firings[0]
        return story.cluster.snapshot(first.summary, story.kind, story.name, {"alertname": first.name, **first.labels})

    def alerts(self, now: datetime) -> Json:
        """The alerts that fire at `now`, as an Alertmanager webhook body (version 4)."""
        return webhook(self.cluster, self.namespace, self.tell(self, now).firings)

    def resolved(self, now: datetime, at: datetime) -> Json:
        """The body that ends at `at` what `alerts(now)` began."""
        return webhook(self.cluster, self.namespace, self.tell(self, now).firings, ended=at)
