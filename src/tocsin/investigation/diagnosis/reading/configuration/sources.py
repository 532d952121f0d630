"""Which ConfigMaps and Secrets a container reads, whether it hears of a change, and when their content was changed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation, Part
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Container, Resource
from tocsin.investigation.diagnosis.world import World

# Where a container names what it reads, and the kind of it.
_OF_VARIABLE: Mapping[str, str] = {"valueFrom/configMapKeyRef": "ConfigMap", "valueFrom/secretKeyRef": "Secret"}
_OF_ALL: Mapping[str, str] = {"configMapRef": "ConfigMap", "secretRef": "Secret"}
_OF_VOLUME: Mapping[str, tuple[str, str]] = {"configMap": ("ConfigMap", "name"), "secret": ("Secret", "secretName")}
_CONTENT = ("f:data", "f:binaryData", "f:stringData")


class Read(NamedTuple):
    """One reference: `source` is read, `field` of `named` holds its name; `key` is empty for the whole of it.

    `fixed` says that a running container keeps what it read when it started: variables, and files mounted by subPath.
    """

    source: Subject
    key: str
    named: Part
    field: str
    fixed: bool


class Written(NamedTuple):
    """The latest change of an object's content: when, by whom, and where that is stored."""

    at: datetime
    by: str
    cite: Citation


def reads(container: Container, volumes: Iterable[Part]) -> Iterator[Read]:
    """Yield what a container reads; `volumes` are those of its pod or template."""
    namespace = container.spec.subject.namespace
    for variable in container.env:
        for path, kind in _OF_VARIABLE.items():
            if named := variable.part(path):
                yield Read(Subject(kind, namespace, named.text("name")), named.text("key"), named, "name", True)
    for source in container.spec.parts("envFrom"):
        for path, kind in _OF_ALL.items():
            if named := source.part(path):
                yield Read(Subject(kind, namespace, named.text("name")), "", named, "name", True)
    mounted = {mount.text("name"): bool(mount.text("subPath")) for mount in container.spec.parts("volumeMounts")}
    for volume in volumes:
        for path, (kind, field) in _OF_VOLUME.items():
            named = volume.part(path)
            if named and volume.text("name") in mounted:
                fixed = mounted[volume.text("name")]
                yield Read(Subject(kind, namespace, named.text(field)), "", named, field, fixed)


def written(world: World, item: Resource) -> Written | None:
    """Return the latest change of an object's content: by its managed fields where it has them, else by another record."""
    entries = [
        Written(at, entry.text("manager"), entry.cite("time", MODERATE))
        for entry in item.parts("metadata/managedFields")
        if (at := entry.time("time")) and _of_content(entry)
    ]
    if entries:
        return max(entries, key=lambda one: (one.at, one.by))
    edit = None if item.get("metadata/managedFields") else world.edits.get(item.subject)
    return Written(edit.at, edit.by, edit.cite) if edit else None


def _of_content(entry: Part) -> bool:
    fields = entry.mapping("fieldsV1")
    return not fields or any(name in fields for name in _CONTENT)
