"""What one round of lists brings, before it is a snapshot: objects that are kept at once, and those that wait for others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from tocsin.investigation.collectors.kubernetes.client import Page
from tocsin.investigation.collectors.kubernetes.outlines import (
    PodOutline,
    PodSpec,
    ServiceOutline,
    WorkloadOutline,
    named_namespaces,
)
from tocsin.investigation.collectors.kubernetes.plan import METADATA_FIRST, SYSTEM, Listing
from tocsin.investigation.collectors.kubernetes.thinning import Revisions
from tocsin.investigation.collectors.kubernetes.usage import usage
from tocsin.investigation.collectors.reading import Reading

_REVISIONS = frozenset({"ReplicaSet", "ControllerRevision"})
_WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Rollout"})
Place = tuple[str, str]
"""Namespace and name."""


class _Metadata(msgspec.Struct):
    name: str
    namespace: str = ""


class _Named(msgspec.Struct):
    metadata: _Metadata


def place_of(raw: bytes) -> Place:
    """Where an object is. Raises msgspec.DecodeError."""
    metadata = msgspec.json.decode(raw, type=_Named).metadata
    return metadata.namespace, metadata.name


@dataclass(slots=True)
class Gathered:
    """One round. `nodes`, where given, are those whose pods are kept of what runs on every node.

    `guarded` are the namespaces that have network policies.
    """

    reading: Reading
    nodes: frozenset[str] | None = None
    pods: list[PodOutline] = field(default_factory=list)
    services: list[ServiceOutline] = field(default_factory=list)
    namespaces: set[str] = field(default_factory=set)
    guarded: set[str] = field(default_factory=set)
    config_maps: dict[Place, bytes] = field(default_factory=dict)
    _templates: list[tuple[str, PodSpec]] = field(default_factory=list)
    _event_texts: list[bytes] = field(default_factory=list)
    _seen_owners: set[Place] = field(default_factory=set)
    _revisions: Revisions = field(default_factory=Revisions)

    def take(self, page: Page, listing: Listing) -> None:
        """Take the items of a page; one that is not shaped as we know its kind is kept as it is."""
        about = re.compile(rf'"{re.escape(listing.concerning)}["_]'.encode()) if listing.concerning else None
        for raw in page.items:
            if about is not None and not about.search(raw):
                continue
            try:
                self._take_one(raw, page.kind)
            except msgspec.ValidationError:
                self.reading.add(raw)

    def _take_one(self, raw: bytes, kind: str) -> None:
        if kind.endswith("Metrics"):
            for entry in usage(raw, kind):
                self.reading.add_entry("metrics", entry)
        elif kind in _REVISIONS:
            self._revisions.add(raw)
        elif kind in METADATA_FIRST:
            self.config_maps[place_of(raw)] = raw
        elif kind != "Pod" or self._keeps(raw):
            self._note(raw, kind)
            self.reading.add(raw)

    def _keeps(self, raw: bytes) -> bool:
        """Whether a pod is of use: of those on every node one that stands for all, those in trouble or beside the others."""
        pod = msgspec.json.decode(raw, type=PodOutline)
        place = pod.metadata.namespace, pod.owner
        is_alike = self.nodes is not None and pod.is_on_every_node and place in self._seen_owners
        self._seen_owners.add(place)
        is_kept = not is_alike or pod.is_troubled or pod.spec.node_name in (self.nodes or ())
        if is_kept:
            self.pods.append(pod)
        return is_kept

    def _note(self, raw: bytes, kind: str) -> None:
        if kind == "Service":
            self.services.append(msgspec.json.decode(raw, type=ServiceOutline))
        elif kind in _WORKLOADS:
            workload = msgspec.json.decode(raw, type=WorkloadOutline)
            self._templates.append((workload.metadata.namespace, workload.pod))
        elif kind == "Namespace":
            self.namespaces.add(msgspec.json.decode(raw, type=_Named).metadata.name)
        elif kind == "NetworkPolicy":
            self.guarded.add(place_of(raw)[0])
        elif kind == "Event":
            self._event_texts.append(raw)

    @property
    def wanted_config_maps(self) -> list[Place]:
        """The ConfigMaps that pods or workloads read, of those that are there."""
        readers = [*self._templates, *((pod.metadata.namespace, pod.spec) for pod in self.pods)]
        wanted = {(namespace, name) for namespace, spec in readers for name in spec.config_maps}
        return sorted(wanted & self.config_maps.keys())

    def fill_config_maps(self, contents: Mapping[Place, bytes | None]) -> None:
        """Put ConfigMaps with their contents in the place of those without; None: it has gone since it was listed."""
        for place, raw in contents.items():
            if raw is None:
                del self.config_maps[place]
            else:
                self.config_maps[place] = raw

    def related(self, own: str) -> list[str]:
        """The other namespaces whose Services are named by what was read, the most named first."""
        known = self.namespaces - {own, SYSTEM}
        texts = [text for _, spec in self._templates for text in spec.texts]
        texts += [text for pod in self.pods for text in pod.spec.texts]
        texts += [raw.decode("utf-8", "replace") for raw in (*self.config_maps.values(), *self._event_texts)]
        named = Counter(name for text in texts for name in named_namespaces(text, known))
        return [name for name, _ in sorted(named.items(), key=lambda entry: (-entry[1], entry[0]))]

    def settle(self) -> None:
        """Keep what waited: revisions, ConfigMaps."""
        for raw in (*self._revisions, *self.config_maps.values()):
            self.reading.add(raw)
