"""A snapshot: everything that was read from the world for one investigation, kept verbatim."""

import gzip
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from tocsin.investigation.diagnosis.reading.terraform.deployed import Deployed
from tocsin.investigation.diagnosis.reference import (
    BadReferenceError,
    DeploymentLogReference,
    EntryReference,
    LogReference,
    ObjectReference,
    Subject,
    WholeReference,
    follow,
    parse_reference,
)
from tocsin.investigation.diagnosis.sections import (
    Alert,
    Change,
    Dependency,
    Gap,
    Log,
    Metric,
    NodeService,
    Probe,
    SourceAlert,
)
from tocsin.investigation.diagnosis.stored import StoredEvent, StoredObject, read_events, read_objects
from tocsin.investigation.diagnosis.transcripts import former

Shape = TypeVar("Shape")

_FORMATS = ("tocsin-snapshot/1", "tocsin-snapshot/0")
_LISTS: Mapping[str, type[msgspec.Struct]] = {
    "metrics": Metric,
    "alerts": SourceAlert,
    "changes": Change,
    "probes": Probe,
    "node_services": NodeService,
    "dependencies": Dependency,
    "gaps": Gap,
}


class SnapshotError(ValueError):
    """The bytes are no snapshot; the message is one line that says what to do."""


class Snapshot(msgspec.Struct, frozen=True, dict=True):
    """One look at the world. `sections` names those that were collected: a missing one is a gap, not "fine".

    `collected` are kinds of which everything was listed, `partial` those of which only some were read.
    `origin` says what it was read from, where that was a file.
    `deployed` is the section `deployment`, understood.
    `captured_at` falls back to the latest time stored in the snapshot; it is never the clock's.
    """

    sections: frozenset[str]
    captured_at: datetime | None = None
    cluster: str = ""
    namespace: str = ""
    alert: Alert = Alert()
    objects: tuple[StoredObject, ...] = ()
    events: tuple[StoredEvent, ...] = ()
    logs: Mapping[str, Log] = {}
    metrics: tuple[Metric, ...] = ()
    alerts: tuple[SourceAlert, ...] = ()
    changes: tuple[Change, ...] = ()
    probes: tuple[Probe, ...] = ()
    node_services: tuple[NodeService, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    deployment: msgspec.Raw | None = None
    deployed: Deployed | None = None
    gaps: tuple[Gap, ...] = ()
    collected: frozenset[str] = frozenset()
    partial: frozenset[str] = frozenset()
    origin: str = ""

    @cached_property
    def by_subject(self) -> Mapping[Subject, StoredObject]:
        """The objects by name. Of two with one name the fuller is kept, whatever their order."""
        ranked = sorted(self.objects, key=lambda stored: (len(stored.raw), bytes(stored.raw)))
        return {stored.subject: stored for stored in ranked}

    @cached_property
    def by_event(self) -> Mapping[str, StoredEvent]:
        """The events by the part of their reference before the `#`."""
        ranked = sorted(self.events, key=lambda event: bytes(event.raw))
        return {event.place: event for event in ranked}

    def within(self, at: datetime | None, span: timedelta) -> bool:
        """Tell whether a time is less than a span before the look; False where nobody knows one of them."""
        return bool(at and self.captured_at and self.captured_at - at < span)

    def beyond(self, at: datetime | None, span: timedelta) -> bool:
        """Tell whether a time is more than a span before the look; False where nobody knows one of them."""
        return bool(at and self.captured_at and self.captured_at - at > span)

    def resolve(self, reference: str) -> object:
        """Return the stored value that a reference leads to; raises BadReferenceError when there is none."""
        where = parse_reference(reference)
        match where:
            case ObjectReference(subject, pointer):
                place = str(subject)
                held = self.by_event.get(place) if subject.kind == "Event" else self.by_subject.get(subject)
                if held is None:
                    raise BadReferenceError(f"the snapshot holds no {subject}")
                return follow(held.value, pointer)
            case LogReference(key, run, line):
                return self._log_line(key, run, line)
            case DeploymentLogReference(line):
                return _at(self.deployed.log.split("\n") if self.deployed else (), line, "deployment/log")
            case EntryReference(section, index, pointer):
                return follow(self._entry(section, index), pointer)
            case WholeReference("alert", pointer):
                return follow(msgspec.to_builtins(self.alert), pointer)
            case WholeReference(_, pointer):
                return follow(msgspec.json.decode(self.deployment or b"null"), pointer)

    def _log_line(self, key: str, run: str, line: int) -> str:
        log = self.logs.get(key)
        return _at(log.lines(run) if log else (), line, f"logs/{key}/{run}")

    def _entry(self, section: str, index: int) -> object:
        entries = getattr(self, section)
        if index >= len(entries):
            raise BadReferenceError(f"the snapshot holds no {section}/{index}")
        entry = entries[index]
        return entry.value if isinstance(entry, StoredEvent) else msgspec.to_builtins(entry)


def parse_snapshot(data: bytes) -> Snapshot:
    """Read `tocsin-snapshot/1` or `/0`, JSON or gzipped JSON (told by its first two bytes).

    One odd entry never spoils the rest: it is left out and named in `gaps`. Raises SnapshotError for what is no
    snapshot at all.
    """
    document = _document(data)
    gaps: list[Gap] = []
    objects = read_objects(_raws(document, "objects", gaps), gaps)
    events = read_events(_raws(document, "events", gaps), gaps)
    lists: dict[str, Any] = {name: _entries(document, name, shape, gaps) for name, shape in _LISTS.items()}
    logs = _logs(document, gaps)
    changes: tuple[Change, ...] = lists["changes"]
    times = [event.last for event in events] + [change.at for change in changes]
    return Snapshot(
        sections=frozenset(name for name, raw in document.items() if bytes(raw) != b"null"),
        captured_at=_one(document, "captured_at", datetime, gaps) or max(filter(None, times), default=None),
        cluster=_one(document, "cluster", str, gaps) or "",
        namespace=_one(document, "namespace", str, gaps) or "",
        alert=_one(document, "alert", Alert, gaps) or Alert(),
        objects=objects,
        events=events,
        logs=logs,
        deployment=document.get("deployment"),
        deployed=_one(document, "deployment", Deployed, gaps),
        collected=frozenset(_one(document, "collected", list[str], gaps) or ()),
        partial=frozenset(_one(document, "partial", list[str], gaps) or ()),
        origin=_one(document, "origin", str, gaps) or "",
        **lists | {"gaps": tuple(sorted((*lists["gaps"], *gaps)))},
    )


def _at(lines: Sequence[str], line: int, log: str) -> str:
    if line > len(lines):
        raise BadReferenceError(f"the snapshot holds no line {line} of {log}")
    return lines[line - 1]


def _document(data: bytes) -> dict[str, msgspec.Raw]:
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise SnapshotError(f"the gzip file is cut off or damaged ({error}); copy it again.") from error
    try:
        document = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        form = msgspec.json.decode(document.get("format", b"null"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SnapshotError(f"this is no JSON object ({error}); give a Tocsin snapshot, .json or .json.gz.") from error
    if form not in _FORMATS:
        told = 'it has no "format"' if form is None else f"its format is {form!r}"
        raise SnapshotError(f"this is no Tocsin snapshot: {told}; expected {_FORMATS[0]!r}. Collect it anew.")
    return former.modernise(document) if form == _FORMATS[1] else document


def _one(document: Mapping[str, msgspec.Raw], section: str, shape: type[Shape], gaps: list[Gap]) -> Shape | None:
    try:
        return msgspec.json.decode(document.get(section, b"null"), type=shape | None)
    except msgspec.ValidationError as error:
        gaps.append(Gap(section, f"not understood: {error}", section))
        return None


def _raws(document: Mapping[str, msgspec.Raw], section: str, gaps: list[Gap]) -> list[msgspec.Raw]:
    return _one(document, section, list[msgspec.Raw], gaps) or []


def _entries(
    document: Mapping[str, msgspec.Raw], section: str, shape: type[Shape], gaps: list[Gap]
) -> tuple[Shape, ...]:
    entries = []
    for index, raw in enumerate(_raws(document, section, gaps)):
        try:
            entries.append(msgspec.json.decode(raw, type=shape))
        except msgspec.ValidationError as error:
            gaps.append(Gap(f"{section}/{index}", f"not understood: {error}", section))
    return tuple(entries)


def _logs(document: Mapping[str, msgspec.Raw], gaps: list[Gap]) -> dict[str, Log]:
    logs = {}
    for key, raw in (_one(document, "logs", dict[str, msgspec.Raw], gaps) or {}).items():
        if len(list(filter(None, key.split("/")))) != 3 or key.count("/") != 2:
            gaps.append(Gap(f"logs {key}", "not understood: logs are kept by namespace/pod/container", "logs"))
            continue
        try:
            logs[key] = msgspec.json.decode(raw, type=Log)
        except msgspec.ValidationError as error:
            gaps.append(Gap(f"logs {key}", f"not understood: {error}", "logs"))
    return logs
