"""A journal of what people and tools changed: the fields of an object before and after, redacted and bounded. Pure."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, zip_longest
from typing import Any

import msgspec

from tocsin.ground.redaction import redact_json

# What of a kind people change, by kind. Status is what follows from it.
WATCHED: Mapping[str, tuple[str, ...]] = {
    "Deployment": ("spec",),
    "StatefulSet": ("spec",),
    "DaemonSet": ("spec",),
    "ConfigMap": ("data", "binaryData"),
    "Service": ("spec",),
    "NetworkPolicy": ("spec",),
    "HorizontalPodAutoscaler": ("spec",),
    "ResourceQuota": ("spec",),
    "Node": ("spec", "metadata/labels"),
}
MOST_CHANGES = 2000
MOST_TOLD = 200
MOST_FIELDS = 20  # of one change
LONGEST_VALUE = 200
_KEPT_FOR = timedelta(hours=24)
# A write that is older than this when it is seen was not the one that made the difference.
_FRESH = timedelta(minutes=10)
Object = dict[str, Any]
Entry = dict[str, Any]
Place = tuple[str, str, str]
"""Kind, namespace, name."""


@dataclass(frozen=True, slots=True)
class _Told:
    at: datetime
    namespace: str
    entry: Entry


class Journal:
    """Remembers what each watched object is like, and the latest changes of them. In memory alone."""

    def __init__(self, key: bytes) -> None:
        """`key` is that of redaction."""
        self._key = key
        self._held: dict[Place, bytes] = {}
        self._changes: deque[_Told] = deque(maxlen=MOST_CHANGES)
        self.gaps: dict[str, str] = {}

    def put(self, kind: str, item: Object, now: datetime, *, is_new: bool = True) -> Place:
        """Take an object as it is now; `is_new` tells of one that is not held that it was made just now."""
        place, after = _place(kind, item), self._condensed(kind, item)
        at, by = _written(item, now)
        before = self._held.get(place)
        encoded = msgspec.json.encode(after)
        self._held[place] = encoded
        if before is None:
            if is_new:
                self._tell(place, at, {"by": by, "summary": "created"})
        elif before != encoded:
            held = msgspec.json.decode(before)
            changes = (
                one for path in WATCHED[kind] for one in _differences(held.get(path), after.get(path), f"/{path}")
            )
            for pointer, old, new in islice(changes, MOST_FIELDS):
                self._tell(place, at, {"by": by, "field": pointer, "old": old, "new": new})
        return place

    def retain(self, kind: str, places: Collection[Place], now: datetime) -> None:
        """After a whole list: what else is held of the kind is gone."""
        for place in [place for place in self._held if place[0] == kind and place not in places]:
            self._drop(place, "", now)

    def remove(self, kind: str, item: Object, now: datetime) -> None:
        """An object is gone."""
        self._drop(_place(kind, item), _written(item, now)[1], now)

    def told(self, namespaces: Collection[str], now: datetime) -> list[Entry]:
        """The latest changes in some namespaces and of what belongs to none, as entries of a snapshot's `changes`."""
        concerned = [
            told
            for told in self._changes
            if now - told.at < _KEPT_FOR and (not told.namespace or told.namespace in namespaces)
        ]
        return [told.entry for told in concerned[-MOST_TOLD:]]

    def _drop(self, place: Place, by: str, now: datetime) -> None:
        if self._held.pop(place, None) is not None:
            self._tell(place, now, {"by": by, "summary": "deleted"})

    def _tell(self, place: Place, at: datetime, what: Entry) -> None:
        about = dict(zip(("kind", "namespace", "name"), place, strict=True))
        self._changes.append(_Told(at, place[1], {"about": about, "at": at.isoformat(), **what}))

    def _condensed(self, kind: str, item: Object) -> Object:
        """What of an object is compared, without secrets and with long texts cut."""
        clean = redact_json({path: _at(item, path) for path in WATCHED[kind]}, self._key)
        return {path: _cut(value) for path, value in clean.items() if value is not None}


def _place(kind: str, item: Object) -> Place:
    metadata = item["metadata"]
    return kind, metadata.get("namespace") or "", metadata["name"]


def _at(item: Object, path: str) -> Any:
    value: Any = item
    for name in path.split("/"):
        value = (value or {}).get(name)
    return value


def _cut(value: Any) -> Any:
    """Long texts differ by their digest: enough to see that they changed, not what they say."""
    if isinstance(value, dict):
        return {name: _cut(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cut(inner) for inner in value]
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"{len(value)} characters, SHA-256 {hashlib.sha256(value.encode()).hexdigest()[:12]}"
    return value


def _written(item: Object, now: datetime) -> tuple[datetime, str]:
    """When the object was last written, and by which tool, status apart."""
    writes = [
        (msgspec.convert(entry["time"], datetime), str(entry.get("manager") or ""))
        for entry in item["metadata"].get("managedFields") or ()
        if entry.get("time") and entry.get("subresource") != "status"
    ]
    at, by = max(writes, default=(now, ""))
    return (at, by) if now - at < _FRESH else (now, "")


def _differences(old: Any, new: Any, pointer: str) -> Iterator[tuple[str, str | None, str | None]]:
    """Each field that differs: its JSON pointer in the new object (in the old one where it is gone), and both values."""
    if isinstance(old, list) and isinstance(new, list):
        for place, before, after in _paired(old, new):
            yield from _differences(before, after, f"{pointer}/{place}")
    elif isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            step = name.replace("~", "~0").replace("/", "~1")
            yield from _differences(old.get(name), new.get(name), f"{pointer}/{step}")
    elif old != new:
        yield pointer, _text(old), _text(new)


def _paired(old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[int, Any, Any]]:
    """The entries of two lists that belong together: by their names where all have one, else by their places."""
    if not all(isinstance(entry, dict) and "name" in entry for entry in (*old, *new)):
        for place, (before, after) in enumerate(zip_longest(old, new)):
            yield place, before, after
        return
    held = {entry["name"]: entry for entry in old}
    for place, entry in enumerate(new):
        yield place, held.pop(entry["name"], None), entry
    for place, entry in enumerate(old):
        if entry["name"] in held:
            yield place, entry, None


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(_cut(msgspec.json.encode(value).decode()))
