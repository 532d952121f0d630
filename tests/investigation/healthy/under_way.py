"""Nothing is wrong yet: something is under way, within the time that it takes; too early to call it healthy or not."""

from tests.investigation.clusters import App, Cluster, ago, ended, program, resource, runs, told, unready
from tests.investigation.healthy.rollouts import roll
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import scaler
from tests.investigation.workloads import deploy, replica, serve
from tests.investigation.worlds import Document


def waits(pod: Document, reason: str = "ContainerCreating") -> Document:
    """Let a pod have a node and no container yet."""
    unready(pod)
    pod["status"]["phase"] = "Pending"
    for status in pod["status"]["containerStatuses"]:
        status |= {"ready": False, "started": False, "state": {"waiting": {"reason": reason}}}
    return pod


def lacks(app: App, ready: int, **counts: int) -> None:
    """Let a workload report so many ready replicas."""
    app.workload["status"] |= {"readyReplicas": ready, "availableReplicas": ready, **counts}


@tempting("inconclusive")
def one_replica_away_as_the_strategy_allows(made: Cluster) -> None:
    app = roll(made, "portal", 1)
    app.workload["spec"]["strategy"]["rollingUpdate"] = {"maxSurge": 0, "maxUnavailable": 1}
    app.workload["status"]["conditions"][1] |= {"reason": "ReplicaSetUpdated", "lastUpdateTime": ago(seconds=9)}
    waits(app.pods[2])
    app.pods[2]["metadata"]["creationTimestamp"] = app.pods[2]["status"]["startTime"] = ago(seconds=9)
    lacks(app, 2, updatedReplicas=3, unavailableReplicas=1)


@tempting("inconclusive")
def stateful_restart_at_its_last_pod(made: Cluster) -> None:
    app = made["cache"]
    app.workload["metadata"]["managedFields"] = [
        {"manager": "kubectl-rollout", "operation": "Update", "time": ago(minutes=2)}
    ]
    app.workload["spec"]["template"]["metadata"]["annotations"] = {"kubectl.kubernetes.io/restartedAt": ago(minutes=2)}
    made.drop(app.pods[0])
    lacks(app, 2, replicas=2, currentReplicas=1, updatedReplicas=2)
    app.workload["status"] |= {"updateRevision": "cache-7d8f9c6b5"}
    made.tell(
        app.workload,
        "SuccessfulDelete",
        "delete Pod cache-0 in StatefulSet cache successful",
        ago(seconds=4),
        kind="Normal",
    )


@tempting("inconclusive")
def daemon_set_between_two_nodes(made: Cluster) -> None:
    app = made["log-shipper"]
    app.workload["metadata"]["managedFields"] = [{"manager": "helm", "operation": "Update", "time": ago(minutes=1)}]
    waits(app.pods[2])
    app.pods[2]["metadata"]["creationTimestamp"] = app.pods[2]["status"]["startTime"] = ago(seconds=6)
    app.workload["status"] |= {
        "numberReady": 3,
        "numberAvailable": 3,
        "numberUnavailable": 1,
        "updatedNumberScheduled": 3,
    }


@tempting("inconclusive")
def autoscaler_adds_replicas_right_now(made: Cluster) -> None:
    app = made["catalog"]
    app.workload["metadata"]["managedFields"].append(
        {"manager": "kube-controller-manager", "operation": "Update", "subresource": "scale", "time": ago(seconds=10)}
    )
    for number in (2, 3):
        young = waits(replica(app.sets[0], number, since=ago(seconds=8)))
        made.add(young)
        made.tell(young, "Scheduled", "Successfully assigned", ago(seconds=8), kind="Normal")
    app.workload["spec"]["replicas"] = app.sets[0]["spec"]["replicas"] = 4
    app.workload["status"] |= {"replicas": 4, "updatedReplicas": 4, "unavailableReplicas": 2}
    app.sets[0]["status"] |= {"replicas": 4}
    made.drop(made.find("HorizontalPodAutoscaler", "catalog"))
    made.add(scaler("catalog", now=4, use=92))
    held = made.find("HorizontalPodAutoscaler", "catalog")
    made.tell(held, "SuccessfulRescale", "New size: 4; reason: cpu above target", ago(seconds=10), kind="Normal")


@tempting("inconclusive")
def first_deployment_half_a_minute_ago(made: Cluster) -> None:
    app = made.keep(deploy("events", replicas=2, since=ago(seconds=30)))
    app.workload["metadata"]["creationTimestamp"] = ago(seconds=30)
    app.workload["metadata"]["managedFields"] = [{"manager": "kubectl", "operation": "Update", "time": ago(seconds=30)}]
    made.drop(app.sets.pop())
    for pod in app.pods:
        unready(pod)
        refused = 'Readiness probe failed: Get "http://10.42.1.7:8080/healthz": dial tcp: connect: connection refused'
        made.tell(pod, "Unhealthy", refused, ago(seconds=5), count=2)
    lacks(app, 0, unavailableReplicas=2)
    app.workload["status"]["conditions"] = told(Available="False", Progressing="True")


@tempting("inconclusive")
def pods_made_seconds_ago_and_not_placed_yet(made: Cluster) -> None:
    app = made["search"]
    young = waits(replica(app.sets[0], 6, since=ago(seconds=2)))
    young["spec"].pop("nodeName")
    young["status"]["conditions"] = []
    young["status"]["containerStatuses"] = []
    made.add(young)
    app.workload["spec"]["replicas"] = 3
    lacks(app, 2, replicas=3, unavailableReplicas=1)


@tempting("inconclusive")
def migration_at_work_for_three_minutes(made: Cluster) -> None:
    app = roll(made, "accounts", 3)
    step = program("migrate", ports=[], readinessProbe=None, livenessProbe=None)
    pod = waits(replica(app.sets[0], 5, since=ago(minutes=3)), "PodInitializing")
    pod["spec"]["initContainers"] = [step]
    pod["status"]["initContainerStatuses"] = [runs(step, since=ago(minutes=3), ready=False)]
    made.add(pod)
    made.log(pod, "migrating loans: 812000 of 1200000 rows", container="migrate")
    app.workload["status"] |= {"replicas": 3, "updatedReplicas": 3, "unavailableReplicas": 1}


@tempting("inconclusive")
def image_of_gigabytes_on_its_way(made: Cluster) -> None:
    app = roll(made, "media", 2)
    pod = waits(replica(app.sets[0], 5, since=ago(minutes=2)))
    made.add(pod)
    image = pod["spec"]["containers"][0]["image"]
    made.tell(pod, "Pulling", f'Pulling image "{image}"', ago(minutes=1.9), kind="Normal")
    app.workload["status"] |= {"replicas": 3, "updatedReplicas": 3, "unavailableReplicas": 1}


@tempting("inconclusive")
def volume_being_made_for_a_new_store(made: Cluster) -> None:
    made.add(resource("StorageClass", "shared", provisioner="csi.example", volumeBindingMode="Immediate"))
    spec = {
        "storageClassName": "shared",
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "5Gi"}},
    }
    claim = resource("PersistentVolumeClaim", "data-archive-0", since=ago(seconds=25), spec=spec)
    made.add(claim | {"status": {"phase": "Pending"}})
    text = "Waiting for a volume to be created either by the external provisioner 'csi.example' or manually"
    made.tell(claim, "ExternalProvisioning", text, ago(seconds=5), kind="Normal", count=2)


@tempting()
def load_balancer_being_made(made: Cluster) -> None:
    front = serve("portal", [])
    front["metadata"] |= {"name": "portal-new", "uid": "portal-new", "creationTimestamp": ago(minutes=2)}
    front["spec"] |= {"type": "LoadBalancer"}
    front["status"] = {"loadBalancer": {}}
    made.add(front)
    made.tell(front, "EnsuringLoadBalancer", "Ensuring load balancer", ago(minutes=2), kind="Normal")


@tempting()
def certificate_asked_for_three_minutes_ago(made: Cluster) -> None:
    state = told(Ready="False", Issuing="True")
    state[0] |= {"reason": "DoesNotExist", "lastTransitionTime": ago(minutes=3)}
    spec = {"secretName": "forms-certificate", "dnsNames": ["forms.library.example"], "issuerRef": {"name": "internal"}}
    made.add(resource("Certificate", "forms", since=ago(minutes=3), spec=spec, status={"conditions": state}))


@tempting("inconclusive")
def drain_of_a_node_goes_on(made: Cluster) -> None:
    node = made.find("Node", "worker-4")
    node["spec"] |= {"unschedulable": True}
    app = made["reviews"]
    gone = app.pods[0]
    gone["metadata"] |= {"deletionTimestamp": ago(seconds=-20), "deletionGracePeriodSeconds": 30}
    made.tell(gone, "Killing", "Stopping container reviews", ago(seconds=8), kind="Normal")
    young = waits(replica(app.sets[0], 4, since=ago(seconds=8)))
    made.add(young)
    lacks(app, 1, unavailableReplicas=1)


@tempting("inconclusive")
def a_pod_starts_anew_for_the_first_time(made: Cluster) -> None:
    pod = made["fines"].pods[1]
    unready(pod)
    state = {"running": {"startedAt": ago(seconds=11)}}
    former = ended("Completed", 0, ago(seconds=12))
    pod["status"]["containerStatuses"][0] |= {"restartCount": 1, "lastState": former, "state": state}
    lacks(made["fines"], 1, unavailableReplicas=1)
