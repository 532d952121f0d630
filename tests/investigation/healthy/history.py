"""Healthy although the past left its traces: restarts, warnings about what is gone, failures that were made up for."""

from tests.investigation.clusters import Cluster, ago, ended, program, resource, runs, told
from tests.investigation.healthy.tempting import tempting
from tests.investigation.workloads import finish, replica, task
from tests.investigation.worlds import Document

_GONE = (
    ("BackOff", "Back-off restarting failed container {app} in pod {pod}_shop(0b1c)"),
    ("FailedMount", 'MountVolume.SetUp failed for volume "config" : configmap "{app}-old" not found'),
    ("FailedScheduling", "0/5 nodes are available: 5 Insufficient memory."),
    ("Failed", 'Failed to pull image "registry.example/library/{app}:2.3": not found'),
    ("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500"),
    ("FailedCreatePodSandBox", "Failed to create pod sandbox: rpc error: code = Unknown desc = network plugin"),
    ("OOMKilled", "Container {app} was OOM killed"),
    ("Evicted", "The node was low on resource: memory."),
)


@tempting()
def hundreds_of_warnings_about_pods_that_are_gone(made: Cluster) -> None:
    for name in ("portal", "catalog", "reviews", "loans", "accounts"):
        for number in range(40):
            reason, text = _GONE[number % len(_GONE)]
            gone = f"{name}-5f6d7c8b9-{number:05d}"
            about = made.tell(
                made[name].pod, reason, text.format(app=name, pod=gone), ago(minutes=number + 1), count=17
            )
            about["involvedObject"] |= {"name": gone, "uid": f"gone-{number}"}


@tempting()
def warnings_about_a_former_pod_of_the_same_name(made: Cluster) -> None:
    for pod in made["cache"].pods:
        for reason, text in _GONE:
            said = made.tell(pod, reason, text.format(app="cache", pod=pod["metadata"]["name"]), ago(minutes=30))
            said["involvedObject"]["uid"] = "the-pod-before"


@tempting()
def killed_for_memory_days_ago(made: Cluster) -> None:
    for name in ("catalog", "search"):
        made[name].status.update(restartCount=4, lastState=ended("OOMKilled", 137, ago(days=3)))


@tempting()
def restarted_often_in_its_first_hour_two_weeks_ago(made: Cluster) -> None:
    for pod in made["accounts"].pods:
        status = pod["status"]["containerStatuses"][0]
        status |= {"restartCount": 23, "lastState": ended("Error", 1, ago(days=14))}
        status["state"] = {"running": {"startedAt": ago(days=14)}}


@tempting()
def came_up_once_its_database_was_there(made: Cluster) -> None:
    for pod in made["loans"].pods:
        status = pod["status"]["containerStatuses"][0]
        status |= {"restartCount": 3, "lastState": ended("Error", 1, ago(minutes=41))}
        status["state"] = {"running": {"startedAt": ago(minutes=40)}}
        made.log(pod, "FATAL could not connect to database:5432: connection refused", run="previous")
        made.log(pod, "INFO connected to database:5432", "INFO listening on :8080")


@tempting()
def killed_once_by_its_liveness_probe_this_morning(made: Cluster) -> None:
    pod = made["media"].pod
    pod["status"]["containerStatuses"][0] |= {"restartCount": 1, "lastState": ended("Error", 137, ago(hours=8))}
    made.tell(pod, "Unhealthy", "Liveness probe failed: context deadline exceeded", ago(hours=8), count=3)
    made.tell(pod, "Killing", "Container media failed liveness probe, will be restarted", ago(hours=8), kind="Normal")


@tempting()
def volume_attached_after_some_tries(made: Cluster) -> None:
    pod = made["database"].pod
    text = 'Multi-Attach error for volume "pvc-data-database-0" Volume is already exclusively attached to one node'
    made.tell(pod, "FailedAttachVolume", text, ago(minutes=42))
    made.tell(
        pod, "FailedMount", "Unable to attach or mount volumes: timed out waiting for the condition", ago(minutes=40)
    )
    made.tell(pod, "SuccessfulAttachVolume", "AttachVolume.Attach succeeded", ago(minutes=38), kind="Normal")


@tempting()
def image_pulled_after_the_registry_was_back(made: Cluster) -> None:
    for pod in made["search"].pods:
        image = pod["spec"]["containers"][0]["image"]
        text = f'Failed to pull image "{image}": rpc error: code = Unknown desc = dial tcp: i/o timeout'
        made.tell(pod, "Failed", text, ago(minutes=27), count=3)
        made.tell(pod, "Failed", "Error: ImagePullBackOff", ago(minutes=26))
        made.tell(pod, "BackOff", f'Back-off pulling image "{image}"', ago(minutes=25), kind="Normal", count=6)
        made.tell(pod, "Pulled", f'Successfully pulled image "{image}"', ago(minutes=24), kind="Normal")


@tempting()
def refused_by_the_quota_until_it_was_raised(made: Cluster) -> None:
    text = 'Error creating: pods "portal-" is forbidden: exceeded quota: team, requested: pods=1, used: pods=30, limited: pods=30'
    made.tell(made["portal"].sets[0], "FailedCreate", text, ago(minutes=55), count=14)


@tempting()
def webhook_that_was_away_two_hours_ago(made: Cluster) -> None:
    text = (
        'Error creating: Internal error occurred: failed calling webhook "check.policy.example": '
        'Post "https://policy.policy.svc:443/validate": context deadline exceeded'
    )
    made.tell(made["notices"].sets[0], "FailedCreate", text, ago(hours=2), count=5)


@tempting()
def init_container_waited_for_its_database(made: Cluster) -> None:
    waits = program("wait-for-database", ports=[], readinessProbe=None, livenessProbe=None)
    for pod in made["loans"].pods:
        pod["spec"]["initContainers"] = [waits]
        over = ended("Completed", 0, ago(days=2))
        pod["status"]["initContainerStatuses"] = [
            runs(waits, restarts=2, state=over, lastState=ended("Error", 1, ago(days=2)))
        ]
        made.log(
            pod, "database:5432 - no response", "database:5432 - accepting connections", container="wait-for-database"
        )


@tempting()
def evicted_pods_kept_for_reading(made: Cluster) -> None:
    for number in range(20, 32):
        gone = finish(replica(made["reviews"].sets[0], number), ago(hours=number), code=137, reason="Error")
        gone["status"] |= {"reason": "Evicted", "message": "The node was low on resource: memory."}
        made.add(gone)


@tempting()
def a_node_shut_down_in_order_and_its_pods_were_replaced(made: Cluster) -> None:
    gone = finish(replica(made["fines"].sets[0], 5), ago(hours=30), code=143, reason="Terminated")
    gone["status"] |= {"reason": "Terminated", "message": "Pod was terminated in response to imminent node shutdown."}
    made.add(gone)


@tempting()
def job_that_failed_twice_and_then_succeeded(made: Cluster) -> None:
    job = made.keep(task("reindex"))
    job.workload["status"]["failed"] = 2
    for number in range(2):
        pod = finish(task("reindex", at=ago(hours=4)).pod, ago(hours=4), code=1, reason="Error")
        pod["metadata"] |= {"name": f"reindex-{number}xk2p", "uid": f"reindex-{number}"}
        made.add(pod)
        made.log(pod, "ERROR search:80 answered 503", "fatal: giving up")


@tempting()
def cron_job_whose_run_before_failed(made: Cluster) -> None:
    job = made["overdue-letters-29431"]
    finish(job.pod, ago(hours=33), code=1, reason="Error")
    job.workload["status"] = {"failed": 7, "conditions": told(Failed="True"), "startTime": ago(hours=33)}
    job.workload["status"]["conditions"][0] |= {
        "reason": "BackoffLimitExceeded",
        "message": "Job has reached the specified backoff limit",
    }


@tempting()
def cron_job_suspended_on_purpose(made: Cluster) -> None:
    spec = {"schedule": "*/10 * * * *", "suspend": True, "jobTemplate": {"spec": {}}}
    made.add(resource("CronJob", "sync-partners", spec=spec, status={"lastScheduleTime": ago(days=12)}))


@tempting()
def cron_job_that_runs_once_a_month(made: Cluster) -> None:
    spec = {"schedule": "0 4 15 * *", "suspend": False, "jobTemplate": {"spec": {}}}
    state = {"lastScheduleTime": ago(days=14, hours=8), "lastSuccessfulTime": ago(days=14, hours=7)}
    made.add(resource("CronJob", "invoices", spec=spec, status=state))


@tempting()
def cron_job_that_was_never_due_yet(made: Cluster) -> None:
    spec = {"schedule": "0 5 1 1 *", "suspend": False, "jobTemplate": {"spec": {}}}
    made.add(resource("CronJob", "yearly", since=ago(days=9), spec=spec, status={}))


@tempting()
def long_job_at_work(made: Cluster) -> None:
    job = made.keep(task("scan-archive", at=ago(hours=5), succeeded=0, activeDeadlineSeconds=86400))
    job.workload["status"] |= {"active": 1, "ready": 1, "completionTime": None}


@tempting()
def indexed_job_half_done(made: Cluster) -> None:
    job = made.keep(task("render", at=ago(minutes=30), succeeded=0, completions=8, parallelism=2))
    job.workload["status"] |= {"active": 1, "ready": 1, "succeeded": 4, "completedIndexes": "0-3"}


@tempting()
def job_waits_suspended_for_its_queue(made: Cluster) -> None:
    job = made.keep(task("train", at=ago(minutes=30), succeeded=0, suspend=True))
    made.drop(*job.pods)
    job.workload["status"] = {"conditions": told(Suspended="True")}


@tempting()
def node_rebooted_as_planned_half_an_hour_ago(made: Cluster) -> None:
    made.tell(
        made.find("Node", "worker-2"), "Rebooted", "Node worker-2 has been rebooted, boot id: 7d3f", ago(minutes=31)
    )
    for pod in _running_on(made, "worker-2"):
        _started_anew(pod, 30, ended("Unknown", 255, ago(minutes=31)))


@tempting()
def container_runtime_of_a_node_was_upgraded(made: Cluster) -> None:
    for pod in _running_on(made, "worker-3"):
        text = "Pod sandbox changed, it will be killed and re-created."
        made.tell(pod, "SandboxChanged", text, ago(minutes=40), kind="Normal")
        _started_anew(pod, 39, ended("Unknown", 255, ago(minutes=40)))


@tempting()
def all_replicas_were_restarted_in_the_night(made: Cluster) -> None:
    for pod in made["portal"].pods:
        over = ended("Completed", 0, ago(minutes=50))
        over["terminated"]["startedAt"] = ago(days=2)
        _started_anew(pod, 50, over)


@tempting()
def limits_lowered_by_an_autoscaler_and_one_restart_since(made: Cluster) -> None:
    pod = made["loans"].pod
    pod["metadata"]["annotations"] = {"vpaUpdates": "Pod resources updated by loans: container 0: memory limit"}
    pod["spec"]["containers"][0]["resources"] = {
        "requests": {"cpu": "50m", "memory": "96Mi"},
        "limits": {"cpu": "500m", "memory": "192Mi"},
    }
    _started_anew(pod, 60 * 26, ended("Error", 143, ago(hours=26)))


def _running_on(made: Cluster, node: str) -> list[Document]:
    pods = [pod for app in made.apps.values() for pod in app.pods]
    return [pod for pod in pods if pod["spec"]["nodeName"] == node and pod["status"]["phase"] == "Running"]


def _started_anew(pod: Document, minutes: float, former: Document) -> None:
    state = {"running": {"startedAt": ago(minutes=minutes)}}
    pod["status"]["containerStatuses"][0] |= {"restartCount": 1, "lastState": former, "state": state}
