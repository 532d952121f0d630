"""A cluster under construction: a story adds workloads to it, lets things go wrong, and takes the snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tocsin.cli.demo.worlds import controllers, platform, workloads
from tocsin.cli.demo.worlds.logs import housekeeping, requests, run_of_job
from tocsin.cli.demo.worlds.metadata import Json, letters, managed, stamp, uid
from tocsin.cli.demo.worlds.pods import Template, running_pod
from tocsin.cli.demo.worlds.workloads import Revision

# What a collector lists whole in a namespace, so that a kind without objects is known to have none. Secrets are left out.
_LISTED = (
    "ConfigMap CronJob DaemonSet Deployment EndpointSlice HorizontalPodAutoscaler Ingress Job LimitRange Namespace "
    "NetworkPolicy Node PersistentVolume PersistentVolumeClaim Pod PodDisruptionBudget ReplicaSet ResourceQuota Service "
    "ServiceAccount StatefulSet StorageClass"
)


@dataclass(slots=True)
class Cluster:
    """One namespace of a cluster as it is at `now`. Pods are healthy until a story says otherwise."""

    name: str
    namespace: str
    environment: str
    now: datetime
    nodes: list[Json] = field(default_factory=list)
    objects: list[Json] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    logs: dict[str, Json] = field(default_factory=dict)
    changes: list[Json] = field(default_factory=list)
    _addresses: int = 10

    def __post_init__(self) -> None:
        began = self.ago(days=211)
        self.objects.append(platform.namespace_object(self.namespace, self.environment, began))
        self.objects.append(platform.service_account("default", self.namespace, began))

    def ago(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """The time that long before `now`."""
        return self.now - timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    def of(self, kind: str) -> list[Json]:
        """All objects of a kind, in the order in which they were added."""
        return [one for one in self.objects if one["kind"] == kind]

    def get(self, kind: str, name: str) -> Json:
        """The object of that kind and name; raises LookupError where there is none."""
        for one in self.of(kind):
            if one["metadata"]["name"] == name:
                return one
        raise LookupError(f"{kind}/{name}")

    def node(self, name: str, *, zone: str, ip: str, cpu: int = 4, memory_gib: int = 16) -> Json:
        """Adds a healthy node."""
        made = platform.node(
            name, zone=zone, ip=ip, cpu=cpu, memory_gib=memory_gib, joined=self.ago(days=47), seen=self.ago(seconds=21)
        )
        self.nodes.append(made)
        return made

    def _pod(self, name: str, parent: Json, template: Template, container: str, index: int, created: datetime) -> Json:
        self._addresses += 1
        node = self.nodes[index % len(self.nodes)]
        pod = running_pod(
            name, parent, template, container=container, node=node, created=created, number=self._addresses
        )
        self.objects.append(pod)
        return pod

    def deployment(
        self,
        name: str,
        *revisions: Revision,
        replicas: int,
        selector: Mapping[str, str] | None = None,
        standing: Mapping[int, int] | None = None,
        remade: Mapping[int, datetime] | None = None,
    ) -> list[Json]:
        """Adds a Deployment with a ReplicaSet a revision, and returns its pods.

        `standing` says how many pods each revision has (default: the last one has all), `remade` which pods, by their
        index, were made again later than their rollout.
        """
        labels = selector or {"app.kubernetes.io/name": name}
        parent = workloads.deployment(name, self.namespace, revisions, replicas=replicas, selector=labels)
        self.objects.append(parent)
        pods: list[Json] = []
        for revision in revisions:
            count = (standing or {revisions[-1].number: replicas}).get(revision.number, 0)
            replica_set = workloads.replica_set(parent, revision, replicas=count)
            self.objects.append(replica_set)
            for _ in range(count):
                index = len(pods)
                created = (remade or {}).get(index, revision.at + timedelta(seconds=1 + 9 * index))
                own = f"{replica_set['metadata']['name']}-{letters(5, name, str(revision.number), str(index))}"
                pods.append(self._pod(own, replica_set, revision.template, name, index + len(name), created))
        return pods

    def service(
        self, name: str, *, port: int, target: int, selector: Mapping[str, str] | None = None, headless: bool = False
    ) -> Json:
        """Adds a Service; its EndpointSlice follows from the pods when the snapshot is taken."""
        self._addresses += 1
        ip = "None" if headless else f"172.20.{self._addresses * 7 % 250}.{self._addresses}"
        labels = selector or {"app.kubernetes.io/name": name}
        created = self.ago(days=208)
        made = platform.service(name, self.namespace, selector=labels, port=port, target=target, ip=ip, created=created)
        self.objects.append(made)
        return made

    def image(self, name: str, tag: str) -> str:
        """An image of the team's own registry."""
        return f"registry.example.com/{self.namespace}/{name}:{tag}"

    def departed(self, like: Json, name: str) -> Json:
        """A pod that is no longer there, as events still speak of it: like another one, under another name."""
        return {**like, "metadata": {**like["metadata"], "name": name, "uid": uid("Pod", self.namespace, name)}}

    def neighbour(
        self, name: str, *paths: str, tag: str, replicas: int = 2, days: float = 12.0, **env: str
    ) -> list[Json]:
        """Adds a workload without trouble of its own: Deployment, Service, healthy pods with their logs."""
        variables = {"LOG_LEVEL": "info", **env}
        template = Template(self.image(name, tag), port=8080, env=variables)
        before = Template(self.image(name, f"{tag}-rc1"), port=8080, env=variables)
        pods = self.deployment(
            name,
            Revision(11, before, self.ago(days=days + 9), f"release {tag}-rc1"),
            Revision(12, template, self.ago(days=days), f"release {tag}"),
            replicas=replicas,
        )
        self.service(name, port=80, target=8080)
        for number, pod in enumerate(pods):
            self.log(pod, requests(self.ago(minutes=14), self.now, 40 + 9 * number, paths))
        return pods

    def stateful_set(self, name: str, template: Template, *, replicas: int = 1, days: float = 90.0) -> list[Json]:
        """Adds a StatefulSet behind a headless Service of its name, and returns its pods."""
        created = self.ago(days=days)
        parent = workloads.stateful_set(name, self.namespace, template, created=created, replicas=replicas)
        self.objects.append(parent)
        self.service(name, port=template.port, target=template.port, headless=True)
        pods = [
            self._pod(f"{name}-{index}", parent, template, name, index, created + timedelta(seconds=20 * index))
            for index in range(replicas)
        ]
        for pod in pods:
            self.log(pod, housekeeping(self.ago(hours=3), self.now, 36))
        return pods

    def cron_job(self, name: str, template: Template, *, schedule: str, runs: tuple[datetime, ...]) -> None:
        """Adds a CronJob with runs that all succeeded: harmless pods that are Completed."""
        parent = workloads.cron_job(name, self.namespace, template, schedule=schedule, created=self.ago(days=120))
        self.objects.append(parent)
        for index, at in enumerate(runs):
            took = timedelta(minutes=3, seconds=11 * index)
            job = workloads.finished_job(parent, at=at, took=took)
            self.objects.append(job)
            own = f"{job['metadata']['name']}-{letters(5, name, str(index))}"
            pod = self._pod(own, job, template, name, index, at)
            workloads.finish(pod, at + took)
            self.log(pod, run_of_job(at + timedelta(seconds=4), at + took, 31 + 4 * index))

    def config_map(self, name: str, data: Mapping[str, str], *, days: float = 64.0) -> Json:
        """Adds a ConfigMap that the delivery tool wrote once."""
        created = self.ago(days=days)
        writes = [managed("argocd-controller", created, {"data": data})]
        made = platform.config_map(name, self.namespace, data, created=created, writes=writes)
        self.objects.append(made)
        return made

    def log(self, pod: Json, current: str, previous: str = "") -> None:
        """Keeps what the pod's container printed, and what its last life printed."""
        container = pod["spec"]["containers"][0]["name"]
        entry = {"current": current, "previous": previous} if previous else {"current": current}
        self.logs[f"{self.namespace}/{pod['metadata']['name']}/{container}"] = entry

    def _settle(self) -> None:
        pods = self.of("Pod")
        for replica_set in self.of("ReplicaSet"):
            replica_set["status"] = controllers.replica_set_status(replica_set, pods)
        for parent in self.of("Deployment"):
            mine = [one for one in self.of("ReplicaSet") if controllers.is_owned(one, parent)]
            since = max(datetime.fromisoformat(one["metadata"]["creationTimestamp"]) for one in mine)
            derived = controllers.deployment_status(parent, mine, pods, since + timedelta(seconds=34))
            # What a story has said about the rollout stands.
            parent["status"] = {**derived, **parent["status"]}

    def snapshot(self, title: str, kind: str, name: str, labels: Mapping[str, str]) -> Json:
        """The world as a `tocsin-snapshot/1` document, seen from an alert about one resource."""
        self._settle()
        slices = [controllers.endpoint_slice(one, self.of("Pod"), self.ago(minutes=9)) for one in self.of("Service")]
        resource = {"kind": kind, "namespace": self.namespace, "name": name}
        return {
            "format": "tocsin-snapshot/1",
            "captured_at": stamp(self.now),
            "cluster": self.name,
            "namespace": self.namespace,
            "alert": {"title": title, "resource": resource, "labels": dict(labels)},
            "collected": _LISTED.split(),
            "objects": [*self.nodes, *self.objects, *slices],
            "events": self.events,
            "logs": self.logs,
            "changes": self.changes,
            "gaps": [],
        }
