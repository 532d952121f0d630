"""Offline inputs into a snapshot: snapshots, support bundles, dumps, `kubectl` output in JSON, YAML or as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import yaml

from tocsin.investigation.collectors.archive import BundleError, Piece, files
from tocsin.investigation.collectors.documents import documents, dumped_logs, in_utf8
from tocsin.investigation.collectors.layouts import failed_kind, is_log, kind_of, layout, log_place, loose_log, original
from tocsin.investigation.collectors.printed import Printed
from tocsin.investigation.collectors.reading import Reading, redacted_snapshot
from tocsin.investigation.collectors.times import newest

__all__ = ["BundleError", "load_bundle"]

_DOCUMENTS = (".json", ".yaml", ".yml")
_PAGES = (".html", ".htm", ".css", ".js", ".png", ".svg")


def load_bundle(path: Path, *, alert: dict[str, Any] | None, key: bytes) -> bytes:
    """The offline input at `path` as a redacted snapshot, JSON; `alert`, where given, takes the place of the stored one.

    Takes a snapshot (`tocsin-snapshot/1` or `/0`); or Kubernetes objects in JSON and YAML, what kubectl prints for
    people, and logs, in a file, a folder or an archive: dumps, must-gather folders and support bundles among them. A
    file among several that can't be read becomes a gap. Without a stored time of capture the latest time that the
    objects speak of stands in. Raises BundleError: one line.
    """
    bundle = _Bundle(key)
    for piece in files(path):
        piece = replace(piece, content=in_utf8(piece.content))
        snapshot = _snapshot(piece.content)
        if snapshot is not None:
            return _passed_on(snapshot, alert, key)
        bundle.take(piece)
    return bundle.document(path, alert)


def _snapshot(content: bytes) -> dict[str, msgspec.Raw] | None:
    if b"tocsin-snapshot/" not in content[:4096] and b"tocsin-snapshot/" not in content[-4096:]:
        return None
    try:
        document = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        is_snapshot = str(msgspec.json.decode(document["format"])).startswith("tocsin-snapshot/")
    except (msgspec.DecodeError, KeyError):
        return None
    return document if is_snapshot else None


def _passed_on(snapshot: dict[str, msgspec.Raw], alert: dict[str, Any] | None, key: bytes) -> bytes:
    if alert is not None:
        snapshot["alert"] = msgspec.Raw(msgspec.json.encode(alert))
    return redacted_snapshot(snapshot, key)


class _Bundle:
    """Takes one file after another, each as what its name and its content make it."""

    def __init__(self, key: bytes) -> None:
        self.reading = Reading(key)
        self.printed = Printed()
        self.names: dict[str, None] = {}
        self.seen_at = ""

    def take(self, piece: Piece) -> None:
        """Read a file; one that is not understood is left out, or a gap where its name promised objects."""
        name = piece.name
        self.names[name] = None
        if piece.damage:
            self.reading.add_gap(name, piece.damage)
            return
        if name.endswith(_PAGES) or original(name) in self.names:
            return
        text = piece.content.decode("utf-8", "replace")
        if what := failed_kind(name):
            self._failed(what, text)
        elif "==== START logs for container " in text:
            self._dump(name, text)
        elif is_log(name):
            self._log(name, text)
        elif not self.printed.take(name, text):
            self._objects(name, text)

    def document(self, path: Path, alert: dict[str, Any] | None) -> bytes:
        """Return the snapshot. Raises BundleError when nothing was found."""
        reading, told = self.reading, (alert or {}).get("resource") or {}
        namespace = str(told.get("namespace") or _namespace(reading) or self.printed.namespace)
        self.printed.finish(reading, namespace, told)
        if not reading.objects and not reading.events:
            raise BundleError(_nothing_found(path, reading))
        printed_at = max((newest(bytes(raw)) for raw in reading.objects), default="") if self.printed else ""
        seen_at = max(self.seen_at, printed_at)
        return reading.document(
            alert=alert,
            captured_at=f"{seen_at}Z" if seen_at else None,
            namespace=namespace or _namespace(reading),
            origin=_origin(list(self.names), self.printed),
        )

    def _failed(self, what: str, text: str) -> None:
        try:
            why = msgspec.json.decode(text)
        except msgspec.DecodeError:
            why = text
        told = [str(one) for one in why] if isinstance(why, list) else [str(why)]
        if any(told):
            self.reading.add_gap(what, "; ".join(one for one in told if one)[:300])

    def _dump(self, name: str, text: str) -> None:
        """A dump into files has the logs of a pod in one of its own, in which nothing else is read."""
        logs, rest = dumped_logs(text)
        for place, printed in logs:
            self.reading.add_log(place, "current", printed)
        if not name.endswith("/logs.txt"):
            self._objects(name, rest)

    def _log(self, name: str, text: str) -> None:
        if place := log_place(name):
            key = f"{place.namespace}/{place.pod}/{place.container}"
            self.printed.logs.setdefault(key, {})[place.run] = text
        elif place := loose_log(name):
            self.printed.loose.append((place, text))

    def _objects(self, name: str, text: str) -> None:
        if not text.strip() or (name.endswith((".txt", ".log")) and text.lstrip()[:1] not in ("{", "[")):
            return
        self.seen_at = max(self.seen_at, newest(text.encode()))
        try:
            for document in documents(name, text):
                _add_document(self.reading, document, kind_of(name))
        except (ValueError, RecursionError, yaml.YAMLError) as error:
            if not name.endswith(_DOCUMENTS):
                return  # a note beside the objects
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            self.reading.add_gap(name, f"neither JSON nor YAML of Kubernetes objects: {reason}")


def _origin(names: list[str], printed: Printed) -> str:
    """Say what was recognised, for the first step of the report."""
    kinds = [told for told in (layout(names), *printed.told()) if told] or ["Kubernetes objects"]
    return f"{', '.join(dict.fromkeys(kinds))} ({len(names)} file{'' if len(names) == 1 else 's'})"


def _nothing_found(path: Path, reading: Reading) -> str:
    if reading.gaps:
        return f"{path}: {reading.gaps[0]['why']}"
    return (
        f"{path}: holds no Kubernetes objects; give a snapshot, a support bundle, a `kubectl cluster-info dump` folder, "
        "or what `kubectl get` or `kubectl describe` prints"
    )


def _add_document(reading: Reading, document: object, presumed: str) -> None:
    """Take an object, a list of objects (`List`, `PodList`) or a bare array of them; anything else is left out."""
    if isinstance(document, list):
        if presumed:
            reading.collected.add(presumed)
        for item in document:
            _add_document(reading, {"kind": presumed, **item} if isinstance(item, dict) and presumed else item, "")
        return
    if not isinstance(document, dict) or not isinstance(document.get("kind"), str):
        return
    kind, items = document["kind"], document.get("items")
    if not kind.endswith("List") or not isinstance(items, list | None):
        metadata = document.get("metadata")
        if isinstance(metadata, dict) and isinstance(metadata.get("name"), str):
            reading.add(msgspec.json.encode(document))
        return
    listed = {"kind": kind.removesuffix("List"), "apiVersion": document.get("apiVersion")}
    if listed["kind"]:
        reading.collected.add(listed["kind"])
    for item in items or ():
        _add_document(reading, {**listed, **item} if isinstance(item, dict) and listed["kind"] else item, "")


class _Metadata(msgspec.Struct):
    namespace: str | None = None


class _Namespaced(msgspec.Struct):
    metadata: _Metadata


def _namespace(reading: Reading) -> str:
    """The only namespace that the objects live in, empty where there are several."""
    found = set(_namespaces(reading)) - {None, ""}
    return str(found.pop()) if len(found) == 1 else ""


def _namespaces(reading: Reading) -> Iterator[str | None]:
    for raw in reading.objects:
        yield msgspec.json.decode(raw, type=_Namespaced).metadata.namespace
