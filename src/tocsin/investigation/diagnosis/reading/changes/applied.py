"""What somebody changed after a manifest was applied: live values beside those in kubectl's annotation."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from tocsin.investigation.diagnosis.evidence import MODERATE, Citation
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.changes.differences import Difference, departures
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource

_ANNOTATION = "metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration"
_KINDS = (
    "ConfigMap",
    "DaemonSet",
    "Deployment",
    "Gateway",
    "HTTPRoute",
    "HorizontalPodAutoscaler",
    "Ingress",
    "LimitRange",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "ResourceQuota",
    "Service",
    "StatefulSet",
    "VirtualService",
)


class Departure(NamedTuple):
    """An object that is no longer as its manifest says: the fields, with the value of the manifest first."""

    subject: Subject
    moved: tuple[Difference, ...]
    cite: Citation


def departed(inventory: Inventory) -> Iterator[Departure]:
    """Yield the objects that differ from what `kubectl apply` was last given for them.

    Source: kubectl keeps the last applied manifest in an annotation, in order to tell what was removed from it.
    """
    scaled = {
        Subject(item.text("spec/scaleTargetRef/kind"), item.namespace, item.text("spec/scaleTargetRef/name"))
        for item in inventory.of("HorizontalPodAutoscaler")
    }
    for kind in _KINDS:
        for item in inventory.of(kind):
            replicas = "spec.replicas" if item.subject in scaled else ""
            if moved := tuple(one for one in since_applied(item) if one.path != replicas):
                yield Departure(item.subject, moved, item.cite(_ANNOTATION, MODERATE))


def since_applied(item: Resource) -> Iterator[Difference]:
    """Yield what is held otherwise in an object than `kubectl apply` was last given for it."""
    manifest = _manifest(item.text(_ANNOTATION))
    for part in ("spec", "data"):
        if part in manifest:
            yield from departures(manifest[part], item.get(part), part)


def _manifest(text: str) -> dict[str, Any]:
    try:
        held = msgspec.json.decode(text) if text else None
    except msgspec.DecodeError:
        return {}
    return held if isinstance(held, dict) else {}
