"""Shop: a release quintuples the cart's session cache, and under traffic the kernel kills it for memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.cli.demo.worlds import trouble
from tocsin.cli.demo.worlds.cluster import Cluster
from tocsin.cli.demo.worlds.logs import line, merged, repeated, requests, spread
from tocsin.cli.demo.worlds.metadata import Json
from tocsin.cli.demo.worlds.platform import event
from tocsin.cli.demo.worlds.pods import Template
from tocsin.cli.demo.worlds.rules import error_budget_burn, pod_crash_looping
from tocsin.cli.demo.worlds.story import Story, World
from tocsin.cli.demo.worlds.workloads import Revision

_CART = Template(
    "registry.example.com/shop/cart:2.14.0",
    port=8080,
    env={"REDIS_ADDR": "redis-cart:6379", "SESSION_CACHE_MAX_MB": "480", "LOG_LEVEL": "info"},
    requests=("200m", "256Mi"),
    limits=("1", "384Mi"),
)
_CART_BEFORE = replace(
    _CART, image="registry.example.com/shop/cart:2.13.4", env={**_CART.env, "SESSION_CACHE_MAX_MB": "96"}
)


def _life(start: datetime, end: datetime) -> str:
    """What the cart prints in one life: traffic, and a cache that fills until the line breaks off."""
    opening = [
        line(start, "info", "starting cart", version="2.14.0", gomaxprocs=1),
        line(start + timedelta(seconds=1), "info", "session cache ready", max_mb=480, eviction="lru"),
        line(start + timedelta(seconds=1), "info", "connected to redis", addr="redis-cart:6379"),
        line(start + timedelta(seconds=2), "info", "listening", addr=":8080"),
    ]
    times = spread(start + timedelta(seconds=10), end, 9)
    cache = [
        line(at, "info", "session cache", entries=4_100 * (index + 1), used_mb=34 * (index + 1), max_mb=480)
        for index, at in enumerate(times)
    ]
    slow = [line(times[-1] + timedelta(seconds=2), "warn", "gc pause above target", pause_ms=412, heap_mb=351)]
    traffic = requests(start + timedelta(seconds=3), end, 44, ("GET /cart", "POST /cart/items", "GET /cart/total"))
    return merged(opening, cache, slow, traffic)


def _kill(cluster: Cluster, pod: Json, *, minutes: float, times: int) -> None:
    at, lived = cluster.ago(minutes=minutes), timedelta(minutes=4, seconds=37)
    trouble.crash_looping(pod, reason="OOMKilled", code=137, at=at, lived=lived, times=times)
    cluster.log(pod, _life(at - lived, at), previous=_life(at - lived, at))
    path = "spec.containers{cart}"
    over = timedelta(minutes=5 * times)
    back_off = f"Back-off restarting failed container {trouble.identity(pod)}"
    pulled = f'Container image "{_CART.image}" already present on machine'
    cluster.events += [
        event(pod, "Pulled", pulled, last=at - lived, over=over, count=times, path=path),
        event(
            pod, "BackOff", back_off, last=cluster.ago(seconds=40), over=over, count=3 * times, warning=True, path=path
        ),
    ]


def _cart(cluster: Cluster) -> list[Json]:
    pods = cluster.deployment(
        "cart",
        Revision(
            13,
            replace(_CART_BEFORE, image="registry.example.com/shop/cart:2.13.1"),
            cluster.ago(days=19),
            "cart 2.13.1",
        ),
        Revision(14, _CART_BEFORE, cluster.ago(days=8), "cart 2.13.4: price rounding"),
        Revision(
            15, _CART, cluster.ago(minutes=41), "cart 2.14.0: keep sessions in memory longer (cache 96 -> 480 MB)"
        ),
        replicas=3,
    )
    cluster.service("cart", port=80, target=8080)
    _kill(cluster, pods[0], minutes=2.4, times=5)
    _kill(cluster, pods[1], minutes=3.1, times=4)
    died = cluster.ago(minutes=1.6)
    lived = timedelta(minutes=4, seconds=52)
    trouble.restarted(pods[2], reason="OOMKilled", code=137, at=died, lived=lived, times=5)
    cluster.log(pods[2], _life(died + timedelta(seconds=2), cluster.now), previous=_life(died - lived, died))
    return pods


def _web(cluster: Cluster) -> None:
    paths = ("GET /", "GET /product/1182", "GET /cart")
    pods = cluster.neighbour("web", *paths, tag="5.2.1", replicas=3, CART_ADDR="http://cart")
    for pod in pods:
        refused = {"upstream": "http://cart", "status": 503, "error": "connection refused", "route": "/cart"}
        failed = repeated(cluster.ago(minutes=17), cluster.now, 16, "error", "upstream failed", **refused)
        traffic = requests(cluster.ago(minutes=18), cluster.now, 60, ("GET /", "GET /product/1182", "GET /search"))
        cluster.log(pod, merged(failed, traffic))


def _others(cluster: Cluster) -> None:
    redis = Template("redis:7.4.2-alpine", port=6379, probe="", requests=("50m", "64Mi"), limits=("250m", "192Mi"))
    cluster.stateful_set("redis-cart", redis)
    cluster.neighbour("catalog", "GET /products", "GET /products/1182", tag="3.8.0", replicas=3)
    cluster.neighbour("checkout", "POST /checkout", tag="1.19.2")
    cluster.neighbour("inventory", "GET /stock/1182", tag="0.44.1", days=33)
    cluster.neighbour("recommendations", "GET /similar", tag="2.2.0")
    cluster.neighbour("email", "POST /send", tag="1.3.3", replicas=1, days=71)
    # Noise: one restart six days ago, and nightly runs that ended well.
    [search, *_] = cluster.neighbour("search", "GET /search", tag="4.0.5", replicas=2)
    trouble.restarted(search, reason="Error", code=143, at=cluster.ago(days=6), lived=timedelta(days=5), times=1)
    sitemap = Template("registry.example.com/shop/sitemap:1.0.9", restart="OnFailure", args=("--all",))
    runs = (cluster.ago(days=2, hours=3), cluster.ago(days=1, hours=3), cluster.ago(hours=3))
    cluster.cron_job("nightly-sitemap", sitemap, schedule="15 2 * * *", runs=runs)


def _tell(world: World, now: datetime) -> Story:
    cluster = world.begin(now)
    for number, zone in enumerate("abc"):
        cluster.node(f"ip-10-0-{12 + number}-41.internal", zone=f"eu-west-1{zone}", ip=f"10.0.{12 + number}.41")
    pods = _cart(cluster)
    _web(cluster)
    _others(cluster)
    name = pods[0]["metadata"]["name"]
    cluster.events.append(
        event(
            cluster.get("Deployment", "cart"),
            "ScalingReplicaSet",
            f"Scaled up replica set {name.rpartition('-')[0]} from 2 to 3",
            last=cluster.ago(minutes=40),
            by="deployment-controller",
        )
    )
    firings = [
        pod_crash_looping(pods[0], cluster.ago(minutes=9)),
        pod_crash_looping(pods[1], cluster.ago(minutes=8)),
        error_budget_burn("web", "4.1 %", cluster.ago(minutes=12)),
    ]
    return Story(cluster, firings, "Pod", name)


SHOP = World(
    slug="cart-out-of-memory",
    title="A release makes the cart's cache larger than its memory limit",
    project="shop",
    environment="production",
    environment_kind="production",
    cluster="shop-prod-eu",
    namespace="shop",
    tell=_tell,
)
