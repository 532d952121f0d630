"""A cluster in good health: a library's namespace, with its neighbours' DNS, as a healthy world starts from."""

from copy import deepcopy

from tests.investigation.clusters import SYSTEM, App, Cluster, ago, program, resource, told
from tests.investigation.workloads import deploy, endpoints, everywhere, stateful, task
from tests.investigation.worlds import NAMESPACE, Document

WORKERS = tuple(f"worker-{number}" for number in range(1, 5))
# Who calls whom.
CALLS = {
    "portal": ("catalog", "reviews", "loans", "accounts"),
    "admin": ("catalog", "accounts"),
    "catalog": ("search", "media"),
    "reviews": ("accounts",),
    "loans": ("accounts", "catalog", "notices"),
    "accounts": (),
    "search": (),
    "media": (),
    "notices": (),
    "fines": ("loans",),
}

# Kinds of which everything in view was listed.
LISTED = (
    *("Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ControllerRevision"),
    *(
        "Service",
        "EndpointSlice",
        "Ingress",
        "IngressClass",
        "NetworkPolicy",
        "ConfigMap",
        "ServiceAccount",
        "LimitRange",
    ),
    *("ResourceQuota", "HorizontalPodAutoscaler", "PodDisruptionBudget", "PersistentVolumeClaim", "PersistentVolume"),
    *("StorageClass", "VolumeAttachment", "CSIDriver", "CSINode", "Node", "Namespace", "PriorityClass", "RuntimeClass"),
    *("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "ValidatingWebhookConfiguration"),
    *("MutatingWebhookConfiguration", "CustomResourceDefinition", "APIService", "Lease"),
)


def library() -> Cluster:
    """Return a cluster of five nodes and some twenty workloads where all is well."""
    made = Cluster(sections={"collected": list(LISTED)})
    made.add(resource("Namespace", NAMESPACE, status={"phase": "Active"}), machine("control-1", control=True))
    made.add(*(machine(name) for name in WORKERS))
    for name, calls in CALLS.items():
        made.keep(deploy(name, program(name, calls=calls), replicas=3 if name == "portal" else 2))
    made.keep(_database())
    made.keep(stateful("cache", _store("cache", "redis", 6379), replicas=3))
    made.keep(everywhere("log-shipper", len(WORKERS), program("log-shipper", readinessProbe=None)))
    for app in list(made.apps.values()):
        _network(made, app)
    _storage(made)
    _policies(made)
    _batch(made)
    _system(made)
    made.log(made["portal"].pod, *_ACCESS)
    return made


_ACCESS = (
    '10.42.1.9 - - [01/Mar/2026:11:59:31 +0000] "GET /books/9780140449136 HTTP/1.1" 200 5120 "-" "Mozilla/5.0"',
    '10.42.1.9 - - [01/Mar/2026:11:59:32 +0000] "GET /favicon.ico HTTP/1.1" 304 0 "-" "Mozilla/5.0"',
)


def machine(name: str, *, control: bool = False, cpu: str = "8", memory: str = "32Gi") -> Document:
    """Return a node that is ready."""
    made = resource("Node", name, since=ago(days=90))
    made["metadata"]["labels"] = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"} | (
        {"node-role.kubernetes.io/control-plane": ""} if control else {"topology.kubernetes.io/zone": "a"}
    )
    taint = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
    made["spec"] = {"podCIDR": "10.42.0.0/24"} | ({"taints": [taint]} if control else {})
    conditions = told(MemoryPressure="False", DiskPressure="False", PIDPressure="False", Ready="True")
    conditions[-1] |= {"reason": "KubeletReady", "message": "kubelet is posting ready status"}
    amounts = {"cpu": cpu, "memory": memory, "pods": "110", "ephemeral-storage": "100Gi"}
    made["status"] = {
        "conditions": [held | {"lastHeartbeatTime": ago(seconds=30)} for held in conditions],
        "capacity": amounts,
        "allocatable": amounts,
        "addresses": [{"type": "Hostname", "address": name}],
        "nodeInfo": {"kubeletVersion": "v1.33.2", "containerRuntimeVersion": "containerd://2.0.5"},
    }
    return made


def _store(name: str, image: str, port: int) -> Document:
    probe = {"tcpSocket": {"port": port}, "periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 1}
    ports = [{"name": "store", "containerPort": port, "protocol": "TCP"}]
    return program(name, image=f"docker.example/{image}:7", ports=ports, readinessProbe=probe, livenessProbe=probe)


def _database() -> App:
    made = stateful("database", _store("database", "postgres", 5432))
    user = {"name": "POSTGRES_USER", "value": "library"}
    secret = {"name": "POSTGRES_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "database", "key": "password"}}}
    for held in (made.container, made.pod["spec"]["containers"][0]):
        held["env"] = [user, secret]
    return made


def _network(made: Cluster, app: App) -> None:
    if app.service:
        made.add(app.service, endpoints(app.service, app.pods))


def _storage(made: Cluster) -> None:
    made.add(resource("StorageClass", "fast", provisioner="csi.example", volumeBindingMode="WaitForFirstConsumer"))
    for app in (made["database"], made["cache"]):
        for number in range(len(app.pods)):
            bind(made, f"data-{app.workload['metadata']['name']}-{number}")


def bind(made: Cluster, name: str, *, size: str = "10Gi", mode: str = "ReadWriteOnce") -> Document:
    """Store a claim with the volume that it is bound to."""
    asked = {"storageClassName": "fast", "accessModes": [mode], "resources": {"requests": {"storage": size}}}
    volume = f"pvc-{name}"
    claim = resource("PersistentVolumeClaim", name, spec={**asked, "volumeName": volume})
    claim["status"] = {"phase": "Bound", "accessModes": [mode], "capacity": {"storage": size}}
    of = {"kind": "PersistentVolumeClaim", "namespace": NAMESPACE, "name": name, "uid": claim["metadata"]["uid"]}
    spec = {"storageClassName": "fast", "accessModes": [mode], "capacity": {"storage": size}, "claimRef": of}
    made.add(resource("PersistentVolume", volume, spec=spec, status={"phase": "Bound"}))
    return made.add(claim)


def _policies(made: Cluster) -> None:
    limits = {"pods": "60", "requests.cpu": "12", "limits.memory": "24Gi"}
    used = {"pods": "31", "requests.cpu": "3100m", "limits.memory": "7936Mi"}
    made.add(resource("ResourceQuota", "team", spec={"hard": limits}, status={"hard": limits, "used": used}))
    made.add(resource("ServiceAccount", "default"), resource("ConfigMap", "kube-root-ca.crt", data={"ca.crt": "…"}))
    made.add(resource("ConfigMap", "settings", data={"LOCALE": "en", "PAGE_SIZE": "50"}))
    for name in ("portal", "catalog"):
        budget = {"minAvailable": 1, "selector": {"matchLabels": {"app": name}}}
        state = {"currentHealthy": 2, "desiredHealthy": 1, "disruptionsAllowed": 1, "expectedPods": 2}
        made.add(resource("PodDisruptionBudget", name, spec=budget, status=state))
        made.add(scaler(name))
    backend = {"service": {"name": "portal", "port": {"name": "http"}}}
    rule = {"host": "library.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    made.add(resource("IngressClass", "nginx", spec={"controller": "k8s.io/ingress-nginx"}))
    address = {"loadBalancer": {"ingress": [{"ip": "192.0.2.10"}]}}
    made.add(resource("Ingress", "portal", spec={"ingressClassName": "nginx", "rules": [rule]}, status=address))


def scaler(name: str, *, least: int = 2, most: int = 6, now: int = 2, use: int = 45) -> Document:
    """Return an autoscaler on CPU that can measure and need not change anything."""
    cpu = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    metrics = [{"type": "Resource", "resource": cpu}]
    spec = {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most, "metrics": metrics}
    measured = [{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": use}}}]
    state = {"currentReplicas": now, "desiredReplicas": now, "currentMetrics": measured}
    state["conditions"] = told(AbleToScale="True", ScalingActive="True", ScalingLimited="False")
    return resource("HorizontalPodAutoscaler", name, spec=spec, status=state)


def _batch(made: Cluster) -> None:
    nightly = resource("CronJob", "overdue-letters")
    held = {"spec": {"template": deepcopy(made["notices"].workload["spec"]["template"])}}
    nightly["spec"] = {"schedule": "0 3 * * *", "suspend": False, "jobTemplate": held, "concurrencyPolicy": "Forbid"}
    nightly["status"] = {"lastScheduleTime": ago(hours=9), "lastSuccessfulTime": ago(hours=9)}
    made.add(nightly)
    for day in range(3):
        made.keep(task(f"overdue-letters-2943{day}", owner=nightly, at=ago(hours=9 + 24 * day)))


def _system(made: Cluster) -> None:
    ports = [
        {"name": f"dns-{protocol}", "containerPort": 53, "protocol": protocol.upper()} for protocol in ("udp", "tcp")
    ]
    probe = {"httpGet": {"path": "/health", "port": 8080}, "periodSeconds": 10, "failureThreshold": 5}
    server = program("coredns", ports=ports, readinessProbe=probe, livenessProbe=probe)
    dns = deploy("coredns", server, namespace=SYSTEM)
    assert dns.service
    dns.service["metadata"]["name"] = "kube-dns"
    dns.service["spec"]["ports"] = [{"name": "dns", "port": 53, "targetPort": 53, "protocol": "UDP"}]
    made.keep(dns)
    made.add(dns.service, endpoints(dns.service, dns.pods))
    made.keep(everywhere("kube-proxy", len(WORKERS), program("kube-proxy", ports=[]), namespace=SYSTEM))
    for name in ("kube-scheduler", "kube-controller-manager"):
        made.add(resource("Lease", name, namespace=SYSTEM, spec={"renewTime": ago(seconds=2), "holderIdentity": name}))
    for node in ("control-1", *WORKERS):
        made.add(resource("Lease", node, namespace="kube-node-lease", spec={"renewTime": ago(seconds=6)}))
