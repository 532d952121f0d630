"""What to ask a Prometheus about some namespaces, and what its answers say as a snapshot's `metrics`: pure.

Names of metrics and labels are those of cAdvisor, kube-state-metrics, the kubelet, Istio, ingress-nginx, Spring
(Micrometer), OpenTelemetry, the Prometheus client libraries and go-grpc-prometheus.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

MOST_OF_ONE = 200
_WINDOW = "5m"
# Below a quarter, being held back from the CPU costs little: the threshold of kubernetes-mixin's CPUThrottlingHigh.
_THROTTLED = 0.25
_CONTAINER = 'container!="",container!="POD"'
_GRPC_FAILED = 'grpc_code=~"Unknown|Internal|Unavailable|DeadlineExceeded|ResourceExhausted|DataLoss"'


@dataclass(frozen=True, slots=True)
class Query:
    """One question: `subject` is the kind that the answers are about and the label that names it.

    `needs` is the metric without which there is nothing to ask; `kept` the labels that an answer keeps.
    """

    name: str
    unit: str
    needs: str
    expression: str
    subject: tuple[str, str]
    namespace: str = "namespace"
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Server:
    """How a kind of server counts its requests: the counter, the histogram, what makes the latter seconds, its failures."""

    counter: str
    histogram: str
    failures: tuple[str, ...]
    subject: tuple[str, str] = ("Pod", "pod")
    namespace: str = "namespace"
    only: str = ""
    seconds: str = ""


_SERVERS = (
    _Server(
        "istio_requests_total",
        "istio_request_duration_milliseconds",
        ('response_code=~"5.."',),
        ("Service", "destination_service_name"),
        "destination_service_namespace",
        ',reporter="destination"',
        " / 1000",
    ),
    *(
        _Server(
            "nginx_ingress_controller_requests",
            "nginx_ingress_controller_response_duration_seconds",
            ('status=~"5.."',),
            ("Service", f"{prefix}service"),
            f"{prefix}namespace",
        )
        for prefix in ("", "exported_")
    ),
    _Server("http_server_requests_seconds_count", "http_server_requests_seconds", ('status=~"5.."',)),
    _Server(
        "http_server_request_duration_seconds_count",
        "http_server_request_duration_seconds",
        ('http_response_status_code=~"5.."',),
    ),
    _Server(
        "http_request_duration_seconds_count",
        "http_request_duration_seconds",
        ('code=~"5.."', 'status=~"5.."', 'status_code=~"5.."'),
    ),
    _Server("grpc_server_handled_total", "grpc_server_handling_seconds", (_GRPC_FAILED,)),
)


def queries(namespaces: Sequence[str]) -> list[Query]:
    """Everything that is asked about some namespaces."""
    among = "=~" + json.dumps("|".join(re.escape(name) for name in namespaces))
    return [*_of_containers(among), *(query for server in _SERVERS for query in _of_server(server, among))]


def _of_containers(among: str) -> Iterator[Query]:
    where, by = f"namespace{among},{_CONTAINER}", "by (namespace, pod, container)"
    used, memory = "container_cpu_usage_seconds_total", "container_memory_working_set_bytes"
    held, periods = "container_cpu_cfs_throttled_periods_total", "container_cpu_cfs_periods_total"
    restarts = "kube_pod_container_status_restarts_total"
    throttled = (
        f"sum {by} (increase({held}{{{where}}}[{_WINDOW}])) / sum {by} (increase({periods}{{{where}}}[{_WINDOW}]))"
    )
    asked = (
        ("container_cpu_usage", "cores", used, f"sum {by} (rate({used}{{{where}}}[{_WINDOW}]))"),
        ("container_throttled_periods", "ratio", periods, f"{throttled} > {_THROTTLED}"),
        ("container_memory_working_set_highest", "bytes", memory, f"max {by} (max_over_time({memory}{{{where}}}[1h]))"),
        ("container_restarts", "", restarts, f"sum {by} (increase({restarts}{{namespace{among}}}[1h])) > 0"),
    )
    for name, unit, needs, expression in asked:
        yield Query(name, unit, needs, expression, ("Pod", "pod"), kept=("container",))
    for direction in ("receive", "transmit"):
        yield _dropped(f"container_network_{direction}_packets", direction, among)
    by, free, size = "by (namespace, persistentvolumeclaim)", "kubelet_volume_stats_available_bytes", "capacity_bytes"
    share = f"sum {by} ({free}{{namespace{among}}}) / sum {by} (kubelet_volume_stats_{size}{{namespace{among}}})"
    yield Query("volume_available", "ratio", free, share, ("PersistentVolumeClaim", "persistentvolumeclaim"))


def _dropped(packets: str, direction: str, among: str) -> Query:
    def rate(metric: str) -> str:
        return f"sum by (namespace, pod) (rate({metric}{{namespace{among}}}[{_WINDOW}]))"

    dropped = f"{packets}_dropped_total"
    share = f"{rate(dropped)} / {rate(f'{packets}_total')} > 0"
    return Query(f"pod_{direction}_packets_dropped", "ratio", dropped, share, ("Pod", "pod"))


def _of_server(server: _Server, among: str) -> Iterator[Query]:
    by = f"sum by ({server.namespace}, {server.subject[1]})"
    where = f"{server.namespace}{among}{server.only}"

    def rate(metric: str, more: str = "") -> str:
        return f"{by} (rate({metric}{{{where}{more}}}[{_WINDOW}]))"

    total = rate(server.counter)
    failed = " or ".join([*(rate(server.counter, f",{failure}") for failure in server.failures), f"{total} * 0"])
    latency = f"{rate(f'{server.histogram}_sum')} / {rate(f'{server.histogram}_count')}{server.seconds}"
    asked = (
        ("request_rate", "requests per second", server.counter, total),
        ("request_error_ratio", "ratio", server.counter, f"({failed}) / {total}"),
        ("request_latency", "seconds", f"{server.histogram}_count", latency),
    )
    for name, unit, needs, expression in asked:
        yield Query(name, unit, needs, expression, server.subject, server.namespace)


def names_query(asked: Sequence[Query]) -> str:
    """The selector of all metrics that the queries need, to ask first which of them are there."""
    names = json.dumps("|".join(sorted({query.needs for query in asked})))
    return f"{{__name__=~{names}}}"


class _Sample(msgspec.Struct):
    metric: dict[str, str]
    value: tuple[float, str]


class _Data(msgspec.Struct):
    result: list[_Sample]


class _Answer(msgspec.Struct):
    data: _Data


class _Names(msgspec.Struct):
    data: list[str]


Series = tuple[tuple[str, str], ...]


def parse_names(body: bytes) -> set[str]:
    """The values of a label. Raises msgspec.DecodeError."""
    return set(msgspec.json.decode(body, type=_Names).data)


def parse_vector(body: bytes) -> dict[Series, float]:
    """The values of an instant query by their labels; what is no number is left out. Raises msgspec.DecodeError."""
    found = msgspec.json.decode(body, type=_Answer)
    values = {tuple(sorted(sample.metric.items())): float(sample.value[1]) for sample in found.data.result}
    return {series: value for series, value in values.items() if math.isfinite(value)}


def entries(query: Query, now: Mapping[Series, float], usual: Mapping[Series, float]) -> Iterator[dict[str, Any]]:
    """What a query's answers say: the largest values, each with what was `usual` where that is known."""
    kind, label = query.subject
    largest = sorted(now.items(), key=lambda entry: (-entry[1], entry[0]))
    for series, value in largest[:MOST_OF_ONE]:
        labels, baseline = dict(series), usual.get(series)
        if label not in labels or (not value and not baseline):
            continue
        about = {"kind": kind, "namespace": labels.get(query.namespace, ""), "name": labels[label]}
        kept = {name: labels[name] for name in query.kept if name in labels}
        entry = {"name": query.name, "value": value, "unit": query.unit, "about": about, "labels": kept}
        yield entry if baseline is None else {**entry, "baseline": baseline}
