"""Made-up failures with the alerts that each would raise, labelled by which failure every alert belongs to.

The world is a layered graph of services in namespaces, their pods on nodes in zones. A case is one kind of failure, or several
at once, in such a world, among noise that belongs to nothing. Alerts come late, in any order, and name only what monitoring
usually names: of a pod its node now and then, of a service its name more often than not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from tocsin.alerts.parsed import ParsedAlert
from tocsin.catalog.directory import Directory, Selector, ServiceFacts

NAMESPACES = ("shop", "search", "billing", "platform", "content")
ZONES = ("zone-a", "zone-b", "zone-c")
NOISE = (
    *(
        "CertificateExpiresSoon",
        "BackupTooOld",
        "QueueGrowing",
        "DiskWillFill",
        "JobFailed",
        "ClockSkew",
        "SlowQueries",
    ),
    *("HighErrorRate", "p99 above objective", "Replication lag", "Cache hit ratio low", "GC pauses", "Login anomalies"),
)
# The same symptom as different teams name it; some of these names tell little.
SAYS = {
    "HighErrorRate": (
        "HighErrorRate",
        "5xx ratio above 2%",
        "Checkout success ratio low",
        "SLO burn fast",
        "Requests failing",
    ),
    "HighLatency": ("HighLatency", "p99 above objective", "Response time degraded", "Apdex low"),
    "DatabaseDown": ("DatabaseDown", "PostgresqlDown", "MySQL not responding", "Primary unavailable"),
    "KubePodCrashLooping": ("KubePodCrashLooping", "Container restarting", "Back-off restarting"),
}


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert, seconds after the case began, and the failure that it belongs to."""

    at: float
    alert: ParsedAlert
    failure: str


@dataclass(slots=True)
class World:
    """Services with what they need, the node of each of their pods, and the zone of each node."""

    random: Random
    needs: dict[str, list[str]] = field(default_factory=dict)
    namespace: dict[str, str] = field(default_factory=dict)
    pods: dict[str, dict[str, str]] = field(default_factory=dict)
    zone: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, random: Random) -> World:
        """Five layers of services on a dozen nodes; each service needs one to three of the layer below."""
        world = cls(random)
        nodes = [f"worker-{n}" for n in range(12)]
        world.zone = {node: ZONES[n % 3] for n, node in enumerate(nodes)}
        layers = [[f"{random.choice(_NOUNS)}-{depth}{n}" for n in range(6)] for depth in range(5)]
        for depth, layer in enumerate(layers):
            for service in layer:
                below = layers[depth + 1] if depth + 1 < len(layers) else []
                world.needs[service] = random.sample(below, min(len(below), random.choice((1, 1, 2, 3))))
                world.namespace[service] = random.choice(NAMESPACES)
                world.pods[service] = {
                    f"{service}-{_suffix(random, 9, HASHES)}-{_suffix(random, 5, NAMES)}": random.choice(nodes)
                    for _ in range(random.choice((2, 2, 3, 4)))
                }
        return world

    def directory(self) -> Directory:
        """The catalogue of this world."""
        return Directory(
            ServiceFacts(
                name,
                "bench",
                name,
                selectors=(Selector(namespace=self.namespace[name], workload=name),),
                depends_on=tuple(needs),
            )
            for name, needs in self.needs.items()
        )

    def dependents(self, service: str) -> list[str]:
        """What needs a service directly."""
        return [name for name, needs in self.needs.items() if service in needs]

    def around(self, service: str) -> set[str]:
        """What is within two hops of a service, itself too, and what shares a need with it."""
        near = {service}
        for _ in range(2):
            near |= {n for one in near for n in (*self.needs[one], *self.dependents(one))}
        return near


_NOUNS = ("cart", "orders", "search", "ledger", "users", "media", "price", "stock", "mail", "quote", "review", "geo")


# What Kubernetes makes the hashes of pod templates of, and the names of pods.
HASHES, NAMES = "456789bcdf", "bcdfghjklmnpqrstvwxz2456789"


def _suffix(random: Random, length: int, of: str) -> str:
    return "".join(random.choice(of) for _ in range(length))


def alert(name: str, severity: str = "warning", **labels: str) -> ParsedAlert:
    """An alert as Prometheus names it."""
    told = {"alertname": name, "severity": severity, "cluster": "main", "prometheus": "monitoring/k8s"} | labels
    identity = ",".join(f"{k}={v}" for k, v in sorted(told.items()))
    return ParsedAlert(identity, name, True, severity=severity, labels=told)


def of_pod(world: World, service: str, pod: str, name: str, severity: str = "warning") -> ParsedAlert:
    """An alert about a pod; every other one names the node."""
    node = {"node": world.pods[service][pod]} if world.random.random() < 0.5 else {}
    said = world.random.choice(SAYS.get(name, (name,)))
    return alert(said, severity, namespace=world.namespace[service], pod=pod, container=service, **node)


def of_service(world: World, service: str, name: str, severity: str = "critical") -> ParsedAlert:
    """An alert about a service, by its label or by its deployment."""
    label = {"service": service} if world.random.random() < 0.7 else {"deployment": service}
    return alert(world.random.choice(SAYS.get(name, (name,))), severity, namespace=world.namespace[service], **label)


def node_down(world: World, failure: str) -> Iterator[Raised]:
    """A node stops: itself, what monitors it, the pods on it, and some services that had too few left."""
    random = world.random
    node = random.choice(list(world.zone))
    yield Raised(random.uniform(0, 90), alert("KubeNodeNotReady", "critical", node=node), failure)
    yield Raised(random.uniform(0, 90), alert("InstanceDown", "critical", instance=f"{node}:9100", job="node"), failure)
    for service, pods in world.pods.items():
        hit = [pod for pod, where in pods.items() if where == node]
        for pod in hit:
            told = alert("KubePodNotReady", "warning", namespace=world.namespace[service], pod=pod, node=node)
            yield Raised(random.uniform(0, 180), told, failure)
        if len(hit) * 2 > len(pods) and random.random() < 0.4:
            pod_count = of_service(world, service, "KubeDeploymentReplicasMismatch", "warning")
            yield Raised(random.uniform(30, 200), pod_count, failure)


def database_down(world: World, failure: str) -> Iterator[Raised]:
    """The lowest layer fails: all that need it directly complain, and some of those that need them."""
    random = world.random
    database = random.choice(
        [s for s in world.needs if not world.needs[s] and world.dependents(s)] or list(world.needs)
    )
    yield Raised(random.uniform(0, 60), of_service(world, database, "DatabaseDown"), failure)
    for pod in world.pods[database]:
        yield Raised(random.uniform(0, 120), of_pod(world, database, pod, "KubePodCrashLooping"), failure)
    for service in world.dependents(database):
        yield Raised(random.uniform(5, 180), of_service(world, service, "HighErrorRate"), failure)
        for above in world.dependents(service):
            if random.random() < 0.4:
                yield Raised(random.uniform(30, 240), of_service(world, above, "HighLatency", "warning"), failure)


def bad_deploy(world: World, failure: str) -> Iterator[Raised]:
    """A release crashes: its pods, its rollout, its errors, and some of what needs it."""
    random = world.random
    service = random.choice([s for s in world.needs if world.dependents(s)])
    for pod in world.pods[service]:
        yield Raised(random.uniform(0, 120), of_pod(world, service, pod, "KubePodCrashLooping"), failure)
    yield Raised(random.uniform(60, 240), of_service(world, service, "KubeDeploymentRolloutStuck", "warning"), failure)
    yield Raised(random.uniform(10, 120), of_service(world, service, "HighErrorRate"), failure)
    for above in world.dependents(service):
        if random.random() < 0.5:
            yield Raised(random.uniform(30, 240), of_service(world, above, "HighErrorRate"), failure)


def network_split(world: World, failure: str) -> Iterator[Raised]:
    """A zone can't be reached: its nodes, and probes of what runs there."""
    random = world.random
    zone = random.choice(ZONES)
    for node in [n for n, z in world.zone.items() if z == zone]:
        yield Raised(random.uniform(0, 60), alert("KubeNodeUnreachable", "critical", node=node, zone=zone), failure)
        for service, pods in world.pods.items():
            for pod, where in pods.items():
                if where == node and random.random() < 0.5:
                    told = of_pod(world, service, pod, "TargetDown")
                    labels = told.labels | {"zone": zone, "node": node}
                    named = alert("TargetDown", "warning", **{k: v for k, v in labels.items() if k not in _GIVEN})
                    yield Raised(random.uniform(10, 150), named, failure)


_GIVEN = ("alertname", "severity", "cluster", "prometheus")


def slow_burn(world: World, failure: str) -> Iterator[Raised]:
    """A volume fills over half an hour: the volume, then latency, errors, and crashes of the one service on it."""
    random = world.random
    service = random.choice(list(world.needs))
    claim = {"namespace": world.namespace[service], "persistentvolumeclaim": f"data-{service}-0"}
    yield Raised(0, alert("VolumeFillingUp", "warning", **claim, service=service), failure)
    yield Raised(random.uniform(300, 900), of_service(world, service, "HighLatency", "warning"), failure)
    yield Raised(random.uniform(900, 1500), of_service(world, service, "HighErrorRate"), failure)
    for pod in world.pods[service]:
        yield Raised(random.uniform(1500, 1800), of_pod(world, service, pod, "KubePodCrashLooping"), failure)


def noise(world: World, avoid: set[str], count: int, until: float) -> Iterator[Raised]:
    """Alerts that have nothing to do with anything, each a failure of its own, of services that nothing else is about."""
    random = world.random
    free = [service for service in world.needs if service not in avoid]
    random.shuffle(free)
    for number, service in enumerate(free[:count]):
        told = of_service(world, service, random.choice(NOISE), random.choice(("warning", "info")))
        yield Raised(random.uniform(0, until), told, f"noise {number}")


Kind = Callable[[World, str], Iterator[Raised]]
SINGLE: dict[str, Kind] = {
    "node down": node_down,
    "database down": database_down,
    "bad deploy": bad_deploy,
    "network split": network_split,
    "slow burn": slow_burn,
}
KINDS = (*SINGLE, "noisy unrelated", "two at once")


def case(kind: str, seed: int) -> tuple[World, list[Raised]]:
    """One case: its world, and its alerts as they come."""
    random = Random(f"{kind} {seed}")
    world = World.make(random)
    raised: list[Raised] = []
    if kind == "two at once":
        pair = random.sample([name for name in SINGLE if name not in ("network split", "slow burn")], 2)
        raised = _apart(world, *(SINGLE[name] for name in pair))
    elif kind in SINGLE:
        raised = list(SINGLE[kind](world, kind))
    avoid = {name for one in raised for name in _services(world, one.alert) for name in world.around(name)}
    quiet = 12 if kind == "noisy unrelated" else 4
    raised += noise(world, avoid, quiet, max((one.at for one in raised), default=300.0))
    return world, sorted(raised, key=lambda one: one.at)


def _apart(world: World, first: Kind, second: Kind) -> list[Raised]:
    """Two failures at once that have nothing to do with each other: tried again until they touch no common ground."""
    for _ in range(200):
        one, other = list(first(world, "first")), list(second(world, "second"))
        near = {n for raised in one for s in _services(world, raised.alert) for n in world.around(s)}
        nodes = {raised.alert.labels.get("node") for raised in one} - {None}
        touched = {s for raised in other for s in _services(world, raised.alert)}
        if not near & touched and not nodes & {raised.alert.labels.get("node") for raised in other}:
            return one + other
    return list(first(world, "first"))


def _services(world: World, told: ParsedAlert) -> Iterator[str]:
    labels = told.labels
    for name in (labels.get("service"), labels.get("deployment"), labels.get("container")):
        if name in world.needs:
            yield str(name)
    for service, pods in world.pods.items():
        if labels.get("pod") in pods:
            yield service
