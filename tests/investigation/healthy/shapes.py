"""Healthy although the cluster is built in another way."""

from tests.investigation.clusters import SYSTEM, Cluster, ago, ended, program, resource, runs, told
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import bind, machine
from tests.investigation.workloads import deploy, endpoints, everywhere, stateful
from tests.investigation.worlds import NAMESPACE, Document


@tempting()
def a_pod_that_nobody_owns(made: Cluster) -> None:
    app = deploy("debug", replicas=1)
    app.pod["metadata"] |= {"name": "debug", "ownerReferences": []}
    app.pod["spec"]["restartPolicy"] = "Never"
    made.add(app.pod)
    made.log(app.pod, "$ ", container="debug")


@tempting(start=Cluster)
def one_node_that_does_everything(made: Cluster) -> None:
    node = made.add(machine("worker-1", control=True, cpu="2", memory="4Gi"))
    node["spec"].pop("taints")
    app = made.keep(deploy("blog", replicas=1))
    assert app.service
    app.pod["spec"]["nodeName"] = "worker-1"
    made.add(app.service, endpoints(app.service, app.pods))


@tempting(start=Cluster)
def the_control_plane_with_its_static_pods(made: Cluster) -> None:
    made.sections["namespace"] = SYSTEM
    node = made.add(machine("control-1", control=True))
    for name, port in (("etcd", 2379), ("kube-apiserver", 6443), ("kube-scheduler", 10259)):
        app = deploy(name, program(name, port=port), namespace=SYSTEM, replicas=1)
        app.pod["metadata"] |= {"name": f"{name}-control-1", "annotations": {"kubernetes.io/config.source": "file"}}
        owner = {
            "apiVersion": "v1",
            "kind": "Node",
            "name": "control-1",
            "uid": node["metadata"]["uid"],
            "controller": True,
        }
        app.pod["metadata"]["ownerReferences"] = [owner]
        app.pod["spec"] |= {"nodeName": "control-1", "hostNetwork": True}
        app.pod["status"]["containerStatuses"][0].update(restartCount=9, lastState=ended("Error", 1, ago(days=6)))
        made.add(app.pod)
        made.log(app.pod, "W apply request took too long (expected-duration 100ms)", "I compacted", container=name)


@tempting()
def a_monitoring_stack_on_the_nodes_own_network(made: Cluster) -> None:
    exporter = program("node-exporter", ports=[{"name": "metrics", "containerPort": 9100, "hostPort": 9100}])
    made.keep(
        everywhere("node-exporter", 4, exporter, hostNetwork=True, hostPID=True, tolerations=[{"operator": "Exists"}])
    )
    app = made.keep(stateful("prometheus", program("prometheus", port=9090)))
    bind(made, "data-prometheus-0")
    made.log(
        app.pod,
        'ts=2026-03-01T11:50:00Z caller=scrape.go level=warn msg="Error on ingesting samples that are too old" num_dropped=12',
        'ts=2026-03-01T11:51:00Z caller=manager.go level=warn msg="Failed to determine correct type of scrape target."',
    )


@tempting()
def native_sidecar_that_runs_beside(made: Cluster) -> None:
    sidecar = program("vault-agent", restartPolicy="Always", ports=[])
    for pod in made["accounts"].pods:
        pod["spec"]["initContainers"] = [sidecar]
        pod["status"]["initContainerStatuses"] = [runs(sidecar)]


@tempting()
def completed_init_containers_of_injectors(made: Cluster) -> None:
    names = ("istio-init", "copy-certificates", "migrate")
    steps = [program(name, ports=[], readinessProbe=None, livenessProbe=None) for name in names]
    over = ended("Completed", 0, ago(days=2))
    for pod in made["catalog"].pods:
        pod["spec"]["initContainers"] = steps
        pod["status"]["initContainerStatuses"] = [runs(step, state=over, started=False) for step in steps]
        made.log(pod, "migration 0042 already applied, nothing to do, 0 errors", container="migrate")


@tempting()
def a_debugger_attached_for_a_while(made: Cluster) -> None:
    pod = made["reviews"].pod
    pod["spec"]["ephemeralContainers"] = [{"name": "debugger", "image": "docker.example/busybox:1", "tty": True}]
    over = ended("Error", 130, ago(minutes=7))
    pod["status"]["ephemeralContainerStatuses"] = [
        {"name": "debugger", "ready": False, "restartCount": 0, "state": over}
    ]


@tempting()
def pods_ready_by_gates_of_their_own(made: Cluster) -> None:
    for pod in made["portal"].pods:
        gate = "target-health.elbv2.k8s.aws/portal"
        pod["spec"]["readinessGates"] = [{"conditionType": gate}]
        pod["status"]["conditions"].append({"type": gate, "status": "True"})


@tempting()
def spread_over_zones_as_wanted(made: Cluster) -> None:
    spread = {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule"}
    chosen = {**spread, "labelSelector": {"matchLabels": {"app": "portal"}}}
    for held in (made["portal"].workload["spec"]["template"], *made["portal"].pods):
        held["spec"]["topologySpreadConstraints"] = [chosen]


@tempting()
def revisions_of_a_serverless_platform_at_rest(made: Cluster) -> None:
    for name in ("thumbnails-00001", "thumbnails-00002"):
        state = {"conditions": told(Ready="True", Active="False")}
        made.add(resource("Revision", name, status=state))
    held = made.keep(deploy("thumbnails-00002-deployment", replicas=1))
    made.drop(*held.pods)
    held.workload["spec"]["replicas"], held.workload["status"] = 0, {"observedGeneration": 3}
    held.sets[0]["spec"]["replicas"], held.sets[0]["status"] = 0, {"replicas": 0}
    made.logs = {key: value for key, value in made.logs.items() if "thumbnails" not in key}


@tempting()
def webhooks_in_order(made: Cluster) -> None:
    client = {"service": {"name": "portal", "namespace": NAMESPACE, "port": 80}, "caBundle": "LS0t"}
    hook = {"name": "check.example", "failurePolicy": "Fail", "clientConfig": client, "timeoutSeconds": 5}
    for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        held = resource(kind, "check", webhooks=[hook])
        held["metadata"].pop("namespace")
        made.add(held)


@tempting()
def a_queue_with_its_consumers(made: Cluster) -> None:
    app = made.keep(stateful("queue", program("queue", port=5672), replicas=3))
    assert app.service
    made.add(app.service, endpoints(app.service, app.pods))
    for number in range(3):
        bind(made, f"data-queue-{number}")
    for name in ("notices", "fines"):
        address = {"name": "AMQP_URL", "value": "amqp://library:***@queue:5672/books"}
        for held in (made[name].container, *(pod["spec"]["containers"][0] for pod in made[name].pods)):
            held["env"] = [*held["env"], address]


@tempting(start=Cluster)
def forty_workloads_of_one_team(made: Cluster) -> None:
    made.add(*(machine(f"worker-{number}") for number in range(1, 5)))
    for number in range(40):
        app = made.keep(deploy(f"service-{number:02d}", replicas=1 + number % 3))
        assert app.service
        made.add(app.service, endpoints(app.service, app.pods))
        app.pod["status"]["containerStatuses"][0]["restartCount"] = number % 4


@tempting()
def a_program_listens_where_no_port_is_declared(made: Cluster) -> None:
    silent: Document = program("catalog")
    silent.pop("ports")
    for probe in ("readinessProbe", "livenessProbe"):
        silent[probe] = {"httpGet": {"path": "/healthz", "port": 8080}}
    made.find("Service", "catalog")["spec"]["ports"][0]["targetPort"] = 8080
    for held in (made["catalog"].workload["spec"]["template"], *made["catalog"].pods):
        held["spec"]["containers"] = [silent]


@tempting()
def pods_of_high_priority_took_the_place_of_others(made: Cluster) -> None:
    made.add(resource("PriorityClass", "critical", value=100000))
    gone = made.tell(
        made["fines"].pod, "Preempted", "Preempted by pod on node worker-1", ago(minutes=35), kind="Normal"
    )
    gone["involvedObject"] |= {"name": "fines-5d9c7b6f4-zzzzz", "uid": "gone"}
