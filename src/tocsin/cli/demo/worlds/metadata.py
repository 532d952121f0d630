"""Names, ids, times and field ownership as an API server writes them: the first lines of every object."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

Json = dict[str, Any]

# The letters Kubernetes draws generated names from: no vowels, nothing that reads like another letter.
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
# Of those, the ones that the decimal digits of a template's hash are mapped to.
_HASH_LETTERS = "456789bcdf"


def stamp(at: datetime) -> str:
    """A time as Kubernetes writes it: UTC, whole seconds."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def precise(at: datetime) -> str:
    """A time as container runtimes and Prometheus write it: UTC, milliseconds."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def letters(count: int, *seed: str, among: str = _LETTERS) -> str:
    """`count` letters that look drawn at random and are the same for the same seed."""
    drawn = hashlib.sha256("/".join(seed).encode()).digest()
    return "".join(among[byte % len(among)] for byte in drawn[:count])


def template_hash(name: str, template: object) -> str:
    """The pod-template-hash of a workload's template."""
    return letters(9, name, repr(template), among=_HASH_LETTERS)


def uid(kind: str, namespace: str, name: str) -> str:
    """The object's uid: a UUID that is the same for the same object."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"k8s://{namespace}/{kind}/{name}"))


def container_id(pod_uid: str, life: int = 0) -> str:
    """The id of a pod's container in its first life, or after `life` restarts."""
    return f"containerd://{hashlib.sha256(f'{pod_uid}/{life}'.encode()).hexdigest()}"


def digest(image: str) -> str:
    """The image id that a container runtime reports for an image."""
    return f"{image.rsplit(':', 1)[0]}@sha256:{hashlib.sha256(image.encode()).hexdigest()}"


def owned_fields(value: object) -> Json:
    """The fields of an object in managedFields' notation (FieldsV1 of server-side apply)."""
    if isinstance(value, Mapping):
        return {f"f:{key}": owned_fields(part) for key, part in value.items()}
    if isinstance(value, list) and all(isinstance(part, dict) and "name" in part for part in value):
        return {f'k:{{"name":"{part["name"]}"}}': {".": {}, **owned_fields(part)} for part in value}
    return {}


def managed(manager: str, at: datetime, fields: Mapping[str, object], *, api: str = "v1", sub: str = "") -> Json:
    """One managedFields entry: `manager` wrote `fields` at that time, through subresource `sub` where given."""
    entry = {
        "apiVersion": api,
        "fieldsType": "FieldsV1",
        "fieldsV1": owned_fields(fields),
        "manager": manager,
        "operation": "Update",
        "time": stamp(at),
    }
    return {**entry, "subresource": sub} if sub else entry


def owner(controller: Json) -> Json:
    """The owner reference that points at a controlling object."""
    return {
        "apiVersion": controller["apiVersion"],
        "blockOwnerDeletion": True,
        "controller": True,
        "kind": controller["kind"],
        "name": controller["metadata"]["name"],
        "uid": controller["metadata"]["uid"],
    }


def metadata(
    kind: str,
    name: str,
    namespace: str,
    created: datetime,
    *,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    owned_by: Json | None = None,
    fields: Sequence[Json] = (),
) -> Json:
    """An object's metadata; its resourceVersion grows with the latest write named in `fields`."""
    latest = max([stamp(created), *(entry["time"] for entry in fields)])
    version = int(datetime.fromisoformat(latest).timestamp()) - 1_700_000_000
    meta: Json = {
        "creationTimestamp": stamp(created),
        "name": name,
        "resourceVersion": str(version),
        "uid": uid(kind, namespace, name),
    }
    if namespace:
        meta["namespace"] = namespace
    if labels:
        meta["labels"] = dict(labels)
    if annotations:
        meta["annotations"] = dict(annotations)
    if owned_by:
        meta["ownerReferences"] = [owner(owned_by)]
    if fields:
        meta["managedFields"] = list(fields)
    return meta
