"""Kubernetes objects and events as they were stored: a small header read at once, the rest decoded on need."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.sections import Gap

CLUSTER_SCOPED = frozenset(
    {
        "APIService",
        "CSIDriver",
        "CSINode",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "RuntimeClass",
        "StorageClass",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
    }
)


class _Metadata(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    namespace: str | None = None
    uid: str | None = None


class _Header(msgspec.Struct, frozen=True):
    kind: str
    metadata: _Metadata


class _Involved(msgspec.Struct, frozen=True):
    kind: str = ""
    namespace: str | None = None
    name: str = ""
    uid: str | None = None


class _Series(msgspec.Struct, frozen=True, rename="camel"):
    count: int | None = None
    last_observed_time: datetime | None = None


class _EventMetadata(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    namespace: str | None = None
    creation_timestamp: datetime | None = None


class _EventBody(msgspec.Struct, frozen=True, rename="camel"):
    metadata: _EventMetadata = _EventMetadata()
    involved_object: _Involved | None = None
    regarding: _Involved | None = None
    type: str | None = None
    reason: str | None = None
    message: str | None = None
    note: str | None = None
    count: int | None = None
    series: _Series | None = None
    first_timestamp: datetime | None = None
    last_timestamp: datetime | None = None
    event_time: datetime | None = None


class StoredObject(msgspec.Struct, frozen=True, dict=True):
    """One object, verbatim in `raw`; `uid` is empty when the source left it out."""

    subject: Subject
    uid: str
    raw: msgspec.Raw

    @cached_property
    def value(self) -> Mapping[str, Any]:
        """The whole object, decoded at the first look."""
        decoded: Mapping[str, Any] = msgspec.json.decode(self.raw)
        return decoded


class StoredEvent(msgspec.Struct, frozen=True, dict=True):
    """One event of either API (`v1` or `events.k8s.io`); `place` is its reference before the `#`.

    `message` is without the recorder's "(combined from similar events): ". `last` is the latest of its times.
    """

    place: str
    about: Subject
    about_uid: str
    type: str
    reason: str
    message: str
    count: int
    first: datetime | None
    last: datetime | None
    raw: msgspec.Raw

    @cached_property
    def value(self) -> Mapping[str, Any]:
        """The whole event, decoded at the first look."""
        decoded: Mapping[str, Any] = msgspec.json.decode(self.raw)
        return decoded

    @property
    def message_pointer(self) -> str:
        """Where the message stands: `note` in events.k8s.io, `message` in v1."""
        return "/note" if "note" in self.value else "/message"


def read_objects(raws: list[msgspec.Raw], gaps: list[Gap]) -> tuple[StoredObject, ...]:
    """Read the headers; an entry without kind and name is left out and noted in `gaps`."""
    objects = []
    for index, raw in enumerate(raws):
        try:
            header = msgspec.json.decode(raw, type=_Header)
        except msgspec.ValidationError as error:
            gaps.append(Gap(f"object {index}", f"not understood: {error}", "objects"))
            continue
        namespace = "" if header.kind in CLUSTER_SCOPED else header.metadata.namespace or ""
        subject = Subject(header.kind, namespace, header.metadata.name)
        objects.append(StoredObject(subject, header.metadata.uid or "", raw))
    return tuple(objects)


def read_events(raws: list[msgspec.Raw], gaps: list[Gap]) -> tuple[StoredEvent, ...]:
    """Read the events; one that is not understood is left out and noted in `gaps`."""
    events = []
    for index, raw in enumerate(raws):
        try:
            events.append(_event(msgspec.json.decode(raw, type=_EventBody), raw, index))
        except msgspec.ValidationError as error:
            gaps.append(Gap(f"event {index}", f"not understood: {error}", "events"))
    return tuple(events)


def _event(body: _EventBody, raw: msgspec.Raw, index: int) -> StoredEvent:
    involved = body.involved_object or body.regarding or _Involved()
    series = body.series or _Series()
    times = [body.last_timestamp, series.last_observed_time, body.event_time, body.metadata.creation_timestamp]
    last = max((time for time in times if time), default=None)
    name, namespace = body.metadata.name, body.metadata.namespace or ""
    scope = "" if involved.kind in CLUSTER_SCOPED else involved.namespace or namespace
    return StoredEvent(
        place=str(Subject("Event", namespace, name)) if name else f"events/{index}",
        about=Subject(involved.kind, scope, involved.name),
        about_uid=involved.uid or "",
        type=body.type or "",
        reason=body.reason or "",
        message=(body.message or body.note or "").removeprefix("(combined from similar events): "),
        count=series.count or body.count or 1,
        first=body.first_timestamp or body.event_time or last,
        last=last,
        raw=raw,
    )
