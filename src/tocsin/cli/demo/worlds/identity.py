"""Identity: a latency alert fires on a short blip; everything is healthy, and a good answer says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from tocsin.cli.demo.worlds import trouble
from tocsin.cli.demo.worlds.alertmanager import Firing
from tocsin.cli.demo.worlds.cluster import Cluster
from tocsin.cli.demo.worlds.logs import merged, requests
from tocsin.cli.demo.worlds.platform import event
from tocsin.cli.demo.worlds.pods import Template
from tocsin.cli.demo.worlds.story import Story, World
from tocsin.cli.demo.worlds.workloads import Revision

_AUTH = Template(
    "registry.example.com/identity/auth:10.6.1",
    port=8080,
    env={"SESSION_STORE": "redis:6379", "TOKEN_TTL": "15m", "DIRECTORY_URL": "http://directory"},
    requests=("500m", "512Mi"),
    limits=("2", "1Gi"),
)
_PATHS = ("POST /token", "GET /userinfo", "POST /introspect")


def _auth(cluster: Cluster) -> None:
    pods = cluster.deployment(
        "auth", Revision(88, _AUTH, cluster.ago(days=7), "auth 10.6.1: dependency updates"), replicas=4
    )
    cluster.service("auth", port=80, target=8080)
    for pod in pods:
        before = requests(cluster.ago(minutes=16), cluster.ago(minutes=7), 70, _PATHS)
        blip = requests(cluster.ago(minutes=7), cluster.ago(minutes=5), 24, _PATHS, slower=240)
        since = requests(cluster.ago(minutes=5), cluster.now, 46, _PATHS)
        cluster.log(pod, merged(before, blip, since))


def _others(cluster: Cluster) -> None:
    for name, path, tag, replicas in (
        ("directory", "GET /people/a81", "4.4.0", 3),
        ("consent", "GET /consent", "2.1.7", 2),
        ("profile", "GET /profile", "7.0.1", 2),
        ("mfa", "POST /verify", "3.2.2", 2),
        ("audit-log", "POST /append", "1.15.0", 2),
    ):
        cluster.neighbour(name, path, tag=tag, replicas=replicas, days=21)
    redis = Template("redis:7.4.2-alpine", port=6379, probe="", requests=("100m", "256Mi"), limits=("500m", "512Mi"))
    cluster.stateful_set("redis", redis)
    # Noise: a restart nine days ago, and a probe that was late once on a pod that is long gone.
    mfa = next(pod for pod in cluster.of("Pod") if pod["metadata"]["name"].startswith("mfa-"))
    trouble.restarted(mfa, reason="Error", code=1, at=cluster.ago(days=9), lived=timedelta(days=3), times=1)
    gone = cluster.departed(mfa, "profile-84f6b9dc7-b5w6l")
    late = 'Readiness probe failed: Get "http://10.42.2.77:8080/healthz": context deadline exceeded'
    cluster.events.append(event(gone, "Unhealthy", late, last=cluster.ago(minutes=51), warning=True))
    rotate = Template("registry.example.com/identity/rotate-keys:1.1.0", restart="OnFailure")
    cluster.cron_job(
        "rotate-keys", rotate, schedule="0 4 * * *", runs=(cluster.ago(days=1, hours=2), cluster.ago(hours=2))
    )


def _tell(world: World, now: datetime) -> Story:
    cluster = world.begin(now)
    for number in (1, 2, 3):
        cluster.node(
            f"k3s-{number}.hel.internal", zone=f"hel1-dc{number}", ip=f"10.30.{number}.4", cpu=8, memory_gib=16
        )
    _auth(cluster)
    _others(cluster)
    slow = Firing(
        "HighRequestLatency",
        "warning",
        cluster.ago(minutes=3),
        "auth answers slowly.",
        "The 99th percentile of auth's response time was 0.31 s over the last 5 minutes (objective: 0.25 s).",
        'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job="auth"}[5m]))) > 0.25',
        {"deployment": "auth", "service": "auth", "job": "auth"},
        runbook="https://runbooks.example.com/identity/latency",
    )
    return Story(cluster, [slow], "Deployment", "auth")


IDENTITY = World(
    slug="latency-false-alarm",
    title="A latency alert fires although everything is healthy",
    project="identity",
    environment="production",
    environment_kind="production",
    cluster="identity-prod-hel",
    namespace="identity",
    tell=_tell,
    recovers=True,
)
