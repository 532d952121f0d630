"""Healthy although nodes show signs of work done on them."""

from tests.investigation.clusters import Cluster, ago, ended
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import machine
from tests.investigation.workloads import finish, replica


@tempting()
def cordoned_node_with_nothing_pending(made: Cluster) -> None:
    node = made.find("Node", "worker-4")
    node["spec"] |= {"unschedulable": True}
    node["spec"]["taints"] = [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}]
    made.tell(node, "NodeNotSchedulable", "Node worker-4 status is now: NodeNotSchedulable", kind="Normal")


@tempting()
def graphics_nodes_that_nobody_asks_for(made: Cluster) -> None:
    node = made.add(machine("graphics-1", cpu="32"))
    node["spec"]["taints"] = [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}]


@tempting()
def node_restarted_yesterday(made: Cluster) -> None:
    for app in made.apps.values():
        for pod in app.pods:
            if pod["spec"]["nodeName"] == "worker-2" and pod["status"]["phase"] == "Running":
                pod["status"]["containerStatuses"][0] |= {
                    "restartCount": 1,
                    "lastState": ended("Unknown", 255, ago(hours=20)),
                    "state": {"running": {"startedAt": ago(hours=20)}},
                }
    made.tell(made.find("Node", "worker-2"), "Rebooted", "Node worker-2 has been rebooted", ago(hours=20))


@tempting()
def pressure_that_is_over_with_its_evicted_pod_still_listed(made: Cluster) -> None:
    node, app = made.find("Node", "worker-1"), made["media"]
    node["status"]["conditions"][1] |= {"lastTransitionTime": ago(hours=3), "reason": "KubeletHasNoDiskPressure"}
    evicted = finish(replica(app.sets[0], 8), ago(hours=4), code=137, reason="Error")
    evicted["status"] |= {
        "reason": "Evicted",
        "message": "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi.",
    }
    made.add(evicted)
    made.tell(evicted, "Evicted", evicted["status"]["message"], ago(hours=4))


@tempting()
def node_that_was_away_for_a_minute_two_hours_ago(made: Cluster) -> None:
    node = made.find("Node", "worker-3")
    node["status"]["conditions"][-1] |= {"lastTransitionTime": ago(hours=2)}
    made.tell(node, "NodeNotReady", "Node worker-3 status is now: NodeNotReady", ago(hours=2), kind="Normal")
    made.tell(node, "NodeReady", "Node worker-3 status is now: NodeReady", ago(hours=1.98), kind="Normal")
    for pod in made["cache"].pods:
        made.tell(pod, "NodeNotReady", "Node is not ready", ago(hours=2))


@tempting()
def daemon_set_on_fewer_nodes_by_its_selector(made: Cluster) -> None:
    app = made["log-shipper"]
    made.find("Node", "worker-4")["metadata"]["labels"] |= {"logs": "none"}
    app.workload["spec"]["template"]["spec"]["nodeSelector"] = {"logs": "yes"}
    made.drop(app.pods[3])
    app.workload["status"] |= {f"{count}NumberScheduled": 3 for count in ("desired", "current", "updated")}
    app.workload["status"] |= {"numberReady": 3, "numberAvailable": 3}


@tempting()
def nodes_almost_booked_out(made: Cluster) -> None:
    for name in ("worker-1", "worker-2", "worker-3", "worker-4"):
        made.find("Node", name)["status"]["allocatable"] |= {"cpu": "1000m", "memory": "1400Mi"}


@tempting()
def memory_of_a_node_ran_out_five_hours_ago(made: Cluster) -> None:
    node = made.find("Node", "worker-2")
    made.tell(node, "SystemOOM", "System OOM encountered, victim process: backup, pid: 41234", ago(hours=5))


@tempting()
def system_services_all_running(made: Cluster) -> None:
    made.sections["node_services"] = [
        {"node": f"worker-{number}", "service": service, "active": True, "state": "active", "output": _RUNNING}
        for number in range(1, 5)
        for service in ("kubelet", "containerd", "kube-proxy")
    ]


_RUNNING = (
    "● kubelet.service - kubelet: The Kubernetes Node Agent\n   Active: active (running) since Fri\n"
    "Mar 01 11:20:01 worker-1 kubelet[811]: E0301 11:20:01.1 pod_workers.go: Error syncing pod, skipping (retried)\n"
)


@tempting()
def nodes_of_two_versions_in_an_upgrade(made: Cluster) -> None:
    for name in ("worker-1", "worker-2"):
        node = made.find("Node", name)
        node["status"]["nodeInfo"]["kubeletVersion"] = "v1.32.6"
        made.tell(node, "NodeHasSufficientMemory", "Node status is now: NodeHasSufficientMemory", kind="Normal")


@tempting()
def taint_that_only_asks_to_prefer_others(made: Cluster) -> None:
    made.find("Node", "worker-3")["spec"]["taints"] = [
        {"key": "spot", "value": "true", "effect": "PreferNoSchedule", "timeAdded": ago(minutes=30)}
    ]
