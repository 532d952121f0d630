"""Bookings: a tidy-up renames a label, and the Service that selected by it has nobody left behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.cli.demo.worlds import trouble
from tocsin.cli.demo.worlds.alertmanager import Firing
from tocsin.cli.demo.worlds.cluster import Cluster
from tocsin.cli.demo.worlds.logs import merged, repeated, requests
from tocsin.cli.demo.worlds.metadata import Json
from tocsin.cli.demo.worlds.platform import event
from tocsin.cli.demo.worlds.pods import Template
from tocsin.cli.demo.worlds.rules import error_budget_burn
from tocsin.cli.demo.worlds.story import Story, World
from tocsin.cli.demo.worlds.workloads import Revision

_AVAILABILITY = Template(
    "registry.example.com/bookings/availability:9.2.0",
    port=8080,
    env={"CALENDAR_DSN_FILE": "/etc/availability/dsn", "CACHE_TTL": "30s"},
    labels={"component": "availability", "team": "bookings"},
)
# The tidy-up: `app` became `component`.
_BEFORE = replace(
    _AVAILABILITY,
    image="registry.example.com/bookings/availability:9.1.3",
    labels={"app": "availability", "team": "bookings"},
)
_API = Template(
    "registry.example.com/bookings/booking-api:14.0.2",
    port=8080,
    env={"AVAILABILITY_URL": "http://availability", "PRICING_URL": "http://pricing", "LOG_LEVEL": "info"},
    requests=("250m", "256Mi"),
    limits=("1", "512Mi"),
)


def _availability(cluster: Cluster) -> list[Json]:
    pods = cluster.deployment(
        "availability",
        Revision(
            6, replace(_BEFORE, image="registry.example.com/bookings/availability:9.1.0"), cluster.ago(days=30), "9.1.0"
        ),
        Revision(7, _BEFORE, cluster.ago(days=13), "9.1.3"),
        Revision(8, _AVAILABILITY, cluster.ago(minutes=33), "9.2.0: calendar sharding; labels by the new convention"),
        replicas=3,
    )
    probed = ("GET /healthz",)
    for pod in pods:
        # Nobody calls them any more: only the kubelet's probes are left.
        cluster.log(pod, requests(cluster.ago(minutes=12), cluster.now, 72, probed))
    return pods


def _api(cluster: Cluster, service: Json) -> list[Json]:
    before = replace(_API, image="registry.example.com/bookings/booking-api:14.0.1")
    pods = cluster.deployment(
        "booking-api",
        Revision(51, before, cluster.ago(days=11), "booking-api 14.0.1"),
        Revision(52, _API, cluster.ago(days=4), "booking-api 14.0.2"),
        replicas=4,
    )
    cluster.service("booking-api", port=80, target=8080)
    address = service["spec"]["clusterIP"]
    refused = {
        "dependency": "availability",
        "status": 503,
        "error": f"Get http://availability/v2/slots: dial tcp {address}:80: connect: connection refused",
    }
    for pod in pods:
        failed = repeated(cluster.ago(minutes=14), cluster.now, 34, "error", "dependency failed", **refused)
        traffic = requests(
            cluster.ago(minutes=14), cluster.now, 50, ("GET /bookings/7712", "GET /prices", "GET /healthz")
        )
        cluster.log(pod, merged(failed, traffic))
    return pods


def _rollout_events(cluster: Cluster) -> list[Json]:
    parent = cluster.get("Deployment", "availability")
    *_, old, new = [
        one["metadata"]["name"]
        for one in cluster.of("ReplicaSet")
        if one["metadata"]["name"].startswith("availability-")
    ]
    steps = [
        (f"Scaled up replica set {new} from {n} to {n + 1}", f"Scaled down replica set {old} from {3 - n} to {2 - n}")
        for n in range(3)
    ]
    return [
        event(
            parent,
            "ScalingReplicaSet",
            message,
            last=cluster.ago(minutes=33, seconds=-11 * number),
            by="deployment-controller",
        )
        for number, message in enumerate(message for step in steps for message in step)
    ]


def _others(cluster: Cluster) -> None:
    for name, path, tag, replicas in (
        ("pricing", "GET /prices", "6.6.1", 3),
        ("calendar", "GET /calendar", "2.4.0", 2),
        ("notifications", "POST /notify", "1.9.9", 2),
        ("guests", "GET /guests/7712", "3.0.4", 2),
        ("frontend", "GET /", "27.3.0", 3),
    ):
        cluster.neighbour(name, path, tag=tag, replicas=replicas)
    database = Template("postgres:16.8", port=5432, probe="", requests=("500m", "1Gi"), limits=("2", "4Gi"))
    cluster.stateful_set("calendar-db", database)
    # Noise: a guests pod restarted five days ago; a probe failed once during the rollout, on a pod that is gone.
    guest = next(pod for pod in cluster.of("Pod") if pod["metadata"]["name"].startswith("guests-"))
    trouble.restarted(guest, reason="Error", code=1, at=cluster.ago(days=5), lived=timedelta(hours=30), times=1)
    gone = cluster.departed(guest, "availability-5c8d7bf64-k4j2n")
    stale = 'Readiness probe failed: Get "http://10.42.9.31:8080/healthz": context deadline exceeded'
    cluster.events.append(event(gone, "Unhealthy", stale, last=cluster.ago(minutes=32), count=2, warning=True))
    purge = Template("registry.example.com/bookings/purge:1.0.1", restart="OnFailure")
    cluster.cron_job(
        "purge-holds", purge, schedule="*/30 * * * *", runs=(cluster.ago(minutes=52), cluster.ago(minutes=22))
    )


def _tell(world: World, now: datetime) -> Story:
    cluster = world.begin(now)
    for number, zone in enumerate("123"):
        cluster.node(
            f"aks-apps-3117-vmss00000{zone}", zone=f"westeurope-{zone}", ip=f"10.224.{number}.5", cpu=8, memory_gib=32
        )
    _availability(cluster)
    service = cluster.service("availability", port=80, target=8080, selector={"app": "availability"})
    _api(cluster, service)
    _others(cluster)
    cluster.events += _rollout_events(cluster)
    firings = [
        error_budget_burn("booking-api", "38 %", cluster.ago(minutes=8)),
        Firing(
            "BlackboxProbeFailed",
            "critical",
            cluster.ago(minutes=11),
            "The probe of http://availability/healthz fails.",
            "http://availability.bookings/healthz has not answered the blackbox exporter for 5 minutes.",
            'probe_success{job="blackbox"} == 0',
            {"service": "availability", "job": "blackbox", "instance": "http://availability.bookings/healthz"},
            runbook="https://runbooks.example.com/bookings/probes",
        ),
    ]
    return Story(cluster, firings, "Deployment", "booking-api")


BOOKINGS = World(
    slug="selector-matches-nothing",
    title="A renamed label leaves a Service without pods; its callers get connection refused",
    project="bookings",
    environment="production",
    environment_kind="production",
    cluster="bookings-prod-we",
    namespace="bookings",
    tell=_tell,
    fixed_by="patched the Service to select the new label; bookings answers again",
)
