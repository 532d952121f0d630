"""What metrics.k8s.io says of use, as entries of a snapshot's `metrics`: pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tocsin.investigation.diagnosis.quantity import parse_quantity

# What the API calls a resource -> how the kubelet's own metrics call its use, and the unit.
_MEASURED = {"cpu": ("cpu_usage", "cores"), "memory": ("memory_working_set", "bytes")}


class _Metadata(msgspec.Struct):
    name: str
    namespace: str | None = None


class _Used(msgspec.Struct):
    usage: dict[str, str]
    name: str = ""


class _Metrics(msgspec.Struct):
    metadata: _Metadata
    usage: dict[str, str] = {}
    containers: list[_Used] = []


def usage(raw: bytes, kind: str) -> Iterator[dict[str, Any]]:
    """What a PodMetrics or NodeMetrics measured: `container_cpu_usage` in cores, `container_memory_working_set` in bytes.

    Those of a node begin with `node_`. Raises msgspec.DecodeError.
    """
    found = msgspec.json.decode(raw, type=_Metrics)
    about = {"kind": kind.removesuffix("Metrics"), "namespace": found.metadata.namespace, "name": found.metadata.name}
    measured: list[tuple[str, dict[str, str], dict[str, str]]] = (
        [("node", {}, found.usage)] if kind == "NodeMetrics" else []
    )
    measured += [("container", {"container": used.name}, used.usage) for used in found.containers]
    for prefix, labels, values in measured:
        for resource, (name, unit) in _MEASURED.items():
            amount = parse_quantity(values.get(resource))
            if amount is not None:
                value = float(amount)
                yield {"name": f"{prefix}_{name}", "value": value, "unit": unit, "about": about, "labels": labels}
