"""What of an object is worth keeping: less bulk, nothing that a diagnosis reads. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

MOST_REVISIONS = 3
_Fields = dict[str, msgspec.Raw]
_fields = msgspec.json.Decoder(_Fields)
_list_of_fields = msgspec.json.Decoder(list[_Fields])


def thinned(raw: bytes, kind: str, api_version: str) -> bytes:
    """An item of a list as an object of its own: with its kind and apiVersion, which lists leave out, first.

    Left out are the schemas in a CustomResourceDefinition, and of `managedFields[].fieldsV1` whatever lies deeper than the
    field's field (`f:data` and `f:DB_HOST` stay): together they are half of what a cluster holds. Raises msgspec.DecodeError.
    """
    held = _fields.decode(raw)
    found = {
        "kind": msgspec.Raw(msgspec.json.encode(kind)),
        "apiVersion": msgspec.Raw(msgspec.json.encode(api_version)),
    }
    found |= held
    if b'"fieldsV1"' in raw and "metadata" in held:
        found["metadata"] = _with_fewer_fields(held["metadata"])
    if kind == "CustomResourceDefinition" and "spec" in held:
        found["spec"] = _without_schemas(held["spec"])
    return msgspec.json.encode(found)


def metadata_alone(raw: bytes, kind: str, api_version: str) -> bytes:
    """The same of metadata alone; whatever else a server sends all the same is dropped."""
    metadata = bytes(_fields.decode(raw).get("metadata", b"{}"))
    return thinned(b'{"metadata":%b}' % metadata, kind, api_version)


def _with_fewer_fields(metadata: msgspec.Raw) -> msgspec.Raw:
    held = _fields.decode(metadata)
    if "managedFields" not in held:
        return metadata
    entries = _list_of_fields.decode(held["managedFields"])
    kept = [entry | {"fieldsV1": _outermost(entry["fieldsV1"])} if "fieldsV1" in entry else entry for entry in entries]
    return msgspec.Raw(msgspec.json.encode(held | {"managedFields": msgspec.Raw(msgspec.json.encode(kept))}))


def _outermost(fields: msgspec.Raw) -> msgspec.Raw:
    """Names of fields and of their fields, without what is in them."""
    inner = {name: _fields.decode(raw) for name, raw in _fields.decode(fields).items()}
    return msgspec.Raw(msgspec.json.encode({name: {key: {} for key in found} for name, found in inner.items()}))


def _without_schemas(spec: msgspec.Raw) -> msgspec.Raw:
    held = _fields.decode(spec)
    if "versions" not in held:
        return spec
    versions = _list_of_fields.decode(held["versions"])
    kept = [{name: value for name, value in version.items() if name != "schema"} for version in versions]
    return msgspec.Raw(msgspec.json.encode(held | {"versions": msgspec.Raw(msgspec.json.encode(kept))}))


class _Owner(msgspec.Struct):
    uid: str = ""


class _Metadata(msgspec.Struct):
    name: str = ""
    owners: list[_Owner] = msgspec.field(default_factory=list, name="ownerReferences")
    annotations: dict[str, str] = msgspec.field(default_factory=dict)


class _Status(msgspec.Struct):
    replicas: int = 0


class _Revised(msgspec.Struct):
    metadata: _Metadata
    revision: int = 0
    status: _Status | None = None

    @property
    def number(self) -> int:
        told = self.metadata.annotations.get("deployment.kubernetes.io/revision", "")
        return int(told) if told.isdecimal() else self.revision


_revised = msgspec.json.Decoder(_Revised)


class Revisions:
    """ReplicaSets and ControllerRevisions as they come: of each owner the newest three stay, and those with pods."""

    def __init__(self) -> None:
        self._loose: list[bytes] = []
        self._held: dict[str, list[tuple[int, str, bytes]]] = {}

    def add(self, raw: bytes) -> None:
        """Take one. Raises msgspec.DecodeError."""
        found = _revised.decode(raw)
        if not found.metadata.owners or (found.status and found.status.replicas):
            self._loose.append(raw)
            return
        held = self._held.setdefault(found.metadata.owners[0].uid, [])
        held.append((found.number, found.metadata.name, raw))
        if len(held) > MOST_REVISIONS:
            held.remove(min(held))

    def __iter__(self) -> Iterator[bytes]:
        """What stays."""
        yield from self._loose
        for held in self._held.values():
            yield from (raw for _, _, raw in held)
