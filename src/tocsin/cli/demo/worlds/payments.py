"""Payments: a database host edited by hand does nothing, until a node upgrade makes the pods anew hours later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.cli.demo.worlds import trouble
from tocsin.cli.demo.worlds.cluster import Cluster
from tocsin.cli.demo.worlds.logs import line, requests
from tocsin.cli.demo.worlds.metadata import Json, managed, precise, stamp
from tocsin.cli.demo.worlds.platform import event
from tocsin.cli.demo.worlds.pods import Template
from tocsin.cli.demo.worlds.rules import pod_crash_looping, replicas_mismatch
from tocsin.cli.demo.worlds.story import Story, World
from tocsin.cli.demo.worlds.workloads import Revision

_HOST, _OLD_HOST = "payments-postgres", "payments-db"
_CONFIG = "payments-api-config"
_API = Template(
    "registry.example.com/payments/api:7.3.0",
    port=8080,
    config=_CONFIG,
    credentials="payments-db-credentials",
    requests=("250m", "256Mi"),
    limits=("1", "512Mi"),
)
_SETTINGS = {
    "DB_HOST": _HOST,
    "DB_NAME": "payments",
    "DB_POOL_MAX": "20",
    "DB_PORT": "5432",
    "FRAUD_URL": "http://fraud",
    "LEDGER_URL": "http://ledger",
    "LOG_LEVEL": "info",
}


def _edit_config(cluster: Cluster) -> None:
    """Someone changed DB_HOST with `kubectl edit`, 6 hours and 12 minutes ago."""
    at = cluster.ago(hours=6, minutes=12)
    config = cluster.config_map(_CONFIG, _SETTINGS)
    meta = config["metadata"]
    meta["managedFields"].append(managed("kubectl-edit", at, {"data": {"DB_HOST": _HOST}}))
    meta["resourceVersion"] = str(int(at.timestamp()) - 1_700_000_000)
    cluster.changes.append(
        {
            "at": stamp(at),
            "about": {"kind": "ConfigMap", "namespace": cluster.namespace, "name": _CONFIG},
            "by": "kubectl-edit",
            "field": "/data/DB_HOST",
            "old": _OLD_HOST,
            "new": _HOST,
        }
    )


_NO_HOST = f"dial tcp: lookup {_HOST} on 172.20.0.10:53: no such host"
_WAITS_S = (0.2, 0.8, 2.0, 4.4, 9.2)
_PANIC = f"""\
panic: cannot open database: {_NO_HOST}

goroutine 1 [running]:
main.mustOpen({{0xc00012e0f0, 0x11}})
\t/src/cmd/api/main.go:88 +0x1d4
main.main()
\t/src/cmd/api/main.go:41 +0x2b8
exit status 2"""


def _attempt(at: datetime, number: int) -> list[str]:
    host, searched = f"{_HOST}.payments.svc.cluster.local", "payments.svc.cluster.local svc.cluster.local cluster.local"
    answered, gave_up = at + timedelta(milliseconds=9), at + timedelta(milliseconds=12)
    return [
        line(at, "debug", "resolving", name=_HOST, search=searched),
        line(answered, "debug", "dns answer", question=host, rcode="NXDOMAIN"),
        line(gave_up, "warn", "database not reachable", attempt=number, of=len(_WAITS_S), error=_NO_HOST),
    ]


def _last_words(start: datetime) -> str:
    """What the API prints from its start to its exit: it asks for the host five times, then gives up."""
    after = [start + timedelta(milliseconds=each) for each in (0, 40, 66, 90)]
    opening = [
        line(after[0], "info", "starting payments-api", version="7.3.0", commit="4be1c0a"),
        line(after[1], "info", "configuration read", source="environment", keys=9),
        line(after[2], "info", "tracing on", exporter="otlp", sampling=0.05),
        line(after[3], "info", "connecting to database", host=_HOST, port=5432, db="payments"),
    ]
    attempts = [_attempt(start + timedelta(seconds=wait), number) for number, wait in enumerate(_WAITS_S, start=1)]
    end = start + timedelta(seconds=_WAITS_S[-1] + 0.1)
    giving_up = line(end, "error", "giving up on the database", host=_HOST, error=_NO_HOST)
    return "\n".join([*opening, *(each for attempt in attempts for each in attempt), giving_up, _PANIC])


def _crash(cluster: Cluster, pod: Json, *, times: int, minutes: float) -> None:
    at, lived = cluster.ago(minutes=minutes), timedelta(seconds=11)
    trouble.crash_looping(pod, reason="Error", code=2, at=at, lived=lived, times=times)
    cluster.log(pod, _last_words(at - lived), previous=_last_words(at - lived))
    message = f"Back-off restarting failed container {trouble.identity(pod)}"
    cluster.events.append(
        event(
            pod,
            "BackOff",
            message,
            last=cluster.ago(seconds=25),
            count=71,
            over=timedelta(minutes=16),
            warning=True,
            path="spec.containers{payments-api}",
        )
    )


def _api(cluster: Cluster) -> list[Json]:
    drained = cluster.ago(minutes=18)
    pods = cluster.deployment(
        "payments-api",
        Revision(21, replace(_API, image="registry.example.com/payments/api:7.2.4"), cluster.ago(days=23), "api 7.2.4"),
        Revision(22, _API, cluster.ago(days=9), "api 7.3.0: idempotency keys"),
        replicas=3,
        remade={1: drained, 2: drained + timedelta(seconds=48)},
    )
    cluster.service("payments-api", port=80, target=8080)
    # The first pod lives on another node: it still runs with what it read nine days ago.
    cluster.log(
        pods[0],
        requests(cluster.ago(minutes=11), cluster.now, 90, ("POST /v1/charges", "GET /v1/charges/ch_81"), slower=90),
    )
    _crash(cluster, pods[1], times=8, minutes=3.2)
    _crash(cluster, pods[2], times=7, minutes=1.1)
    return pods


def _database(cluster: Cluster) -> None:
    postgres = Template("postgres:17.4", port=5432, probe="", requests=("500m", "1Gi"), limits=("2", "2Gi"))
    [pod] = cluster.stateful_set(_OLD_HOST, postgres)
    lines = []
    for index in range(36):
        at = cluster.ago(minutes=5 * (36 - index))
        lines.append(f"{precise(at)} UTC [27] LOG:  checkpoint starting: time")
        took = 11 + index % 7
        wrote = f"wrote {80 + 13 * (index % 9)} buffers (0.6%); write={took}.204 s, sync=0.011 s, total={took}.243 s"
        lines.append(f"{precise(at + timedelta(seconds=took))} UTC [27] LOG:  checkpoint complete: {wrote}")
    cluster.log(pod, "\n".join(lines))


def _others(cluster: Cluster) -> None:
    cluster.neighbour("ledger", "POST /entries", tag="2.0.8", replicas=3)
    cluster.neighbour("fraud", "POST /score", tag="1.12.0")
    cluster.neighbour("refunds", "POST /refunds", tag="3.1.1")
    cluster.neighbour("webhooks", "POST /deliver", tag="5.0.2", days=44)
    [reports, *_] = cluster.neighbour("reports", "GET /monthly", tag="1.8.7")
    # Noise: an old kill for memory in another service, long over.
    trouble.restarted(reports, reason="OOMKilled", code=137, at=cluster.ago(days=11), lived=timedelta(days=1), times=1)
    settle = Template("registry.example.com/payments/settlement:2.2.0", restart="OnFailure")
    cluster.cron_job(
        "settlement", settle, schedule="0 1 * * *", runs=(cluster.ago(days=1, hours=4), cluster.ago(hours=4))
    )


def _drain(cluster: Cluster, pods: list[Json], node: Json) -> None:
    """The node upgrade that made two pods anew: harmless in itself, and what woke the edited value."""
    gone = cluster.departed(pods[1], "payments-api-7d9c4f8b5-z8v7q")
    stopping = "Stopping container payments-api"
    cluster.events += [
        event(
            node,
            "NodeNotSchedulable",
            f"Node {node['metadata']['name']} status is now: NodeNotSchedulable",
            last=cluster.ago(minutes=19),
        ),
        event(gone, "Killing", stopping, last=cluster.ago(minutes=18), path="spec.containers{payments-api}"),
        event(node, "Starting", "Starting kubelet.", last=cluster.ago(minutes=14)),
        event(
            node,
            "NodeSchedulable",
            f"Node {node['metadata']['name']} status is now: NodeSchedulable",
            last=cluster.ago(minutes=13),
        ),
    ]


def _tell(world: World, now: datetime) -> Story:
    cluster = world.begin(now)
    nodes = [
        cluster.node(
            f"worker-{number}.fra.internal", zone=f"eu-central-1{zone}", ip=f"10.8.{number}.17", cpu=8, memory_gib=32
        )
        for number, zone in enumerate("abc", start=1)
    ]
    _edit_config(cluster)
    pods = _api(cluster)
    _database(cluster)
    _others(cluster)
    _drain(cluster, pods, nodes[0])
    firings = [
        pod_crash_looping(pods[1], cluster.ago(minutes=7)),
        replicas_mismatch(cluster.get("Deployment", "payments-api"), cluster.ago(minutes=3)),
    ]
    return Story(cluster, firings, "Pod", pods[1]["metadata"]["name"])


PAYMENTS = World(
    slug="payments-lost-database",
    title="A database host edited by hand six hours ago breaks the pods that restart now",
    project="payments",
    environment="production",
    environment_kind="production",
    cluster="payments-prod-fra",
    namespace="payments",
    tell=_tell,
)
