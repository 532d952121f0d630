"""Diagnoses a folder of recorded cases, and counts how often the true cause of the true subject ranks first.

    python benchmarks/diagnose.py CASES [--output json]

CASES holds `kubernetes/*.json.gz` and `kubernetes-truth.json`: per case a `label`, and for some a `fault_object`
(app/NAME is a workload, its Service or its configuration; node/NAME; namespace/NAME). The table below says which of
our causes a label accepts; a case without `fault_object` is judged by its cause alone.
"""

import argparse
import gzip
import json
import math
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tocsin.investigation.diagnosis import Report, Subject, diagnose, parse_snapshot
from tocsin.investigation.diagnosis.report import Hypothesis

_SCHEDULING = "insufficient-resources"
ACCEPTED: Mapping[str, tuple[str, ...]] = {
    "app_dependency_db": ("dependency-unreachable", "dependency-address-wrong"),
    "autoscaler_missing": (),
    "argocd_wrong_namespace": (),
    "cert_expired": ("certificate-expired",),
    "cpu_capacity_mismatch": (_SCHEDULING,),
    "cpu_throttling": ("cpu-throttled",),
    "crashloop_app": ("container-crash",),
    "crashloop_app_exception": ("container-crash",),
    "crashloop_bad_command": ("command-not-found", "container-crash"),
    "crashloop_dependency": ("container-crash", "dependency-unreachable"),
    "crashloop_missing_env": ("container-crash", "variable-missing"),
    "app_error_in_logs": ("application-errors",),
    "create_container_error_memory_min": ("memory-limit-too-small",),
    "db_connection_exhaustion": ("connections-exhausted",),
    "db_read_only": ("database-read-only",),
    "gateway_misroute": ("network-policy-blocks", "route-misdirected"),
    "image_pull": ("image-not-found", "image-unauthorized", "image-pull-failing", "registry-unreachable"),
    "image_registry_dns_failure": ("registry-unreachable",),
    "incorrect_image_reference": ("image-not-found",),
    "insufficient_capacity": (_SCHEDULING,),
    "insufficient_gpu": (_SCHEDULING,),
    "job_failed_dependency": ("container-crash", "dependency-unreachable"),
    "kube_scheduler_unavailable": ("node-service-down",),
    "limit_range": ("limit-range-violated",),
    "liveness_probe_incorrect_port": ("probe-misdirected",),
    "liveness_probe_incorrect_protocol": ("probe-misdirected",),
    "liveness_probe_incorrect_timing": ("probe-impatient",),
    "memory_capacity_mismatch": (_SCHEDULING,),
    "missing_secret_binding": ("configuration-missing",),
    "missing_service_account": ("service-account-missing",),
    "mysql_invalid_credentials": ("credentials-refused",),
    "mysql_invalid_port": ("dependency-address-wrong", "dependency-unreachable"),
    "namespace_cpu_quota_exceeded": ("quota-exceeded",),
    "namespace_memory_quota_exceeded": ("quota-exceeded",),
    "namespace_pod_quota_exceeded": ("quota-exceeded",),
    "namespace_service_quota_exceeded": ("quota-exceeded",),
    "namespace_storage_quota_exceeded": ("quota-exceeded",),
    "node_affinity_mismatch": ("node-labels-unmatched",),
    "node_cordon_mismatch": ("nodes-cordoned",),
    "node_network_delay": (),  # no cause tells delay of the network yet; service-slow names the service alone
    "node_selector_mismatch": ("node-labels-unmatched",),
    "oom_killed": ("oom-killed",),
    "pod_affinity": ("pod-affinity-unmet",),
    "pod_anti_affinity_conflict": ("pod-affinity-unmet",),
    "pod_cpu_overload": ("cpu-throttled",),
    "pod_network_delay": (),
    "pvc_access_mode_mismatch": ("volume-unmatched",),
    "pvc_pending": ("storage-class-missing", "volume-unmatched"),
    "pvc_selector_mismatch": ("volume-unmatched",),
    "pvc_storage_class_mismatch": ("storage-class-missing", "volume-unmatched"),
    "quota": ("quota-exceeded",),
    "readiness_probe_incorrect_port": ("probe-misdirected",),
    "readiness_probe_incorrect_protocol": ("probe-misdirected",),
    "service_dns_resolution_failure": ("name-not-resolved", "dependency-address-wrong"),
    "service_port_mapping_mismatch": ("service-port-unserved",),
    "service_selector_mismatch": ("service-selects-nothing",),
    "service_sidecar_port_conflict": ("port-conflict",),
    "taint_toleration": ("untolerated-taint",),
    "taint_toleration_mismatch": ("untolerated-taint",),
    "volume_mount_permission_denied": ("volume-permission-denied",),
}
_CONFIGURATION = ("ConfigMap", "Secret", "PersistentVolumeClaim", "NetworkPolicy")


@dataclass(frozen=True, slots=True)
class Result:
    """One case: where the truth ranks (0 when it does not), what ranks first, and how long it took."""

    case: str
    source: str
    label: str
    place: int
    outcome: str
    first: str
    confidence: float
    milliseconds: float


def right(truth: Mapping[str, Any], hypothesis: Hypothesis) -> bool:
    """Tell whether a hypothesis names the true cause and, where the truth names one, the true object."""
    if hypothesis.cause not in ACCEPTED[truth["label"]]:
        return False
    kind, _, name = (truth.get("fault_object") or "").partition("/")
    subject: Subject = hypothesis.subject
    match kind:
        case "app":
            held = subject.kind in _CONFIGURATION and name in subject.name
            return subject.name == name or subject.name.startswith(f"{name}-") or held
        case "node":
            return subject.kind == "Node" and subject.name == name
        case "namespace":
            return name in (subject.namespace, subject.name)
    return True


def place(truth: Mapping[str, Any], report: Report) -> int:
    """Return the rank of the truth, 0 when it is not among the hypotheses; a healthy case ranks first when called so."""
    if truth["label"] == "healthy_no_fault":
        return int(report.outcome == "healthy")
    return next((hypothesis.rank for hypothesis in report.hypotheses if right(truth, hypothesis)), 0)


def run(cases: Path) -> list[Result]:
    """Diagnose every case of a folder."""
    truths: dict[str, Any] = json.loads((cases / "kubernetes-truth.json").read_bytes())
    return [
        _result(name, truth, (cases / "kubernetes" / f"{name}.json.gz").read_bytes())
        for name, truth in sorted(truths.items())
    ]


def _result(name: str, truth: Mapping[str, Any], packed: bytes) -> Result:
    data = gzip.decompress(packed)
    started = time.perf_counter()
    report = diagnose(parse_snapshot(data))
    took = 1000 * (time.perf_counter() - started)
    top = report.hypotheses[0] if report.hypotheses else None
    first = f"{top.cause} {top.subject}" if top else ""
    confidence = top.confidence if top else 0.0
    return Result(
        name, truth["source"], truth["label"], place(truth, report), report.outcome, first, confidence, round(took, 1)
    )


def summary(results: Iterable[Result]) -> dict[str, Any]:
    """Add up: cases, times in milliseconds, shares right, and the Brier score of the first hypotheses."""
    held = list(results)
    times = sorted(result.milliseconds for result in held)
    sure = [result for result in held if result.outcome == "diagnosed"]
    squared = [(result.confidence - (result.place == 1)) ** 2 for result in held if result.first]
    return {
        "cases": len(held),
        "median_ms": statistics.median(times),
        "p95_ms": times[math.ceil(0.95 * len(times)) - 1],
        "first": sum(result.place == 1 for result in held),
        "top_3": sum(1 <= result.place <= 3 for result in held),
        "diagnosed": len(sure),
        "diagnosed_right": sum(result.place == 1 for result in sure),
        "brier": round(statistics.fmean(squared), 3) if squared else None,
    }


def main() -> None:
    """Print a table, or JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("cases", type=Path)
    arguments.add_argument("--output", choices=("text", "json"), default="text")
    given = arguments.parse_args()
    results = run(given.cases)
    if given.output == "json":
        print(json.dumps({"summary": summary(results), "cases": [asdict(result) for result in results]}, indent=1))
        return
    for result in sorted(results, key=lambda result: (result.label, result.case)):
        print(f"{result.place or '-'}  {result.label:36} {result.case}  {result.confidence:.2f} {result.first}")
    for source in sorted(Counter(result.source for result in results)):
        print(source, summary(result for result in results if result.source == source))
    print("all", summary(results))


if __name__ == "__main__":
    main()
