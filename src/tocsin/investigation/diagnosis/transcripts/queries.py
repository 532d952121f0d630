"""Results of PromQL queries, as the HTTP API of Prometheus answers them (JSON)."""

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from tocsin.investigation.diagnosis.transcripts.transcript import Document, Transcript, slim

# Labels of cAdvisor, the kubelet and kube-state-metrics, the most telling first.
_KINDS = {
    "pod": "Pod",
    "deployment": "Deployment",
    "statefulset": "StatefulSet",
    "daemonset": "DaemonSet",
    "job_name": "Job",
    "persistentvolumeclaim": "PersistentVolumeClaim",
    "service": "Service",
    "node": "Node",
}


def read_query(text: str) -> Transcript | None:
    """Read an answer of `/api/v1/query` or `query_range`, of the latter the last value; None for anything else."""
    if '"resultType"' not in text[:1000]:
        return None
    try:
        answer = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    data = answer.get("data") if isinstance(answer, dict) else None
    result = data.get("result") if isinstance(data, dict) else None
    metrics = [metric for series in result if (metric := _metric(series))] if isinstance(result, list) else []
    return Transcript("a PromQL result", metrics=metrics) if metrics else None


def _metric(series: Any) -> Document | None:
    if not isinstance(series, dict) or not isinstance(series.get("metric"), dict):
        return None
    labels = {name: value for name, value in series["metric"].items() if isinstance(value, str)}
    value = next(_values(series), None)
    if value is None or not labels.get("__name__"):
        return None
    label = next((label for label in _KINDS if labels.get(label)), "")
    namespace = "" if label == "node" else labels.get("namespace", "")
    about = slim({"kind": _KINDS[label], "namespace": namespace, "name": labels[label]}) if label else {}
    return slim({"name": labels.pop("__name__"), "value": value, "about": about, "labels": labels})


def _values(series: Document) -> Iterator[float]:
    """Yield the value of a sample [seconds, "value"], of several the last."""
    samples = series.get("values")
    sample = samples[-1] if isinstance(samples, list) and samples else series.get("value")
    if isinstance(sample, list) and len(sample) == 2:
        try:
            value = float(sample[1])
        except (TypeError, ValueError):
            return
        if math.isfinite(value):
            yield value
