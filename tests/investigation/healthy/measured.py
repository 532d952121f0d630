"""Healthy although what is measured is high."""

from tests.investigation.clusters import Cluster
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import CALLS


@tempting()
def busy_and_within_all_limits(made: Cluster) -> None:
    for name in CALLS:
        made.measure("container_memory_working_set_bytes", 225e6, name, unit="bytes", usual=190e6)
        made.measure("container_cpu_usage_seconds_rate", 0.41, name, unit="cores", usual=0.3)
        made.measure("request_latency_p95", 0.31, name, unit="seconds", usual=0.26)
        made.measure("request_error_ratio", 0.002, name, unit="ratio", usual=0.001)


@tempting()
def throttled_in_one_percent_of_the_periods(made: Cluster) -> None:
    for name in CALLS:
        made.measure("container_cpu_cfs_throttled_periods_ratio", 0.01, name, unit="ratio", usual=0.01)
        made.measure("http_server_duration_p99", 0.42, name, unit="seconds", usual=0.4)


@tempting()
def slower_by_a_fifth(made: Cluster) -> None:
    for name in CALLS:
        made.measure("p99_latency", 0.36, name, unit="seconds", usual=0.30)


@tempting()
def slower_by_times_and_still_within_milliseconds(made: Cluster) -> None:
    made.measure("p95_latency", 0.009, "catalog", unit="seconds", usual=0.002)
    made.measure("p95_latency_ms", 11.0, "search", unit="milliseconds", usual=2.5)


@tempting()
def latency_of_which_nobody_knows_the_usual(made: Cluster) -> None:
    made.measure("batch_duration_seconds", 1800.0, "notices", unit="seconds")
    made.measure("http_request_duration_p95", 2.2, "portal", unit="seconds")


@tempting()
def counters_that_only_ever_grow(made: Cluster) -> None:
    for name in CALLS:
        made.measure("container_cpu_cfs_throttled_periods_total", 15230, name, usual=None)
        made.measure("http_requests_failed_total", 412, name)
        made.measure("kube_pod_container_status_restarts_total", 4, name)
        made.measure("container_oom_events_total", 0, name)


@tempting()
def twice_the_visitors_and_no_slower(made: Cluster) -> None:
    for name in CALLS:
        made.measure("requests_per_second", 880.0, name, unit="1/s", usual=420.0)
        made.measure("p95_latency", 0.12, name, unit="seconds", usual=0.11)


@tempting()
def fewer_visitors_at_night(made: Cluster) -> None:
    for name in CALLS:
        made.measure("requests_per_second", 1.5, name, unit="1/s", usual=60.0)


@tempting()
def faster_than_usual(made: Cluster) -> None:
    made.measure("p95_latency", 0.02, "search", unit="seconds", usual=0.4)


@tempting()
def caches_that_fill_memory_as_they_should(made: Cluster) -> None:
    made.measure("container_memory_usage_bytes", 262e6, "cache", unit="bytes", usual=261e6)
    made.measure("container_memory_working_set_bytes", 150e6, "cache", unit="bytes", usual=150e6)


@tempting()
def network_with_a_lost_packet_now_and_then(made: Cluster) -> None:
    for name in CALLS:
        made.measure("container_network_receive_packets_dropped_total", 3, name)
        made.measure("tcp_retransmission_ratio", 0.0004, name, unit="ratio", usual=0.0003)


@tempting()
def sums_of_what_webhooks_took_since_the_start(made: Cluster) -> None:
    for ending, value in (("sum", 5123.4), ("count", 812345.0), ("bucket", 812001.0)):
        made.metrics.append(
            {
                "name": f"apiserver_admission_webhook_admission_duration_seconds_{ending}",
                "value": value,
                "unit": "seconds" if ending == "sum" else "",
                "labels": {"name": "check.policy.example", "type": "validating"},
            }
        )


@tempting()
def file_system_that_does_not_count_files(made: Cluster) -> None:
    about = {"kind": "PersistentVolumeClaim", "namespace": "shop", "name": "data-database-0"}
    values = {"inodes": 0, "inodes_free": 0, "inodes_used": 0, "capacity_bytes": 9.2e18, "available_bytes": 9.2e18}
    for name, value in values.items():
        made.metrics.append({"name": f"kubelet_volume_stats_{name}", "value": value, "about": about})
