"""Healthy with all that platform teams put into a cluster, each in good state."""

from typing import Any

from tests.investigation.clusters import SYSTEM, Cluster, ago, program, resource, told
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import CALLS, scaler
from tests.investigation.workloads import deploy, endpoints, everywhere
from tests.investigation.worlds import NAMESPACE, Document


def whole(kind: str, name: str, **parts: Any) -> Document:
    """Return an object of the whole cluster, of a kind that belongs to no namespace."""
    made = resource(kind, name, **parts)
    made["metadata"].pop("namespace", None)
    return made


@tempting()
def an_api_of_metrics_with_its_server(made: Cluster) -> None:
    server = made.keep(deploy("metrics-server", program("metrics-server", port=10250), namespace=SYSTEM, replicas=1))
    assert server.service
    made.add(server.service, endpoints(server.service, server.pods))
    spec = {"group": "metrics.k8s.io", "version": "v1beta1", "service": {"name": "metrics-server", "namespace": SYSTEM}}
    state = {"conditions": told(Available="True")}
    made.add(whole("APIService", "v1beta1.metrics.k8s.io", spec=spec, status=state))
    made.add(whole("APIService", "v1.apps", spec={"group": "apps", "version": "v1"}, status=state))
    said = 'E0301 scraper.go:149] "Failed to scrape node" err="context deadline exceeded" node="worker-3"'
    made.log(server.pod, said, "I0301 serving on [::]:10250")


@tempting()
def a_mesh_with_routes_to_versions(made: Cluster) -> None:
    subsets = [{"name": "stable", "labels": {"app": "reviews"}}]
    made.add(resource("DestinationRule", "reviews", spec={"host": "reviews", "subsets": subsets}))
    to = {"destination": {"host": "reviews", "subset": "stable", "port": {"number": 80}}, "weight": 100}
    made.add(resource("VirtualService", "reviews", spec={"hosts": ["reviews"], "http": [{"route": [to]}]}))
    outside = {"hosts": ["pay.example.org"], "location": "MESH_EXTERNAL", "ports": [{"number": 443}]}
    made.add(resource("ServiceEntry", "payments", spec=outside))
    gateway = {"servers": [{"port": {"number": 443, "protocol": "HTTPS"}, "hosts": ["library.example"]}]}
    made.add(resource("Gateway", "edge", spec=gateway))


@tempting()
def secrets_brought_from_a_store(made: Cluster) -> None:
    made.add(resource("SecretStore", "vault", status={"conditions": told(Ready="True")}))
    spec = {"secretStoreRef": {"name": "vault", "kind": "SecretStore"}, "target": {"name": "database"}}
    state = {"conditions": told(Ready="True"), "refreshTime": ago(minutes=40)}
    item = made.add(resource("ExternalSecret", "database", spec=spec, status=state))
    made.tell(item, "UpdateFailed", "could not get secret data from provider: connection reset", ago(minutes=50))
    made.tell(item, "Updated", "Updated Secret", ago(minutes=40), kind="Normal")


@tempting()
def policies_that_only_warn(made: Cluster) -> None:
    results = [{"policy": "require-limits", "result": "fail", "message": "limits are required"}]
    made.add(resource("PolicyReport", "library", results=results, summary={"fail": 14, "pass": 210, "error": 0}))
    for name in CALLS:
        text = "policy require-labels/check fail: validation error: label team is required"
        made.tell(made[name].workload, "PolicyViolation", text, ago(minutes=4))


@tempting()
def backups_and_snapshots_of_last_night(made: Cluster) -> None:
    made.add(resource("Backup", "nightly-0301", namespace="velero", status={"phase": "Completed", "warnings": 2}))
    made.add(resource("Backup", "nightly-0228", namespace="velero", status={"phase": "PartiallyFailed", "errors": 1}))
    made.add(resource("VolumeSnapshot", "database-0301", status={"readyToUse": True}))


@tempting()
def revisions_attachments_and_drivers_as_they_are(made: Cluster) -> None:
    made.add(whole("CSIDriver", "csi.example", spec={"attachRequired": True}))
    for number in range(1, 5):
        made.add(
            whole("CSINode", f"worker-{number}", spec={"drivers": [{"name": "csi.example", "nodeID": str(number)}]})
        )
    for pod in (*made["cache"].pods, *made["database"].pods):
        name = pod["metadata"]["name"]
        source = {"persistentVolumeName": f"pvc-data-{name}"}
        spec = {"attacher": "csi.example", "nodeName": pod["spec"]["nodeName"], "source": source}
        made.add(whole("VolumeAttachment", f"csi-{name}", spec=spec, status={"attached": True}))
    for app in (made["cache"], made["database"]):
        mark = app.workload["status"]["currentRevision"]
        made.add(resource("ControllerRevision", mark, revision=1))
        for pod in app.pods:
            pod["metadata"]["labels"]["controller-revision-hash"] = mark


@tempting()
def rights_given_by_roles_and_bindings(made: Cluster) -> None:
    rules = [{"apiGroups": [""], "resources": ["configmaps", "pods"], "verbs": ["get", "list", "watch"]}]
    made.add(resource("ServiceAccount", "loans"), resource("Role", "reader", rules=rules))
    to = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"}
    who = [{"kind": "ServiceAccount", "name": "loans", "namespace": NAMESPACE}]
    made.add(resource("RoleBinding", "loans", roleRef=to, subjects=who))
    for held in (made["loans"].workload["spec"]["template"], *made["loans"].pods):
        held["spec"]["serviceAccountName"] = "loans"


@tempting()
def an_autoscaler_of_nodes_at_work(made: Cluster) -> None:
    text = "Cluster-wide:\n  Health: Healthy (ready=5 unready=0)\n  ScaleUp: NoActivity\n  ScaleDown: NoCandidates"
    made.add(resource("ConfigMap", "cluster-autoscaler-status", namespace=SYSTEM, data={"status": text}))
    made.add(whole("NodePool", "general", status={"conditions": told(Ready="True")}))
    made.add(whole("NodeClaim", "general-x7k2", status={"conditions": told(Ready="True", Launched="True")}))


@tempting()
def recommendations_for_sizes_not_applied(made: Cluster) -> None:
    wanted = [{"containerName": "portal", "target": {"cpu": "900m", "memory": "700Mi"}}]
    spec = {"targetRef": {"kind": "Deployment", "name": "portal"}, "updatePolicy": {"updateMode": "Off"}}
    made.add(
        resource(
            "VerticalPodAutoscaler",
            "portal",
            spec=spec,
            status={"recommendation": {"containerRecommendations": wanted}},
        )
    )


@tempting()
def a_network_plugin_on_every_node(made: Cluster) -> None:
    plugin = program("calico-node", ports=[], securityContext={"privileged": True})
    app = made.keep(everywhere("calico-node", 4, plugin, namespace=SYSTEM, hostNetwork=True))
    for node in (held for held in made.objects if held["kind"] == "Node"):
        node["status"]["conditions"].insert(0, told(NetworkUnavailable="False")[0] | {"reason": "CalicoIsUp"})
    for pod in app.pods:
        made.log(pod, "[WARNING][71] felix/int_dataplane.go: Failed to delete route, it does not exist any more")


@tempting()
def nodes_watched_by_a_problem_detector(made: Cluster) -> None:
    kinds = ("KernelDeadlock", "ReadonlyFilesystem", "FrequentKubeletRestart", "CorruptDockerOverlay2")
    for node in (held for held in made.objects if held["kind"] == "Node"):
        node["status"]["conditions"] += told(**dict.fromkeys(kinds, "False"))
    node = made.find("Node", "worker-2")
    text = "Memory cgroup out of memory: Killed process 4711 (cc1plus) total-vm:812000kB"
    made.tell(node, "OOMKilling", text, ago(minutes=34))
    made.tell(node, "TaskHung", "INFO: task jbd2/sda1-8:412 blocked for more than 120 seconds", ago(hours=9))


@tempting()
def an_autoscaler_driven_by_a_queue(made: Cluster) -> None:
    spec = {"scaleTargetRef": {"name": "notices"}, "minReplicaCount": 2, "triggers": [{"type": "prometheus"}]}
    made.add(resource("ScaledObject", "notices", spec=spec, status={"conditions": told(Ready="True", Active="False")}))
    held = scaler("notices", now=2)
    held["metadata"]["name"] = "keda-hpa-notices"
    held["spec"]["metrics"] = [{"type": "External", "external": {"metric": {"name": "s0-prometheus"}}}]
    held["status"]["currentMetrics"] = [{"type": "External", "external": {"current": {"averageValue": "0"}}}]
    made.add(held)


@tempting()
def ingresses_that_share_a_host_as_they_may(made: Cluster) -> None:
    def path(where: str, service: str) -> Document:
        backend = {"service": {"name": service, "port": {"number": 80}}}
        paths = [{"path": where, "pathType": "Prefix", "backend": backend}]
        return {"ingressClassName": "nginx", "rules": [{"host": "library.example", "http": {"paths": paths}}]}

    address = {"loadBalancer": {"ingress": [{"ip": "192.0.2.10"}]}}
    made.add(resource("Ingress", "reviews", spec=path("/reviews", "reviews"), status=address))
    canary = made.add(resource("Ingress", "portal-canary", spec=path("/", "portal"), status=address))
    canary["metadata"]["annotations"] = {"nginx.ingress.kubernetes.io/canary": "true"}
    made.add(resource("Ingress", "solver", spec=path("/.well-known/acme-challenge/x", "admin"), status=address))


@tempting()
def cordoned_node_under_a_strict_budget(made: Cluster) -> None:
    made.find("Node", "worker-1")["spec"] |= {"unschedulable": True}
    budget = made.find("PodDisruptionBudget", "portal")
    budget["spec"]["minAvailable"] = 3
    budget["status"] |= {"disruptionsAllowed": 0, "desiredHealthy": 3, "currentHealthy": 3, "expectedPods": 3}


@tempting()
def agent_on_each_node_that_is_asked_there(made: Cluster) -> None:
    local = resource("Service", "log-shipper")
    ports = [{"port": 24224, "targetPort": "http", "protocol": "TCP"}]
    local["spec"] = {
        "clusterIP": "10.43.7.7",
        "selector": {"app": "log-shipper"},
        "internalTrafficPolicy": "Local",
        "ports": ports,
    }
    made.add(local, endpoints(local, made["log-shipper"].pods))
    for name in ("portal", "catalog"):
        address = {"name": "FLUENT_URL", "value": "http://log-shipper:24224"}
        for held in (made[name].container, *(pod["spec"]["containers"][0] for pod in made[name].pods)):
            held["env"] = [*held["env"], address]
