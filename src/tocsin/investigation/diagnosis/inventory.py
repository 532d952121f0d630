"""The objects of a snapshot by kind and name, in a fixed order, with who owns whom."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Any, TypeVar, cast

from tocsin.investigation.diagnosis.reading.logs.lines import Logs
from tocsin.investigation.diagnosis.reading.terraform.deployment import Deployment
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import VIEWS, Pod, Resource, Service, Workload
from tocsin.investigation.diagnosis.snapshot import Snapshot
from tocsin.investigation.diagnosis.stored import StoredEvent

Kind = TypeVar("Kind", bound=Resource)
Found = TypeVar("Found")
# Namespace, key, value.
_Label = tuple[str, str, str]

# Names of which three letters in four are the same, in the same order, may be one another's.
_ALIKE = 0.75
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job")


class Inventory:
    """Looks at a snapshot's objects, decoded once and only where somebody looks."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._views: dict[str, tuple[Resource, ...]] = {}
        self._controllers: dict[Subject, Subject] = {}
        self._named: dict[str, Mapping[Subject, Resource]] = {}
        self._worked_out: dict[Callable[[Inventory], Any], Any] = {}

    def once(self, work_out: Callable[["Inventory"], Found]) -> Found:
        """Return what a function works out of the objects, worked out when it is asked for first."""
        if work_out not in self._worked_out:
            self._worked_out[work_out] = work_out(self)
        return cast(Found, self._worked_out[work_out])

    @cached_property
    def _subjects(self) -> Mapping[str, list[Subject]]:
        kinds = defaultdict(list)
        for subject in sorted(self.snapshot.by_subject):
            kinds[subject.kind].append(subject)
        return kinds

    @cached_property
    def deployment(self) -> Deployment | None:
        """The run of an infrastructure tool that was collected, if any."""
        return Deployment(self.snapshot.deployed) if self.snapshot.deployed else None

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of which what is there is stored: of them, what is not stored is not there."""
        return frozenset(self._subjects) - self.snapshot.partial | self.snapshot.collected

    def of(self, kind: str) -> tuple[Resource, ...]:
        """Return the objects of a kind in the order of their names."""
        if kind not in self._views:
            view, stored = VIEWS.get(kind, Resource), self.snapshot.by_subject
            subjects = self._subjects.get(kind, ())
            self._views[kind] = tuple(view(subject, "", stored[subject].value) for subject in subjects)
        return self._views[kind]

    def _views_by_subject(self, kind: str) -> Mapping[Subject, Resource]:
        if kind not in self._named:
            self._named[kind] = {view.subject: view for view in self.of(kind)}
        return self._named[kind]

    def get(self, subject: Subject) -> Resource | None:
        """Return the object of a name, None when it is not stored."""
        if subject not in self.snapshot.by_subject:
            return None
        return self._views_by_subject(subject.kind)[subject]

    def similar(self, wanted: Subject) -> str:
        """Return the name most like that of an object which is not there, of its kind and namespace; empty for none."""
        names = [item.name for item in self.of(wanted.kind) if item.namespace == wanted.namespace]
        return next(iter(get_close_matches(wanted.name, names, n=1, cutoff=_ALIKE)), "")

    @property
    def pods(self) -> tuple[Pod, ...]:
        """The pods."""
        return cast("tuple[Pod, ...]", self.of("Pod"))

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """What people deploy: Deployments, StatefulSets, DaemonSets and Jobs, without what those make in turn."""
        return tuple(cast(Workload, item) for kind in WORKLOADS for item in self.of(kind))

    @cached_property
    def _pods_by_controller(self) -> Mapping[Subject, list[Pod]]:
        made = defaultdict(list)
        for pod in self.pods:
            made[self.controller(pod.subject)].append(pod)
        return made

    def pods_of(self, controller: Subject) -> list[Pod]:
        """Return the pods that a workload made, directly or through a ReplicaSet."""
        return self._pods_by_controller.get(controller, [])

    @cached_property
    def _pods_by_node(self) -> Mapping[str, list[Pod]]:
        bound = defaultdict(list)
        for pod in self.pods:
            bound[pod.node].append(pod)
        return bound

    def pods_on(self, node: str) -> list[Pod]:
        """Return the pods that are bound to a node of a name."""
        return self._pods_by_node.get(node, []) if node else []

    def controller(self, subject: Subject) -> Subject:
        """Climb the owners up to the object that people deploy; an object that nothing owns is its own."""
        if subject not in self._controllers:
            self._controllers[subject] = self._controller(subject)
        return self._controllers[subject]

    def _controller(self, subject: Subject) -> Subject:
        top = self.owners(subject)[-1]
        known = self.get(top) is not None
        if top.kind == "ReplicaSet" or (top.kind == "Pod" and (not known or self._templated(top))):
            return self._maker(top)
        return top

    def owners(self, subject: Subject) -> list[Subject]:
        """Return an object and its owners, from the bottom up; owners that go round in a circle end where it closes."""
        chain = [subject]
        while (held := self.get(chain[-1])) and (owner := held.owner) and owner.text("kind") not in ("", "Node"):
            above = Subject(owner.text("kind"), subject.namespace, owner.text("name"))
            if above in chain:
                break
            chain.append(above)
        return chain

    @cached_property
    def _pods_by_label(self) -> Mapping[_Label, list[Pod]]:
        return _indexed((pod, pod.labels) for pod in self.pods)

    @cached_property
    def _workloads_by_label(self) -> Mapping[_Label, list[Workload]]:
        return _indexed((workload, workload.template_labels) for workload in self.workloads)

    def selected(self, service: Service) -> list[Pod]:
        """Return the pods that a Service selects."""
        return _picked(service, self._pods_by_label)

    def behind(self, service: Service) -> list[Workload]:
        """Return the workloads whose pods a Service selects, even while there are none."""
        return _picked(service, self._workloads_by_label)

    def _templated(self, pod: Subject) -> bool:
        """Tell whether a Deployment labelled the pod; listings show labels and no owners."""
        held = self.get(pod)
        return bool(held and held.labels.get("pod-template-hash"))

    def _maker(self, subject: Subject) -> Subject:
        """Tell by its generated name who made a pod or ReplicaSet that is not stored itself."""
        pattern = r"(.+)-[a-z0-9]{6,10}" + (r"-[a-z0-9]{5}" if subject.kind == "Pod" else "")
        if found := re.fullmatch(pattern, subject.name):
            return Subject("Deployment", subject.namespace, found[1])
        return subject

    @cached_property
    def logs(self) -> Logs:
        """What the logs complain about."""
        return Logs(self.snapshot.logs, self.snapshot.captured_at)

    @cached_property
    def _events(self) -> Mapping[Subject, list[StoredEvent]]:
        live = defaultdict(list)
        for event in sorted(self.snapshot.events, key=lambda event: (event.place, bytes(event.raw))):
            if self._current(event):
                live[event.about].append(event)
        return live

    def events_about(self, subject: Subject) -> list[StoredEvent]:
        """Return the events about an object that are not stale."""
        return self._events.get(subject, [])

    @cached_property
    def events(self) -> Sequence[StoredEvent]:
        """Every event whose object still exists, or of whose kind nothing is stored."""
        return [event for about in sorted(self._events) for event in self._events[about]]

    @cached_property
    def _events_by_reason(self) -> Mapping[str, list[StoredEvent]]:
        return _by_reason(self.events)

    def events_of(self, reasons: Iterable[str]) -> Iterator[StoredEvent]:
        """Yield the events of these reasons that are not stale."""
        for reason in dict.fromkeys(reasons):
            yield from self._events_by_reason.get(reason, ())

    def _current(self, event: StoredEvent) -> bool:
        stored = self.snapshot.by_subject.get(event.about)
        if stored is None:
            return event.about.kind not in self.kinds
        return not (event.about_uid and stored.uid and event.about_uid != stored.uid) or event.about.kind == "Node"


def _by_reason(events: Iterable[StoredEvent]) -> Mapping[str, list[StoredEvent]]:
    index = defaultdict(list)
    for event in events:
        index[event.reason].append(event)
    return index


def _indexed(items: Iterable[tuple[Kind, Mapping[str, str]]]) -> Mapping[_Label, list[Kind]]:
    index = defaultdict(list)
    for item, labels in items:
        for key, value in labels.items():
            index[item.namespace, key, value].append(item)
    return index


def _picked(service: Service, index: Mapping[_Label, list[Kind]]) -> list[Kind]:
    """Return what carries every pair of a selector; an empty selector picks nothing."""
    first, *others = [index.get((service.namespace, *pair), []) for pair in sorted(service.selector.items())] or [[]]
    subjects = [{item.subject for item in other} for other in others]
    return [item for item in first if all(item.subject in other for other in subjects)]
