"""The world as a cause sees it: everything stored, and a note of whatever the cause wanted and was not collected."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation, cut
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.known import Complaining, Known, ran
from tocsin.investigation.diagnosis.reading.changes.edits import Edit
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reading.terraform.deployment import Deployment
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container, Node, Pod, Resource, Service, Workload
from tocsin.investigation.diagnosis.sections import NodeService
from tocsin.investigation.diagnosis.snapshot import Snapshot
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.topology import Topology

_PLURALS = {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies", "StorageClass": "storageclasses"}


class World:
    """A snapshot to look at. Looking for what was not collected is noted in `missed`, by what and why."""

    def __init__(self, inventory: Inventory, topology: Topology, known: Known | None = None) -> None:
        self.inventory = inventory
        self.topology = topology
        self.known = known or Known(inventory)
        self.missed: dict[str, str] = {}

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot itself."""
        return self.inventory.snapshot

    def of(self, kind: str) -> tuple[Resource, ...]:
        """Return the objects of a kind; notes the gap when the kind was not collected."""
        self.knows(kind)
        return self.inventory.of(kind)

    @property
    def deployment(self) -> Deployment | None:
        """The run of an infrastructure tool; None, with the gap noted, when none was collected."""
        self.knows("deployment")
        return self.inventory.deployment

    @property
    def pods(self) -> tuple[Pod, ...]:
        """The pods."""
        return cast("tuple[Pod, ...]", self.of("Pod"))

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes."""
        return cast("tuple[Node, ...]", self.of("Node"))

    @property
    def services(self) -> tuple[Service, ...]:
        """The Services."""
        return cast("tuple[Service, ...]", self.of("Service"))

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """Deployments, StatefulSets, DaemonSets and Jobs."""
        return self.inventory.workloads

    def get(self, kind: str, namespace: str, name: str) -> Resource | None:
        """Return an object by name; None, with the gap noted, when its kind was not collected."""
        self.knows(kind)
        return self.inventory.get(Subject(kind, namespace, name))

    def knows(self, kind: str) -> bool:
        """Tell whether a kind, or a section, was collected; only then does absence mean anything."""
        why = self._refused(kind)
        if why:
            self.missed[kind] = why
        return not why

    def controller(self, pod: Resource | Subject) -> Subject:
        """Return what people deploy and change: the top of the owners."""
        return self.inventory.controller(pod if isinstance(pod, Subject) else pod.subject)

    def workload(self, subject: Subject) -> Workload | None:
        """Return the stored workload that made an object."""
        held = self.inventory.get(self.controller(subject))
        return held if isinstance(held, Workload) else None

    def selected(self, service: Service) -> list[Pod]:
        """Return the pods that a Service selects."""
        self.knows("Pod")
        return self.inventory.selected(service)

    def pods_of(self, controller: Subject) -> list[Pod]:
        """Return the pods that a workload made."""
        self.knows("Pod")
        return self.inventory.pods_of(controller)

    def events(self, *reasons: str, about: Subject | None = None) -> Iterator[StoredEvent]:
        """Yield the events with one of these reasons that are not stale, newest first."""
        if "events" not in self.snapshot.sections:
            self.missed["events"] = self._gap("events") or "not collected"
        chosen = self.inventory.events_about(about) if about else self.inventory.events_of(reasons)
        matching = [event for event in chosen if event.reason in reasons]
        yield from sorted(matching, key=lambda event: event.last.timestamp() if event.last else 0.0, reverse=True)

    @property
    def edits(self) -> Mapping[Subject, Edit]:
        """The latest change of each object."""
        return self.known.edits

    @property
    def node_services(self) -> tuple[NodeService, ...]:
        """The system services of nodes; notes the gap when nobody looked at them."""
        self.knows("node_services")
        return self.snapshot.node_services

    def unreached(self, host: str, port: int | None) -> Iterator[Citation]:
        """Cite the failed attempts to connect to a Service."""
        for index, probe in enumerate(self.snapshot.probes):
            name, _, asked = probe.target.partition(":")
            if not probe.succeeded and name.partition(".")[0] == host and asked == str(port):
                yield Citation(
                    f"probes/{index}#/succeeded", False, STRONG, Subject("Service", self.snapshot.namespace, host)
                )

    def reached(self, host: str, port: int | None) -> bool:
        """Tell whether somebody connected to a Service."""
        tried = [probe.target.partition(":") for probe in self.snapshot.probes if probe.succeeded]
        return any(name.partition(".")[0] == host and asked == str(port) for name, _, asked in tried)

    def complaints(self, pod: Pod, container: str, run: str) -> Sequence[Line]:
        """Return the lines of a run ("current", "previous") that sound like trouble; notes a failing pod's missing log."""
        return self.inventory.logs.complaints(self._log(pod, container), run)

    def current_complaints(self, pod: Pod, container: Container) -> Sequence[Line]:
        """Return what a container complains of now, the run before first; notes a failing pod's missing log."""
        return self.inventory.logs.current(self._log(pod, container.name), container)

    def complaining(self, pattern: re.Pattern[str]) -> Sequence[Complaining]:
        """Return the containers that complain now, with the lines in which the pattern begins; notes all missing logs."""
        self.knows("Pod")
        for key in self.known.unread:
            self.missed[f"logs {key}"] = self._gap(f"logs {key}") or "not collected"
        return self.known.matching(pattern)

    def _log(self, pod: Pod, container: str) -> str:
        key = pod.log_of(container)
        written = any(one.name == container and ran(pod, one) for one in pod.containers)
        if written and key not in self.snapshot.logs and not pod.ready:
            self.missed[f"logs {key}"] = self._gap(f"logs {key}") or "not collected"
        return key

    def _refused(self, kind: str) -> str:
        if kind in self.inventory.kinds or kind in self.snapshot.sections:
            return ""
        if kind[:1].islower():
            return self._gap(kind) or "not collected"
        if kind in self.snapshot.partial:
            return "only some were read"
        if "objects" not in self.snapshot.sections:
            return self._gap("objects") or "objects were not collected"
        return self._gap(_PLURALS.get(kind, f"{kind.lower()}s")) or self._gap(kind) or "none was collected"

    def _gap(self, what: str) -> str:
        return next((why for told, why in self._gaps.items() if told == what or told.startswith(f"{what} ")), "")

    @cached_property
    def _gaps(self) -> Mapping[str, str]:
        return {gap.what: gap.why for gap in self.snapshot.gaps}


def cite_event(event: StoredEvent, weight: float = MODERATE) -> Citation:
    """Cite what a component of the cluster said in an event."""
    ref = f"{event.place}#{event.message_pointer}"
    return Citation(ref, cut(event.message), weight, event.about)
