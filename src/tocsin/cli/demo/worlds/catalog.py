"""Catalog: a release names an image tag that nobody pushed; the old pods go on serving while the rollout hangs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from tocsin.cli.demo.worlds import trouble
from tocsin.cli.demo.worlds.cluster import Cluster
from tocsin.cli.demo.worlds.logs import requests
from tocsin.cli.demo.worlds.metadata import Json, stamp
from tocsin.cli.demo.worlds.platform import event
from tocsin.cli.demo.worlds.pods import Template
from tocsin.cli.demo.worlds.rules import container_waiting, rollout_stuck
from tocsin.cli.demo.worlds.story import Story, World
from tocsin.cli.demo.worlds.workloads import Revision

_REPOSITORY = "registry.example.com/catalog/indexer"
_GOOD = Template(f"{_REPOSITORY}:4.7.1", port=8080, env={"SEARCH_URL": "http://search", "BATCH": "500"})
_BAD = replace(_GOOD, image=f"{_REPOSITORY}:4.8.0-rc3")


def _stuck_rollout(cluster: Cluster) -> Json:
    """The new revision's only pod can't get its image; the three of the old one serve. Returns the new pod."""
    pods = cluster.deployment(
        "indexer",
        Revision(30, replace(_GOOD, image=f"{_REPOSITORY}:4.7.0"), cluster.ago(days=16), "indexer 4.7.0"),
        Revision(31, _GOOD, cluster.ago(days=6), "indexer 4.7.1: smaller batches"),
        Revision(32, _BAD, cluster.ago(minutes=27), "indexer 4.8.0-rc3"),
        replicas=3,
        standing={31: 3, 32: 1},
    )
    cluster.service("indexer", port=80, target=8080)
    for pod in pods[:3]:
        cluster.log(pod, requests(cluster.ago(minutes=20), cluster.now, 64, ("POST /index", "GET /index/status")))
    new = pods[3]
    trouble.never_started(
        new, "ImagePullBackOff", f'Back-off pulling image "{_BAD.image}": ErrImagePull: {_not_found()}'
    )
    parent = cluster.get("Deployment", "indexer")
    name = new["metadata"]["ownerReferences"][0]["name"]
    parent["status"]["conditions"] = _exceeded(cluster, name)
    return new


def _not_found() -> str:
    return (
        f'rpc error: code = NotFound desc = failed to pull and unpack image "{_BAD.image}": '
        f'failed to resolve reference "{_BAD.image}": {_BAD.image}: not found'
    )


def _exceeded(cluster: Cluster, replica_set: str) -> list[Json]:
    since = {"lastTransitionTime": stamp(cluster.ago(days=16)), "lastUpdateTime": stamp(cluster.ago(days=16))}
    late = {"lastTransitionTime": stamp(cluster.ago(minutes=17)), "lastUpdateTime": stamp(cluster.ago(minutes=17))}
    enough = {"message": "Deployment has minimum availability.", "reason": "MinimumReplicasAvailable"}
    told = f'ReplicaSet "{replica_set}" has timed out progressing.'
    return [
        {**since, **enough, "status": "True", "type": "Available"},
        {**late, "message": told, "reason": "ProgressDeadlineExceeded", "status": "False", "type": "Progressing"},
    ]


def _pull_events(cluster: Cluster, pod: Json) -> list[Json]:
    image, path = _BAD.image, "spec.containers{indexer}"
    place = f"{cluster.namespace}/{pod['metadata']['name']}"
    tries = partial(event, pod, last=cluster.ago(minutes=4), over=timedelta(minutes=23), count=9, path=path)
    waits = partial(event, pod, last=cluster.ago(seconds=35), over=timedelta(minutes=26), count=112, path=path)
    return [
        event(
            pod,
            "Scheduled",
            f"Successfully assigned {place} to {pod['spec']['nodeName']}",
            last=cluster.ago(minutes=27),
            by="default-scheduler",
        ),
        tries("Pulling", f'Pulling image "{image}"'),
        tries("Failed", f'Failed to pull image "{image}": {_not_found()}', warning=True),
        tries("Failed", "Error: ErrImagePull", warning=True),
        waits("BackOff", f'Back-off pulling image "{image}"'),
        waits("Failed", "Error: ImagePullBackOff", warning=True),
    ]


def _others(cluster: Cluster) -> None:
    for name, path, tag, replicas in (
        ("search", "GET /search", "4.0.6", 3),
        ("products", "GET /products/88", "12.1.0", 3),
        ("prices", "GET /prices/88", "2.9.4", 2),
        ("media", "GET /media/88.webp", "1.1.0", 2),
        ("reviews", "GET /reviews/88", "0.31.2", 2),
        ("suggest", "GET /suggest", "3.3.0", 1),
    ):
        cluster.neighbour(name, path, tag=tag, replicas=replicas)
    queue = Template("rabbitmq:4.0.7", port=5672, probe="", requests=("200m", "256Mi"), limits=("1", "512Mi"))
    [pod] = cluster.stateful_set("queue", queue)
    # Noise: the queue was restarted nine days ago, when its node was.
    trouble.restarted(pod, reason="Completed", code=0, at=cluster.ago(days=9), lived=timedelta(days=40), times=1)
    feed = Template("registry.example.com/catalog/feed-import:1.4.0", restart="OnFailure")
    runs = (cluster.ago(hours=9), cluster.ago(hours=5), cluster.ago(hours=1))
    cluster.cron_job("feed-import", feed, schedule="0 */4 * * *", runs=runs)


def _tell(world: World, now: datetime) -> Story:
    cluster = world.begin(now)
    for number in (1, 2):
        cluster.node(f"stg-pool-{number}", zone="europe-west4-a", ip=f"10.164.{number}.9")
    pod = _stuck_rollout(cluster)
    _others(cluster)
    cluster.events += _pull_events(cluster, pod)
    firings = [
        rollout_stuck(cluster.get("Deployment", "indexer"), cluster.ago(minutes=2)),
        container_waiting(pod, "ImagePullBackOff", cluster.ago(minutes=1)),
    ]
    return Story(cluster, firings, "Deployment", "indexer")


CATALOG = World(
    slug="image-tag-missing",
    title="A release names an image tag that was never pushed",
    project="catalog",
    environment="staging",
    environment_kind="staging",
    cluster="catalog-staging",
    namespace="catalog",
    tell=_tell,
    # Somebody pushes the tag, and the next attempt to pull it succeeds.
    recovers=True,
)
