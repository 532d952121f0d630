"""Workloads for the clusters of tests, each complete: what people deploy, what controllers make of it, and its network."""

from copy import deepcopy
from typing import Any

from tests.investigation.clusters import App, ago, instance, owned, program, resource, scramble, told
from tests.investigation.worlds import NAMESPACE, Document

# The place after which managed fields name tools; the values are those that the tools write.
_APPLIED = [{"manager": "kubectl-client-side-apply", "operation": "Update", "time": ago(days=2)}]


def template(name: str, *containers: Document, **spec: Any) -> Document:
    """Return a pod template labelled as people do it."""
    labels = {"app": name, "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "library"}
    return {
        "metadata": {"labels": labels},
        "spec": {"containers": list(containers), "restartPolicy": "Always", **spec},
    }


def deploy(
    name: str, *containers: Document, replicas: int = 2, namespace: str = NAMESPACE, since: str = "", **spec: Any
) -> App:
    """Return a Deployment with two revisions, of which the newer one runs, and a Service in front of it."""
    held = template(name, *(containers or (program(name),)), **spec)
    made = resource("Deployment", name, namespace=namespace)
    made["metadata"] |= {"generation": 3, "annotations": {"deployment.kubernetes.io/revision": "2"}}
    made["metadata"]["managedFields"] = deepcopy(_APPLIED)
    made["spec"] = {
        "replicas": replicas,
        "selector": {"matchLabels": {"app": name}},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
        "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 10,
        "template": held,
    }
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
    progress = told(Available="True", Progressing="True")
    progress[1] |= {"reason": "NewReplicaSetAvailable"}
    made["status"] = {"observedGeneration": 3, **counts, "conditions": progress}
    former = revision(made, 1, 0, held)
    for container in former["spec"]["template"]["spec"]["containers"]:
        container["image"] = container["image"].replace(":2.4.1", ":2.4.0")
    sets = [revision(made, 2, replicas, held, since=since), former]
    pods = [replica(sets[0], number, since=since) for number in range(replicas)]
    return App(made, pods, serve(name, pods, namespace=namespace), sets)


def revision(deployment: Document, number: int, replicas: int, held: Document, *, since: str = "") -> Document:
    """Return the ReplicaSet of one revision of a Deployment."""
    name, namespace = deployment["metadata"]["name"], deployment["metadata"]["namespace"]
    mark = scramble(f"{name}{number}", 9)
    made = resource("ReplicaSet", f"{name}-{mark}", namespace=namespace, since=since or ago(days=30 / number))
    labels = {**held["metadata"]["labels"], "pod-template-hash": mark}
    made["metadata"] |= {"labels": labels, "annotations": {"deployment.kubernetes.io/revision": str(number)}}
    stamped = {"metadata": {"labels": labels}, "spec": deepcopy(held["spec"])}
    selector = {"app": name, "pod-template-hash": mark}
    made["spec"] = {"replicas": replicas, "selector": {"matchLabels": selector}, "template": stamped}
    made["status"] = dict.fromkeys(("replicas", "readyReplicas", "availableReplicas"), replicas)
    return owned(made, deployment)


def replica(of: Document, number: int, *, since: str = "") -> Document:
    """Return a pod of a ReplicaSet, on one of four workers."""
    name = f"{of['metadata']['name']}-{scramble(of['metadata']['name'] + str(number), 5)}"
    node = f"worker-{(number + len(name)) % 4 + 1}"
    namespace = of["metadata"]["namespace"]
    return owned(instance(name, of["spec"]["template"], node, since=since, namespace=namespace), of)


def stateful(name: str, container: Document, *, replicas: int = 1, **spec: Any) -> App:
    """Return a StatefulSet with a bound claim for each replica, and its headless Service."""
    held = template(name, container, **spec)
    made = resource("StatefulSet", name)
    marks = {"currentRevision": f"{name}-6c5b7d9f4", "updateRevision": f"{name}-6c5b7d9f4"}
    made["metadata"]["generation"] = 1
    made["spec"] = {
        "replicas": replicas,
        "serviceName": name,
        "selector": {"matchLabels": {"app": name}},
        "template": held,
        "updateStrategy": {"type": "RollingUpdate"},
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}],
    }
    counts = ("replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas")
    made["status"] = {**dict.fromkeys(counts, replicas), **marks, "observedGeneration": 1}
    pods = [owned(instance(f"{name}-{number}", held, f"worker-{number % 4 + 1}"), made) for number in range(replicas)]
    for number, pod in enumerate(pods):
        claim = {"name": "data", "persistentVolumeClaim": {"claimName": f"data-{name}-{number}"}}
        pod["spec"]["volumes"] = [*pod["spec"].get("volumes", ()), claim]
    return App(made, pods, serve(name, pods, port=container["ports"][0]["containerPort"], headless=True))


def everywhere(name: str, nodes: int, container: Document, *, namespace: str = NAMESPACE, **spec: Any) -> App:
    """Return a DaemonSet with a pod on each of so many workers."""
    held = template(name, container, **spec)
    made = resource("DaemonSet", name, namespace=namespace)
    made["spec"] = {"selector": {"matchLabels": {"app": name}}, "template": held}
    counts = ("desired", "current", "updated")
    made["status"] = {
        **{f"{count}NumberScheduled": nodes for count in counts},
        **dict.fromkeys(("numberReady", "numberAvailable"), nodes),
        "numberMisscheduled": 0,
        "observedGeneration": 1,
    }
    pods = [
        owned(
            instance(f"{name}-{scramble(name + str(number), 5)}", held, f"worker-{number + 1}", namespace=namespace),
            made,
        )
        for number in range(nodes)
    ]
    return App(made, pods)


def serve(
    name: str, pods: list[Document], *, port: int = 0, namespace: str = NAMESPACE, headless: bool = False
) -> Document:
    """Return a Service that selects pods by their `app` label."""
    made = resource("Service", name, namespace=namespace)
    made["metadata"]["labels"] = {"app": name}
    address = "None" if headless else f"10.43.0.{len(name) + len(pods)}"
    ports = [{"name": "http", "port": port or 80, "targetPort": port or "http", "protocol": "TCP"}]
    made["spec"] = {"type": "ClusterIP", "clusterIP": address, "selector": {"app": name}, "ports": ports}
    return made


def endpoints(service: Document, pods: list[Document]) -> Document:
    """Return the EndpointSlice of a Service with the addresses of its ready pods."""
    name, port = service["metadata"]["name"], service["spec"]["ports"][0]
    namespace = service["metadata"]["namespace"]
    made = resource("EndpointSlice", f"{name}-{scramble(name, 5)}", namespace=namespace)
    made["metadata"]["labels"] = {"kubernetes.io/service-name": name}
    number = next(
        (held["containerPort"] for pod in pods for held in pod["spec"]["containers"][0].get("ports", ())), 8080
    )
    made["addressType"] = "IPv4"
    made["ports"] = [{"name": port.get("name", ""), "port": number, "protocol": "TCP"}]
    made["endpoints"] = [
        {
            "addresses": [pod["status"]["podIP"]],
            "conditions": {"ready": True, "serving": True, "terminating": False},
            "nodeName": pod["spec"]["nodeName"],
            "targetRef": {"kind": "Pod", "name": pod["metadata"]["name"], "namespace": namespace},
        }
        for pod in pods
    ]
    return owned(made, service)


def task(name: str, *, owner: Document | None = None, at: str = "", succeeded: int = 1, **spec: Any) -> App:
    """Return a Job that ended well, with its pod; of a CronJob, if one owns it."""
    held = template(name, program(name, ports=[], readinessProbe=None, livenessProbe=None), restartPolicy="Never")
    started = at or ago(hours=3)
    made = resource("Job", name, since=started)
    made["spec"] = {"backoffLimit": 6, "completions": 1, "parallelism": 1, "template": held, **spec}
    done = told(Complete="True") if succeeded else []
    made["status"] = {"conditions": done, "succeeded": succeeded, "startTime": started, "completionTime": started}
    if owner:
        owned(made, owner)
    pod = owned(instance(f"{name}-{scramble(name, 5)}", held, "worker-2", since=started), made)
    pod["metadata"]["labels"] |= {"job-name": name, "batch.kubernetes.io/job-name": name}
    if succeeded:
        finish(pod, started)
    return App(made, [pod])


def finish(pod: Document, at: str, *, code: int = 0, reason: str = "Completed") -> Document:
    """Let a pod's containers end for good, well unless told otherwise."""
    pod["status"]["phase"] = "Failed" if code else "Succeeded"
    for status in pod["status"]["containerStatuses"]:
        over = {"reason": reason, "exitCode": code, "startedAt": at, "finishedAt": at}
        status |= {"ready": False, "started": False, "state": {"terminated": over}}
    for condition in pod["status"]["conditions"]:
        if condition["type"] in ("Ready", "ContainersReady"):
            condition |= {"status": "False", "reason": "PodFailed" if code else "PodCompleted"}
    return pod
