"""Healthy although there are fewer, or more, of something than before."""

from tests.investigation.clusters import Cluster, ago, resource, told
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import machine, scaler
from tests.investigation.workloads import deploy, endpoints, replica


def empty(made: Cluster, name: str) -> None:
    """Scale a Deployment to zero, as its controllers would leave it."""
    app = made[name]
    made.drop(*app.pods)
    app.workload["spec"]["replicas"] = 0
    app.workload["status"] = {"observedGeneration": 4, "conditions": told(Available="True", Progressing="True")}
    app.sets[0]["spec"]["replicas"], app.sets[0]["status"] = 0, {"replicas": 0}
    for held in made.objects:
        if held["kind"] == "EndpointSlice" and held["metadata"]["labels"]["kubernetes.io/service-name"] == name:
            held["endpoints"] = []
    for pod in app.pods:
        made.logs.pop(f"shop/{pod['metadata']['name']}/{name}", None)


@tempting()
def scaled_to_zero_with_nobody_who_calls(made: Cluster) -> None:
    made.keep(deploy("importer", replicas=1))
    empty(made, "importer")


@tempting()
def scaled_to_zero_by_keda_without_work(made: Cluster) -> None:
    made.keep(deploy("resizer", replicas=1))
    empty(made, "resizer")
    spec = {"scaleTargetRef": {"name": "resizer"}, "minReplicaCount": 0, "triggers": [{"type": "rabbitmq"}]}
    state = told(Ready="True", Active="False", Fallback="False")
    made.add(resource("ScaledObject", "resizer", spec=spec, status={"conditions": state, "originalReplicaCount": 1}))
    held = scaler("resizer", least=1, now=0)
    held["status"]["conditions"] = told(AbleToScale="True", ScalingActive="False")
    held["status"]["conditions"][1] |= {
        "reason": "ScalingDisabled",
        "message": "scaling is disabled since the replica count of the target is zero",
    }
    made.add(held)


@tempting()
def switched_off_for_the_weekend(made: Cluster) -> None:
    for name in ("reports", "exports"):
        made.keep(deploy(name, replicas=1))
        empty(made, name)
        made[name].workload["metadata"]["annotations"]["downscaler/original-replicas"] = "1"


@tempting()
def autoscaler_at_its_least(made: Cluster) -> None:
    held = made.find("HorizontalPodAutoscaler", "catalog")
    held["status"]["conditions"][2] |= {
        "status": "True",
        "reason": "TooFewReplicas",
        "message": "the desired replica count is less than the minimum replica count",
    }


@tempting()
def autoscaler_at_its_most_and_below_target(made: Cluster) -> None:
    made.drop(made.find("HorizontalPodAutoscaler", "catalog"))
    made.add(scaler("catalog", most=2, use=71))


@tempting()
def autoscaler_added_replicas_a_moment_ago(made: Cluster) -> None:
    app = made["portal"]
    added = [replica(app.sets[0], number, since=ago(minutes=2)) for number in (3, 4)]
    made.add(*added)
    app.pods += added
    for held in (app.workload["status"], app.sets[0]["status"]):
        held |= dict.fromkeys(("replicas", "readyReplicas", "availableReplicas"), 5)
    app.workload["spec"]["replicas"] = app.sets[0]["spec"]["replicas"] = 5
    held = made.find("HorizontalPodAutoscaler", "portal")
    held["status"] |= {"currentReplicas": 5, "desiredReplicas": 5}
    text = "New size: 5; reason: cpu resource utilization (percentage of request) above target"
    made.tell(held, "SuccessfulRescale", text, ago(minutes=2), kind="Normal")
    for pod in added:
        made.log(pod, "INFO listening on :8080")
        made.tell(pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", ago(minutes=1.8))


@tempting()
def autoscaler_without_metrics_while_pods_were_new(made: Cluster) -> None:
    held = made.find("HorizontalPodAutoscaler", "catalog")
    text = "failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)"
    made.tell(held, "FailedGetResourceMetric", text, ago(minutes=50), count=3)
    made.tell(held, "FailedComputeMetricsReplicas", f"invalid metrics (1 invalid out of 1): {text}", ago(minutes=50))


@tempting()
def vertical_autoscaler_moved_a_pod(made: Cluster) -> None:
    text = "Pod was evicted by VPA Updater to apply resource recommendation."
    gone = made.tell(made["loans"].pod, "EvictedByVPA", text, ago(minutes=20), kind="Normal")
    gone["involvedObject"] |= {"name": "loans-5d9c7b6f4-zzzzz", "uid": "gone"}
    made["loans"].pod["metadata"]["annotations"] = {"vpaUpdates": "Pod resources updated by loans: cpu request"}


@tempting()
def node_taken_away_by_the_cluster_autoscaler(made: Cluster) -> None:
    gone = machine("worker-9")
    made.tell(gone, "ScaleDown", "marked the node as toBeDeleted/unschedulable", ago(minutes=25), kind="Normal")
    made.tell(gone, "NodeNotReady", "Node worker-9 status is now: NodeNotReady", ago(minutes=22), kind="Normal")
    made.tell(gone, "RemovingNode", "Node worker-9 event: Removing Node worker-9 from Controller", ago(minutes=21))


@tempting()
def pod_had_to_wait_for_a_new_node(made: Cluster) -> None:
    pod = made["search"].pod
    taint = "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }"
    text = f"0/5 nodes are available: {taint}, 4 Insufficient cpu."
    made.tell(pod, "FailedScheduling", text, ago(minutes=18), count=4)
    made.tell(pod, "TriggeredScaleUp", "pod triggered scale-up: [{pool 3->4 (max: 6)}]", ago(minutes=17), kind="Normal")
    made.tell(pod, "Scheduled", "Successfully assigned to worker-4", ago(minutes=15), kind="Normal")


@tempting()
def budget_that_allows_no_disruption_while_nobody_drains(made: Cluster) -> None:
    budget = made.find("PodDisruptionBudget", "portal")
    budget["spec"]["minAvailable"] = 3
    budget["status"] |= {"disruptionsAllowed": 0, "desiredHealthy": 3, "currentHealthy": 3, "expectedPods": 3}


@tempting()
def quota_at_ninety_five_percent(made: Cluster) -> None:
    made.find("ResourceQuota", "team")["status"]["used"] = {
        "pods": "57",
        "requests.cpu": "11400m",
        "limits.memory": "23347Mi",
    }


@tempting()
def quota_used_up_exactly_by_what_is_wanted(made: Cluster) -> None:
    quota = made.find("ResourceQuota", "team")
    quota["status"]["used"] = dict(quota["spec"]["hard"])


@tempting()
def switched_off_for_the_night_with_service_and_autoscaler(made: Cluster) -> None:
    app = deploy("reports", replicas=1)
    made.keep(app)
    assert app.service
    made.add(app.service, endpoints(app.service, []))
    empty(made, "reports")
    app.workload["metadata"]["annotations"]["downscaler/original-replicas"] = "1"
    held = scaler("reports", least=1, now=0)
    held["status"]["conditions"] = told(AbleToScale="True", ScalingActive="False")
    held["status"]["conditions"][1] |= {"reason": "ScalingDisabled", "message": "scaling is disabled"}
    made.add(held)
    made.tell(
        app.workload, "ScalingReplicaSet", "Scaled down replica set reports to 0 from 1", ago(hours=9), kind="Normal"
    )


@tempting()
def service_of_an_experiment_at_rest(made: Cluster) -> None:
    app = deploy("experiment", replicas=1)
    made.keep(app)
    assert app.service
    made.add(app.service, endpoints(app.service, []))
    empty(made, "experiment")
