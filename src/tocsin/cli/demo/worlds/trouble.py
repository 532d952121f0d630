"""How a healthy pod goes wrong: what the kubelet and the scheduler then write into its status."""

from __future__ import annotations

from datetime import datetime, timedelta

from tocsin.cli.demo.worlds.metadata import Json, container_id, stamp


def not_ready(pod: Json, since: datetime) -> None:
    """The pod's Ready conditions turn False."""
    name = pod["spec"]["containers"][0]["name"]
    for condition in pod["status"]["conditions"]:
        if condition["type"] in {"Ready", "ContainersReady"}:
            condition |= {
                "lastTransitionTime": stamp(since),
                "message": f"containers with unready status: [{name}]",
                "reason": "ContainersNotReady",
                "status": "False",
            }


def restarted(pod: Json, *, reason: str, code: int, at: datetime, lived: timedelta, times: int) -> None:
    """The container died `times` times, last at `at` after living `lived`, and runs again since."""
    [status] = pod["status"]["containerStatuses"]
    pod_uid = pod["metadata"]["uid"]
    ended = {
        "containerID": container_id(pod_uid, times - 1),
        "exitCode": code,
        "finishedAt": stamp(at),
        "reason": reason,
        "startedAt": stamp(at - lived),
    }
    status["containerID"] = container_id(pod_uid, times)
    status["lastState"] = {"terminated": ended}
    status["restartCount"] = times
    status["state"] = {"running": {"startedAt": stamp(at + timedelta(seconds=2))}}


def crash_looping(pod: Json, *, reason: str, code: int, at: datetime, lived: timedelta, times: int) -> None:
    """As `restarted`, and the kubelet now waits before it starts the container again, 10 s doubled up to 5 min."""
    restarted(pod, reason=reason, code=code, at=at, lived=lived, times=times)
    seconds = min(300, 10 * 2 ** (times - 1))
    span = f"{seconds // 60}m{seconds % 60}s" if seconds >= 60 else f"{seconds}s"
    told = f"back-off {span} restarting failed container={identity(pod, joint=' pod=')}"
    [status] = pod["status"]["containerStatuses"]
    status["containerID"] = container_id(pod["metadata"]["uid"], times - 1)
    waiting(pod, "CrashLoopBackOff", told, since=at)


def identity(pod: Json, joint: str = " in pod ") -> str:
    """Container and pod as the kubelet's messages name them: `cart in pod cart-7f…_shop(uid)`."""
    meta = pod["metadata"]
    return f"{pod['spec']['containers'][0]['name']}{joint}{meta['name']}_{meta['namespace']}({meta['uid']})"


def waiting(pod: Json, reason: str, message: str, *, since: datetime) -> None:
    """The container waits to be started, for that reason."""
    [status] = pod["status"]["containerStatuses"]
    status |= {"ready": False, "started": False, "state": {"waiting": {"message": message, "reason": reason}}}
    not_ready(pod, since)


def never_started(pod: Json, reason: str, message: str) -> None:
    """The container has not run once: the pod is Pending on its node."""
    [status] = pod["status"]["containerStatuses"]
    waiting(pod, reason, message, since=datetime.fromisoformat(pod["metadata"]["creationTimestamp"]))
    status.pop("containerID")
    status |= {"imageID": ""}
    pod["status"]["phase"] = "Pending"


def unscheduled(pod: Json, message: str) -> None:
    """No node takes the pod: it has no node, no address, no containers."""
    condition = {
        "lastProbeTime": None,
        "lastTransitionTime": pod["metadata"]["creationTimestamp"],
        "message": message,
        "reason": "Unschedulable",
        "status": "False",
        "type": "PodScheduled",
    }
    del pod["spec"]["nodeName"]
    pod["metadata"]["managedFields"].pop()
    pod["status"] = {"conditions": [condition], "phase": "Pending", "qosClass": "Burstable"}


def evicted(pod: Json, message: str, at: datetime) -> None:
    """The kubelet ended the pod to get something back that its node ran out of."""
    not_ready(pod, at)
    [status] = pod["status"]["containerStatuses"]
    killed = {"exitCode": 137, "finishedAt": stamp(at), "reason": "Error", "startedAt": pod["status"]["startTime"]}
    status |= {"ready": False, "started": False, "state": {"terminated": killed}}
    disrupted = {
        "lastProbeTime": None,
        "lastTransitionTime": stamp(at),
        "message": message,
        "reason": "TerminationByKubelet",
        "status": "True",
        "type": "DisruptionTarget",
    }
    kept = {name: part for name, part in pod["status"].items() if name not in {"podIP", "podIPs"}}
    conditions = [disrupted, *kept["conditions"]]
    pod["status"] = {**kept, "conditions": conditions, "message": message, "phase": "Failed", "reason": "Evicted"}
