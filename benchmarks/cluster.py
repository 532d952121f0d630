"""A synthetic cluster behind the API's HTTP: 20 namespaces, 5,000 pods, one Deployment that is killed for its memory.

In every namespace one more pod is not ready, as in any cluster of that size.

python -m benchmarks.cluster FOLDER    # writes FOLDER/config, a kubeconfig, and serves until it is killed
"""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.investigation.fake_kubernetes import FakeKubernetes, serving

NAMESPACES, DEPLOYMENTS, REPLICAS, NODES, REVISIONS, EVENTS = 20, 84, 3, 100, 4, 200
FAILING = ("team-07", "app-11")
NOW = datetime.now(UTC)
Object = dict[str, Any]
# As many fields as a pod of everyday life has, in the notation of server-side apply.
_DEEP: Object = {f"f:field-{n}": {".": {}, 'k:{"name":"app"}': {".": {}, "f:value": {}}} for n in range(40)}
_FIELDS: Object = {
    "f:metadata": {"f:labels": {".": {}, "f:app": {}}, "f:ownerReferences": {}},
    "f:spec": {"f:containers": _DEEP, "f:nodeName": {}, "f:volumes": {}, "f:restartPolicy": {}, "f:tolerations": {}},
}


def _time(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _meta(name: str, namespace: str, owner: Object | None = None, **more: object) -> Object:
    labels = {"app": name.partition(".")[0], "team": namespace, "app.kubernetes.io/managed-by": "Helm"}
    written = {
        "manager": "helm",
        "operation": "Update",
        "time": _time(600),
        "fieldsType": "FieldsV1",
        "fieldsV1": _FIELDS,
    }
    meta: Object = {"name": name, "namespace": namespace, "uid": f"{namespace}-{name}", "creationTimestamp": _time(600)}
    if owner:
        held = owner["metadata"]
        meta["ownerReferences"] = [
            {"kind": owner["kind"], "name": held["name"], "uid": held["uid"], "controller": True}
        ]
    return {**meta, "labels": labels, "managedFields": [written], **more}


def _spec(app: str, n: int) -> Object:
    env = [{"name": f"SETTING_{key}", "value": f"value of setting {key} of {app}"} for key in range(20)]
    env.append({"name": "BACKEND", "value": f"http://app-{(n + 1) % DEPLOYMENTS}:8080"})
    container = {
        "name": "app",
        "image": f"registry.example/{app}:1.2.3",
        "ports": [{"containerPort": 8080}],
        "env": env,
        "envFrom": [{"configMapRef": {"name": app}}],
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}},
    }
    return {"containers": [container], "volumes": [{"name": "config", "configMap": {"name": app}}]}


def _pod(owner: Object, spec: Object, node: int, *, fails: bool = False, waits: bool = False) -> Object:
    ended = {"reason": "OOMKilled", "exitCode": 137, "startedAt": _time(3), "finishedAt": _time(2)}
    waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}}
    state = (
        {"state": waiting, "lastState": {"terminated": ended}}
        if fails
        else {"state": {"running": {"startedAt": _time(600)}}}
    )
    status = {
        "name": "app",
        "ready": not (fails or waits),
        "restartCount": 9 if fails else 0,
        "image": "x",
        "imageID": "y",
        **state,
    }
    conditions = [{"type": "Ready", "status": "False" if fails or waits else "True", "lastTransitionTime": _time(2)}]
    name, namespace = f"{owner['metadata']['name']}-{node:05d}", owner["metadata"]["namespace"]
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": _meta(name, namespace, owner) | {"labels": owner["metadata"]["labels"]},
        "spec": {**spec, "nodeName": f"node-{node % NODES}"},
        "status": {"phase": "Running", "conditions": conditions, "containerStatuses": [status], "podIP": "10.1.2.3"},
    }


def _application(namespace: str, n: int) -> Iterator[Object]:
    app, fails = f"app-{n}", (namespace, f"app-{n}") == FAILING
    spec = _spec(app, n)
    made = _deployment(namespace, app, spec, 0 if fails else REPLICAS)
    yield made
    revisions = [_replica_set(made, revision) for revision in range(1, REVISIONS + 1)]
    yield from revisions
    for replica in range(REPLICAS):
        waits = n == replica == 0
        yield _pod(revisions[-1], spec, n * REPLICAS + replica, fails=fails, waits=waits)
    yield from _network(namespace, app, ready=not fails)
    settings = {"config.yaml": "key: value\n" * 100}
    yield {"kind": "ConfigMap", "apiVersion": "v1", "metadata": _meta(app, namespace), "data": settings}


def _deployment(namespace: str, app: str, spec: Object, ready: int) -> Object:
    labels = {"app": app}
    return {
        "kind": "Deployment",
        "apiVersion": "apps/v1",
        "metadata": _meta(app, namespace),
        "spec": {
            "replicas": REPLICAS,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
        "status": {
            "replicas": REPLICAS,
            "readyReplicas": ready,
            "availableReplicas": ready,
            "updatedReplicas": REPLICAS,
        },
    }


def _replica_set(deployment: Object, revision: int) -> Object:
    held = deployment["metadata"]
    number = {"annotations": {"deployment.kubernetes.io/revision": str(revision)}}
    meta = _meta(f"{held['name']}-{revision}abcdef", held["namespace"], deployment, **number)
    live = REPLICAS if revision == REVISIONS else 0
    return {
        "kind": "ReplicaSet",
        "apiVersion": "apps/v1",
        "metadata": meta | {"labels": held["labels"]},
        "spec": {**deployment["spec"], "replicas": live},
        "status": {"replicas": live},
    }


def _network(namespace: str, app: str, *, ready: bool) -> Iterator[Object]:
    yield {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": _meta(app, namespace),
        "spec": {"selector": {"app": app}, "ports": [{"port": 8080}]},
    }
    endpoint = {"addresses": ["10.1.2.3"], "conditions": {"ready": ready}}
    yield {
        "kind": "EndpointSlice",
        "apiVersion": "discovery.k8s.io/v1",
        "metadata": _meta(f"{app}-xyz", namespace) | {"labels": {"kubernetes.io/service-name": app}},
        "endpoints": [endpoint] * REPLICAS,
    }


def _namespace(namespace: str) -> Iterator[Object]:
    yield {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": namespace, "uid": namespace}}
    for n in range(DEPLOYMENTS):
        yield from _application(namespace, n)
    for n in range(EVENTS):
        about = {"kind": "Pod", "namespace": namespace, "name": f"app-{n % DEPLOYMENTS}-4abcdef-{n:05d}"}
        metadata = {"name": f"e.{n}", "namespace": namespace, "uid": f"e-{namespace}-{n}"}
        told = {"reason": "Pulled", "message": "Container image already present on machine", "type": "Normal"}
        yield {
            "kind": "Event",
            "apiVersion": "v1",
            "metadata": metadata,
            "involvedObject": about,
            "lastTimestamp": _time(5),
            **told,
        }


def _system() -> Iterator[Object]:
    for n in range(NODES):
        ready = {"type": "Ready", "status": "True", "reason": "KubeletReady", "lastHeartbeatTime": _time(0.1)}
        images = [{"names": [f"registry.example/image-{i}@sha256:{'0' * 64}"], "sizeBytes": 1 << 28} for i in range(50)]
        status = {"conditions": [ready], "capacity": {"cpu": "16", "memory": "64Gi", "pods": "110"}, "images": images}
        yield {"kind": "Node", "apiVersion": "v1", "metadata": _meta(f"node-{n}", ""), "spec": {}, "status": status}
        yield {
            "kind": "Lease",
            "apiVersion": "coordination.k8s.io/v1",
            "metadata": _meta(f"node-{n}", "kube-node-lease"),
            "spec": {},
        }
    for name in ("kube-proxy", "network", "storage"):
        owner = {"kind": "DaemonSet", "apiVersion": "apps/v1", "metadata": _meta(name, "kube-system")}
        yield owner
        yield from (_pod(owner, _spec(name, n), n) for n in range(NODES))


def objects() -> list[Object]:
    """Everything in the cluster."""
    spaces = [found for n in range(NAMESPACES) for found in _namespace(f"team-{n:02d}")]
    return [*spaces, *_system()]


class _Indexed(FakeKubernetes):
    """One that finds objects without looking through all of them: the server's time is not what is measured."""

    @cached_property
    def _index(self) -> dict[tuple[str, str], list[Object]]:
        index: dict[tuple[str, str], list[Object]] = defaultdict(list)
        for found in self.objects:
            for place in {"", found["metadata"].get("namespace", "")}:
                index[found["kind"], place].append(found)
        return index

    def listed(self, kind: str, namespace: str) -> list[Object]:
        """The objects of a kind in a namespace."""
        return self._index.get((kind, namespace), [])


async def _serve(folder: Path) -> None:
    # what fails says why; who is well says little
    failing = {
        f"team-07/app-11-4abcdef-{33 + n:05d}/app/previous": "caching all products\n" * 200 for n in range(REPLICAS)
    }
    async with serving(objects(), failing, kind=_Indexed) as fake:
        fake.kubeconfig(folder)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
