"""Healthy although something was changed a moment ago."""

from tests.investigation.clusters import (
    App,
    Cluster,
    ago,
    ended,
    owned,
    program,
    resource,
    runs,
    stamped,
    told,
    unready,
)
from tests.investigation.healthy.tempting import tempting
from tests.investigation.workloads import deploy, endpoints, replica, revision


def roll(made: Cluster, name: str, minutes: float, image: str = ":2.5.0") -> App:
    """Let a Deployment have been rolled out so long ago, by a new image, with all that a rollout leaves behind."""
    app = made[name]
    made.drop(*app.pods, *app.sets)
    app.container["image"] = app.container["image"].replace(":2.4.1", image)
    since, count = ago(minutes=minutes), app.workload["spec"]["replicas"]
    app.sets = [revision(app.workload, 3, count, app.workload["spec"]["template"], since=since), app.sets[0]]
    app.sets[1]["spec"]["replicas"] = 0
    app.sets[1]["status"] = {"replicas": 0}
    gone, app.pods = app.pods, [replica(app.sets[0], number, since=since) for number in range(count)]
    app.workload["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "3"
    app.workload["metadata"]["managedFields"] = [{"manager": "kubectl-set", "operation": "Update", "time": since}]
    made.keep(app)
    made.tell(app.workload, "ScalingReplicaSet", f"Scaled up replica set to {count}", since, kind="Normal")
    for pod, old in zip(app.pods, gone, strict=True):
        made.tell(old, "Killing", f"Stopping container {name}", since, kind="Normal")
        made.tell(pod, "Started", f"Started container {name}", since, kind="Normal")
        refused = 'Readiness probe failed: Get "http://10.42.1.7:8080/healthz": dial tcp: connect: connection refused'
        made.tell(pod, "Unhealthy", refused, ago(minutes=minutes - 0.2))
    slices = [held for held in made.objects if held["kind"] == "EndpointSlice"]
    made.drop(*(held for held in slices if held["metadata"]["name"].startswith(f"{name}-")))
    if app.service:
        made.add(endpoints(app.service, app.pods))
    return app


@tempting()
def rolled_out_ten_minutes_ago(made: Cluster) -> None:
    roll(made, "catalog", 10)


@tempting()
def everything_rolled_out_this_hour(made: Cluster) -> None:
    for number, name in enumerate(("portal", "catalog", "reviews", "loans", "accounts", "search")):
        roll(made, name, 50 - 7 * number)


@tempting()
def rolled_out_two_minutes_ago_with_probes_that_failed_at_first(made: Cluster) -> None:
    app = roll(made, "loans", 2)
    for pod in app.pods:
        made.log(pod, "WARN cache is cold, warming up", "INFO warmed up in 21 s", "INFO listening on :8080")


@tempting("inconclusive")
def rolling_update_in_progress(made: Cluster) -> None:
    app = roll(made, "portal", 1)
    young = replica(app.sets[0], 7, since=ago(seconds=12))
    unready(young)
    made.add(young)
    app.workload["status"] |= {"replicas": 4, "updatedReplicas": 4, "readyReplicas": 3, "unavailableReplicas": 1}
    app.workload["status"]["conditions"][1] |= {"reason": "ReplicaSetUpdated"}


@tempting()
def rolled_back_yesterday(made: Cluster) -> None:
    app = made["reviews"]
    app.sets[0]["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "3"
    app.sets[1]["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "2"
    app.sets[1]["metadata"]["creationTimestamp"] = ago(hours=26)
    crashed = made.tell(app.pod, "BackOff", "Back-off restarting failed container reviews", ago(hours=25))
    crashed["involvedObject"] |= {"name": "reviews-66bcd9f7c5-q2zzk", "uid": "gone"}


@tempting()
def image_of_a_pipeline_rolled_out_by_argo(made: Cluster) -> None:
    app = roll(made, "search", 5, ":9f3c1d7")
    app.workload["metadata"]["labels"]["argocd.argoproj.io/instance"] = "library"
    status = {"sync": {"status": "Synced", "revision": "9f3c1d7"}, "health": {"status": "Healthy"}}
    status["operationState"] = {"phase": "Succeeded", "finishedAt": ago(minutes=5)}
    made.add(resource("Application", "library", namespace="argocd", spec={"project": "default"}, status=status))


@tempting()
def configuration_changed_that_a_volume_brings_by_itself(made: Cluster) -> None:
    changed = made.find("ConfigMap", "settings")
    changed["metadata"]["managedFields"] = [{"manager": "kubectl-edit", "operation": "Update", "time": ago(minutes=20)}]
    for held in (made["portal"].workload["spec"]["template"], *made["portal"].pods):
        held["spec"]["volumes"] = [{"name": "settings", "configMap": {"name": "settings"}}]


@tempting()
def recreated_at_once_by_its_strategy(made: Cluster) -> None:
    app = roll(made, "fines", 15)
    app.workload["spec"]["strategy"] = {"type": "Recreate"}
    made.tell(app.workload, "ScalingReplicaSet", "Scaled down replica set to 0", ago(minutes=16), kind="Normal")


@tempting()
def stateful_update_waits_for_somebody_to_delete_pods(made: Cluster) -> None:
    app = made["cache"]
    app.workload["spec"]["updateStrategy"] = {"type": "OnDelete"}
    app.workload["status"] |= {"updateRevision": "cache-7d8f9c6b5", "updatedReplicas": 0}
    app.container["image"] = "docker.example/redis:7.4"


@tempting()
def canary_beside_the_stable_version(made: Cluster) -> None:
    canary = deploy("catalog-canary", program("catalog", image="registry.example/library/catalog:3.0.0"), replicas=1)
    for held in (canary.workload["spec"]["template"], *canary.sets, *canary.pods):
        held["metadata"]["labels"] |= {"app": "catalog", "track": "canary"}
    canary.workload["spec"]["selector"] = {"matchLabels": {"app": "catalog", "track": "canary"}}
    canary.service = None
    made.keep(canary)


@tempting()
def blue_is_off_since_green_serves(made: Cluster) -> None:
    green = deploy("search-green", program("search"), replicas=2)
    for held in (green.workload["spec"]["template"], *green.pods):
        held["metadata"]["labels"] |= {"app": "search", "slot": "green"}
    green.workload["spec"]["selector"]["matchLabels"] = {"app": "search", "slot": "green"}
    made.keep(green)
    blue, service = made["search"], made.find("Service", "search")
    made.drop(*blue.pods)
    blue.workload["spec"]["replicas"], blue.workload["status"] = 0, {"observedGeneration": 4}
    blue.sets[0]["spec"]["replicas"], blue.sets[0]["status"] = 0, {"replicas": 0}
    service["spec"]["selector"] = {"app": "search", "slot": "green"}


@tempting()
def paused_on_purpose_with_all_replicas(made: Cluster) -> None:
    app = made["media"]
    app.workload["spec"]["paused"] = True
    app.workload["status"]["conditions"] = told(Available="True", Progressing="Unknown")
    app.workload["status"]["conditions"][1] |= {"reason": "DeploymentPaused"}


@tempting()
def helm_upgraded_a_moment_ago(made: Cluster) -> None:
    for name, state, minutes in (("v11", "superseded", 9000), ("v12", "deployed", 6)):
        release = resource("Secret", f"sh.helm.release.v1.library.{name}", since=ago(minutes=minutes))
        release["metadata"]["labels"] = {"owner": "helm", "name": "library", "status": state}
        made.add(release | {"type": "helm.sh/release.v1"})
    app = roll(made, "accounts", 6)
    app.workload["metadata"]["annotations"]["meta.helm.sh/release-name"] = "library"


@tempting()
def slow_starter_that_serves_now(made: Cluster) -> None:
    app = roll(made, "search", 6)
    for pod in app.pods:
        pod["spec"]["containers"][0]["startupProbe"] = {
            "httpGet": {"path": "/up", "port": "http"},
            "failureThreshold": 60,
        }
        failed = "Startup probe failed: HTTP probe failed with statuscode: 503"
        made.tell(pod, "Unhealthy", failed, ago(minutes=4), count=11)


@tempting()
def daemon_set_renewed_node_by_node(made: Cluster) -> None:
    for number, pod in enumerate(made["log-shipper"].pods):
        pod["metadata"]["creationTimestamp"] = pod["status"]["startTime"] = ago(minutes=10 - 2 * number)
        pod["status"]["containerStatuses"] = [
            runs(held, since=ago(minutes=10 - 2 * number)) for held in pod["spec"]["containers"]
        ]
    made["log-shipper"].workload["metadata"]["generation"] = 2
    made["log-shipper"].workload["status"]["observedGeneration"] = 2


@tempting()
def restarted_by_hand(made: Cluster) -> None:
    app = roll(made, "notices", 3, ":2.4.1")
    for held in (app.workload["spec"]["template"], app.sets[0]["spec"]["template"], *app.pods):
        held["metadata"].setdefault("annotations", {})["kubectl.kubernetes.io/restartedAt"] = ago(minutes=3)


@tempting()
def pods_leave_within_their_grace(made: Cluster) -> None:
    app = roll(made, "catalog", 1)
    leaving = replica(app.sets[1], 9)
    leaving["metadata"]["deletionTimestamp"] = ago(seconds=-15)
    leaving["metadata"]["deletionGracePeriodSeconds"] = 30
    unready(leaving)
    made.add(leaving)
    made.tell(leaving, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", ago(seconds=10))


@tempting()
def a_pod_ended_by_signal_while_it_was_replaced(made: Cluster) -> None:
    app = roll(made, "reviews", 12)
    app.pod["status"]["containerStatuses"][0] |= {"lastState": ended("Completed", 0, ago(days=1)), "restartCount": 1}


@tempting()
def an_operators_own_kind_rolls_out(made: Cluster) -> None:
    rollout = resource("Rollout", "portal", status={"phase": "Healthy", "currentStepIndex": 6})
    rollout["apiVersion"] = "argoproj.io/v1alpha1"
    made.add(rollout)
    for held in made["portal"].sets:
        owned(held, rollout)
    made.drop(made["portal"].workload)


@tempting()
def release_that_failed_before_the_one_that_serves(made: Cluster) -> None:
    for version, state, minutes in ((11, "superseded", 9000), (12, "failed", 40), (13, "deployed", 25)):
        release = resource("Secret", f"sh.helm.release.v1.library.v{version}", since=ago(minutes=minutes))
        labels = {"owner": "helm", "name": "library", "status": state, "version": str(version)}
        release["metadata"]["labels"] = labels
        made.add(release | {"type": "helm.sh/release.v1"})
    roll(made, "accounts", 25)


@tempting()
def canary_step_with_one_bad_request(made: Cluster) -> None:
    app = made["reviews"]
    app.workload["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "3"
    app.workload["spec"]["paused"] = True
    young = revision(app.workload, 3, 1, app.workload["spec"]["template"], since=ago(minutes=14))
    young["spec"]["template"]["spec"]["containers"][0]["image"] += "-next"
    pod = replica(young, 0, since=ago(minutes=14))
    made.add(young, pod)
    app.workload["status"] |= {"replicas": 3, "readyReplicas": 3, "availableReplicas": 3, "updatedReplicas": 1}
    app.workload["spec"]["replicas"] = 3
    good = [stamped(ago(minutes=12 - n), 'INFO "GET /reviews HTTP/1.1" 200 812') for n in range(12)]
    made.log(pod, *good[:6], stamped(ago(minutes=6), "error: review 812 has no text, skipped"), *good[6:])
