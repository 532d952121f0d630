"""Analytics: an export job without a limit on its scratch space fills a node's disk, and its neighbours are put out."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from tocsin.cli.demo.worlds import trouble
from tocsin.cli.demo.worlds.cluster import Cluster
from tocsin.cli.demo.worlds.logs import line, merged, requests, spread
from tocsin.cli.demo.worlds.metadata import Json, stamp
from tocsin.cli.demo.worlds.platform import event, scheduler_event
from tocsin.cli.demo.worlds.pods import Template, place
from tocsin.cli.demo.worlds.rules import filesystem_almost_full, node_pressure, pod_not_ready
from tocsin.cli.demo.worlds.story import Story, World
from tocsin.cli.demo.worlds.workloads import Revision

_FULL = "gke-analytics-pool-1-7c5d-x2v9"
_EXPORTER = Template(
    "registry.example.com/analytics/exporter:3.3.0",
    port=8080,
    env={"SCRATCH": "/scratch", "FORMAT": "parquet"},
    requests=("500m", "512Mi"),
    limits=("2", "1Gi"),
    scratch="/scratch",
)
_INGEST = Template(
    "registry.example.com/analytics/ingest:8.1.5",
    port=8080,
    env={"BUFFER_DIR": "/buffer"},
    requests=("1", "6Gi"),
    limits=("2", "8Gi"),
    scratch="/buffer",
)


def _fill_the_disk(cluster: Cluster, node: Json) -> None:
    """The kubelet notices, taints its node, and can't free anything by removing images."""
    since = cluster.ago(minutes=16)
    for condition in node["status"]["conditions"]:
        if condition["type"] == "DiskPressure":
            condition |= {
                "lastTransitionTime": stamp(since),
                "message": "kubelet has disk pressure",
                "reason": "KubeletHasDiskPressure",
                "status": "True",
            }
    node["spec"]["taints"] = [
        {"effect": "NoSchedule", "key": "node.kubernetes.io/disk-pressure", "timeAdded": stamp(since)}
    ]
    collected = (
        "Failed to garbage collect required amount of images. Attempted to free 12884901888 bytes, "
        "but only found 0 bytes eligible to free."
    )
    often = partial(event, node, last=cluster.ago(minutes=1), over=timedelta(minutes=19), count=5, warning=True)
    cluster.events += [
        often("FreeDiskSpaceFailed", collected),
        often("ImageGCFailed", collected),
        event(
            node,
            "EvictionThresholdMet",
            "Attempting to reclaim ephemeral-storage",
            last=cluster.ago(seconds=48),
            over=timedelta(minutes=16),
            count=9,
            warning=True,
        ),
        event(node, "NodeHasDiskPressure", f"Node {_FULL} status is now: NodeHasDiskPressure", last=since),
    ]


def _evict(cluster: Cluster, pod: Json, used: str, minutes: float) -> None:
    name = pod["spec"]["containers"][0]["name"]
    message = (
        "The node was low on resource: ephemeral-storage. Threshold quantity: 10045284763, available: 1204832Ki. "
        f"Container {name} was using {used}, request is 0, has larger consumption of ephemeral-storage. "
    )
    at = cluster.ago(minutes=minutes)
    trouble.evicted(pod, message, at)
    cluster.events += [
        event(pod, "Evicted", message, last=at, warning=True),
        event(pod, "Killing", f"Stopping container {name}", last=at, path=f"spec.containers{{{name}}}"),
    ]


def _leave_pending(cluster: Cluster, pod: Json) -> None:
    message = (
        "0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }, "
        "2 Insufficient memory. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, "
        "2 No preemption victims found for incoming pod."
    )
    trouble.unscheduled(pod, message)
    made = datetime.fromisoformat(pod["metadata"]["creationTimestamp"])
    last = cluster.ago(seconds=52)
    cluster.events.append(scheduler_event(pod, message, last=last, count=4, over=last - made))


def _exporter(cluster: Cluster, node: Json) -> None:
    """One exporter still writes on the full node; the one before it was put out, using 61 GiB."""
    pods = cluster.deployment(
        "exporter",
        Revision(4, _EXPORTER, cluster.ago(days=3), "exporter 3.3.0: parquet, partitions are sorted on disk"),
        replicas=1,
        standing={4: 2},
        remade={1: cluster.ago(minutes=12)},
    )
    for pod in pods:
        place(pod, node)
    written = [
        line(
            at,
            "info",
            "partition spilled",
            path=f"/scratch/part-{number:05d}.parquet",
            bytes=536_870_912,
            total_gib=12 + number // 2,
        )
        for number, at in enumerate(spread(cluster.ago(minutes=12), cluster.now, 58))
    ]
    failed = [
        line(at, "error", "write failed", path="/scratch/part-00057.parquet", error="no space left on device")
        for at in spread(cluster.ago(minutes=1), cluster.now, 3)
    ]
    cluster.log(pods[1], merged(written, failed))
    _evict(cluster, pods[0], "63963136Ki", 14)


def _ingest(cluster: Cluster, node: Json) -> list[Json]:
    """Three of five ingest pods stood on the full node: two were put out, their successors find no room."""
    pods = cluster.deployment(
        "ingest",
        Revision(17, _INGEST, cluster.ago(days=5), "ingest 8.1.5"),
        replicas=4,
        standing={17: 6},
        remade={4: cluster.ago(minutes=13), 5: cluster.ago(minutes=10)},
    )
    cluster.service("ingest", port=80, target=8080)
    for pod in pods[:2]:
        place(pod, node)
    for pod, other in zip(pods[2:4], cluster.nodes[1:], strict=True):
        place(pod, other)
        cluster.log(
            pod, requests(cluster.ago(minutes=9), cluster.now, 110, ("POST /v1/events", "POST /v1/batch"), slower=340)
        )
    _evict(cluster, pods[0], "811204Ki", 13.1)
    _evict(cluster, pods[1], "798416Ki", 10.2)
    for pod in pods[4:]:
        _leave_pending(cluster, pod)
    return pods


def _others(cluster: Cluster) -> None:
    for name, path, tag, replicas in (
        ("query", "POST /query", "5.5.2", 3),
        ("dashboards", "GET /d/revenue", "11.2.0", 2),
        ("schema", "GET /schemas", "1.0.14", 2),
        ("sessions", "POST /sessionize", "2.8.1", 3),
    ):
        pods = cluster.neighbour(name, path, tag=tag, replicas=replicas)
        for index, pod in enumerate(pods):
            place(pod, cluster.nodes[1 + index % 2])
    store = Template(
        "clickhouse/clickhouse-server:25.3", port=9000, probe="", requests=("1", "4Gi"), limits=("3", "6Gi")
    )
    for index, pod in enumerate(cluster.stateful_set("events-store", store, replicas=2)):
        place(pod, cluster.nodes[1 + index])
    # Noise: a query pod was killed for memory eight days ago, and runs well since.
    query = next(pod for pod in cluster.of("Pod") if pod["metadata"]["name"].startswith("query-"))
    trouble.restarted(query, reason="OOMKilled", code=137, at=cluster.ago(days=8), lived=timedelta(days=2), times=1)
    rollup = Template("registry.example.com/analytics/rollup:2.0.3", restart="OnFailure")
    runs = tuple(cluster.ago(hours=hours) for hours in (3.4, 2.4, 1.4))
    cluster.cron_job("hourly-rollup", rollup, schedule="35 * * * *", runs=runs)


def _tell(world: World, now: datetime) -> Story:
    cluster = world.begin(now)
    full = cluster.node(_FULL, zone="europe-west3-a", ip="10.156.1.20", cpu=4, memory_gib=16)
    cluster.node("gke-analytics-pool-1-7c5d-m4kb", zone="europe-west3-b", ip="10.156.2.20", cpu=4, memory_gib=16)
    cluster.node("gke-analytics-pool-1-7c5d-t8qd", zone="europe-west3-c", ip="10.156.3.20", cpu=4, memory_gib=16)
    _fill_the_disk(cluster, full)
    _exporter(cluster, full)
    pods = _ingest(cluster, full)
    _others(cluster)
    firings = [
        filesystem_almost_full(_FULL, "10.156.1.20", "1.21%", cluster.ago(minutes=9)),
        node_pressure(_FULL, "DiskPressure", cluster.ago(minutes=6)),
        pod_not_ready(pods[4], cluster.ago(minutes=1)),
    ]
    return Story(cluster, firings, "Node", _FULL)


ANALYTICS = World(
    slug="node-disk-full",
    title="An exporter fills its node's disk; its neighbours are evicted and find no other place",
    project="analytics",
    environment="production",
    environment_kind="production",
    cluster="analytics-prod-ew3",
    namespace="analytics",
    tell=_tell,
)
