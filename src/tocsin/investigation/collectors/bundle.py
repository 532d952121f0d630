"""Offline inputs into a snapshot: a snapshot file, a `kubectl cluster-info dump`, `kubectl get` output, a support bundle."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from tocsin.ground.redaction import redact_body
from tocsin.investigation.collectors.archive import BundleError, files
from tocsin.investigation.collectors.reading import Reading

__all__ = ["BundleError", "load_bundle"]

# Where `kubectl cluster-info dump` writes the output of containers.
_DUMPED_LOG = re.compile(
    r"==== START logs for container (?P<container>\S+) of pod (?P<pod>\S+) ====\n(?P<text>.*?)"
    r"(?:==== END logs for container (?P=container) of pod (?P=pod) ====\n?|\Z)",
    re.DOTALL,
)
_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_RUN = r"(?P<previous>[._-]previous)?\.(?:log|txt)$"
_LOG_FILE = (
    re.compile(rf"(?:^|/)(?P<ns>{_NAME})_(?P<pod>{_NAME})_(?P<container>[a-z0-9-]+?){_RUN}"),
    re.compile(rf"(?:^|/)(?P<ns>{_NAME})/(?P<pod>{_NAME})/(?P<container>[a-z0-9-]+?){_RUN}"),
)
_TEXTS = (".log", ".txt")
_DOCUMENTS = (".json", ".yaml", ".yml")
# The fields that say when something was last seen; others may lie in the future (a certificate's end).
_SEEN_AT = re.compile(
    rb'"(?:creationTimestamp|time|(?:last|first)Timestamp|eventTime|lastObservedTime|startTime|startedAt|finishedAt'
    rb'|last(?:Transition|Heartbeat|Update|Probe|Schedule)Time|renewTime)": ?"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[.\dZ]*"'
)
_MOST_NODES = 20_000_000


def load_bundle(path: Path, *, alert: dict[str, Any] | None, key: bytes) -> bytes:
    """The offline input at `path` as a redacted snapshot, JSON; `alert`, where given, takes the place of the stored one.

    Takes a snapshot (`tocsin-snapshot/1` or `/0`), or Kubernetes objects in JSON and YAML with logs beside them, in a
    file, a folder or a tar archive, gzipped or not. A file among several that can't be read becomes a gap. Without a
    stored time of capture the latest time that the objects speak of stands in. Raises BundleError: one line.
    """
    reading = Reading(key)
    newest = b""
    for name, content in files(path):
        snapshot = _snapshot(content)
        if snapshot is not None:
            return _passed_on(snapshot, alert, key)
        newest = max([newest, *_SEEN_AT.findall(content)])
        _read_file(reading, name, content)
    if not reading.objects and not reading.events:
        raise BundleError(_nothing_found(path, reading))
    captured_at = newest.decode() + "Z" if newest else None
    return reading.document(alert=alert, captured_at=captured_at, namespace=_namespace(reading, alert))


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
    """Redacts it again, object by object: most hold nothing that looks secret and are not even decoded."""
    if alert is not None:
        snapshot["alert"] = msgspec.Raw(msgspec.json.encode(alert))
    clean: dict[str, object] = {}
    for name, raw in snapshot.items():
        if name in {"objects", "events"} and bytes(raw).startswith(b"["):
            items = msgspec.json.decode(raw, type=list[msgspec.Raw])
            clean[name] = [msgspec.Raw(redact_body(bytes(item), key)) for item in items]
        else:
            clean[name] = msgspec.Raw(redact_body(bytes(raw), key))
    return msgspec.json.encode(clean)


def _nothing_found(path: Path, reading: Reading) -> str:
    if reading.gaps:
        return f"{path}: {reading.gaps[0]['why']}"
    return f"{path}: holds no Kubernetes objects; give a snapshot, a `kubectl cluster-info dump` folder or `kubectl get -o json`"


def _read_file(reading: Reading, name: str, content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    if "==== START logs for container " in text:
        for match in _DUMPED_LOG.finditer(text):
            reading.add_log(f"{match['pod']}/{match['container']}", "current", match["text"])
        text = _DUMPED_LOG.sub("", text)
    elif name.endswith(_TEXTS):
        _read_log(reading, name, text)
        return
    if not text.strip() or (name.endswith(_TEXTS) and not text.lstrip().startswith("{")):
        return
    try:
        for document in _documents(name, text):
            _add_document(reading, document)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        if not name.endswith(_DOCUMENTS):
            return  # a note beside the objects
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        reading.add_gap(name, f"neither JSON nor YAML of Kubernetes objects: {reason}")


def _read_log(reading: Reading, name: str, text: str) -> None:
    for pattern in _LOG_FILE:
        if match := pattern.search(name):
            place = f"{match['ns']}/{match['pod']}/{match['container']}"
            reading.add_log(place, "previous" if match["previous"] else "current", text)
            return


def _documents(name: str, text: str) -> Iterator[object]:
    """The documents of a JSON stream or of YAML. Raises ValueError, yaml.YAMLError."""
    start = text.lstrip()[:1]
    if start in "{[" and not name.endswith((".yaml", ".yml")):
        decoder, at = json.JSONDecoder(), 0
        while match := re.compile(r"\S").search(text, at):
            document, at = decoder.raw_decode(text, match.start())
            yield document
        return
    for document in yaml.load_all(text, Loader=yaml.CSafeLoader):
        _check_size(document)
        yield document


def _check_size(document: object) -> None:
    """YAML aliases can make a few lines mean more than any memory holds. Raises ValueError."""
    left, waiting = _MOST_NODES, [document]
    while waiting:
        value = waiting.pop()
        left -= 1
        if left < 0:
            raise ValueError("its aliases unfold to too much")
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _add_document(reading: Reading, document: object) -> None:
    """Take an object, a list of objects (`List`, `PodList`) or a bare array of them; anything else is left out."""
    if isinstance(document, list):
        for item in document:
            _add_document(reading, item)
        return
    if not isinstance(document, dict) or not isinstance(document.get("kind"), str):
        return
    kind, items = document["kind"], document.get("items")
    if not kind.endswith("List") or not isinstance(items, list | None):
        if isinstance(document.get("metadata"), dict):
            reading.add(msgspec.json.encode(document))
        return
    listed = {"kind": kind.removesuffix("List"), "apiVersion": document.get("apiVersion")}
    if listed["kind"]:
        reading.collected.add(listed["kind"])
    for item in items or ():
        _add_document(reading, {**listed, **item} if isinstance(item, dict) and listed["kind"] else item)


class _Metadata(msgspec.Struct):
    namespace: str | None = None


class _Namespaced(msgspec.Struct):
    metadata: _Metadata


def _namespace(reading: Reading, alert: dict[str, Any] | None) -> str:
    """The alert's namespace, or the only one that the objects live in."""
    resource = (alert or {}).get("resource") or {}
    if resource.get("namespace"):
        return str(resource["namespace"])
    found = {msgspec.json.decode(raw, type=_Namespaced).metadata.namespace for raw in reading.objects} - {None, ""}
    return str(found.pop()) if len(found) == 1 else ""
