"""Healthy although an alert says otherwise, or about what nobody should mind."""

from tests.investigation.clusters import Cluster, ago, ended, resource
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import library
from tests.investigation.workloads import deploy
from tests.investigation.worlds import NAMESPACE, Document

# Alerts as the usual rules name them, each with labels of something that is well; "@catalog" stands for a pod of it.
ALERTS: dict[str, dict[str, str]] = {
    "KubePodNotReady": {"pod": "@portal"},
    "KubePodCrashLooping": {"pod": "@catalog", "container": "catalog"},
    "KubeContainerWaiting": {"pod": "@reviews", "container": "reviews"},
    "KubeDeploymentReplicasMismatch": {"deployment": "catalog"},
    "KubeStatefulSetReplicasMismatch": {"statefulset": "cache"},
    "KubeDaemonSetRolloutStuck": {"daemonset": "log-shipper"},
    "KubeHpaMaxedOut": {"horizontalpodautoscaler": "catalog"},
    "KubeQuotaAlmostFull": {"resourcequota": "team", "resource": "limits.memory"},
    "KubePersistentVolumeFillingUp": {"persistentvolumeclaim": "data-database-0"},
    "KubeJobFailed": {"job_name": "overdue-letters-29430"},
    "KubeNodeNotReady": {"node": "worker-2"},
    "KubeletDown": {},
    "KubeSchedulerDown": {},
    "KubeCPUOvercommit": {},
    "NodeFilesystemSpaceFillingUp": {"node": "worker-1", "instance": "worker-1:9100"},
    "TargetDown": {"service": "portal", "job": "portal"},
    "HighErrorRate": {"service": "catalog"},
    "HighLatency": {"ingress": "portal"},
    "ContainerOOMKilled": {"pod": "@media", "container": "media"},
    "DatabaseDown": {"statefulset": "database"},
    "DNSErrors": {"namespace": "kube-system", "deployment": "coredns"},
    "PodDisruptionBudgetAtLimit": {"poddisruptionbudget": "portal"},
    "CertificateExpiringSoon": {"name": "portal-certificate"},
}


def asked_by(title: str) -> bytes:
    """Return the library in good health, with one of the alerts about it."""
    made = library()
    labels = {"namespace": NAMESPACE, **ALERTS[title]}
    names = {f"@{name}": app.pod["metadata"]["name"] for name, app in made.apps.items()}
    alert(made, title, **{label: names.get(value, value) for label, value in labels.items()})
    return made.document()


def alert(made: Cluster, title: str, resource: Document | None = None, **labels: str) -> None:
    """Ask about an alert."""
    made.sections["alert"] = {"title": title, "labels": {"alertname": title, **labels}, "resource": resource}


def named(kind: str, name: str) -> Document:
    """Name an object of the library."""
    return {"kind": kind, "namespace": NAMESPACE, "name": name}


def broken(made: Cluster, namespace: str = "laboratory") -> None:
    """Store a workload of another namespace that crashes for want of memory."""
    app = deploy("experiment", namespace=namespace, replicas=1)
    status = app.pod["status"]["containerStatuses"][0]
    back_off = {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container=experiment"}
    status.update(
        ready=False, restartCount=31, state={"waiting": back_off}, lastState=ended("OOMKilled", 137, ago(minutes=1))
    )
    for condition in app.pod["status"]["conditions"]:
        condition["status"] = "False" if condition["type"] in ("Ready", "ContainersReady") else "True"
    app.workload["status"] |= {"readyReplicas": 0, "availableReplicas": 0, "unavailableReplicas": 1}
    made.keep(app)
    made.tell(app.pod, "BackOff", "Back-off restarting failed container experiment", ago(minutes=1), count=300)


@tempting()
def watchdog_that_always_fires(made: Cluster) -> None:
    alert(made, "Watchdog", severity="none")
    made.sections["namespace"] = None


@tempting()
def alert_about_the_library_where_all_is_well(made: Cluster) -> None:
    alert(made, "KubePodCrashLooping", namespace=NAMESPACE, severity="critical")


@tempting()
def alert_that_is_resolved(made: Cluster) -> None:
    alert(made, "[RESOLVED] HighErrorRate", named("Deployment", "portal"), status="resolved")


@tempting()
def alert_on_a_good_workload_while_another_namespace_fails(made: Cluster) -> None:
    broken(made)
    alert(made, "HighLatency", named("Deployment", "catalog"))


@tempting()
def namespace_in_order_while_another_fails(made: Cluster) -> None:
    broken(made)
    alert(made, "TargetDown", namespace=NAMESPACE)


@tempting()
def image_missing_in_another_namespace(made: Cluster) -> None:
    app = deploy("experiment", namespace="laboratory", replicas=1)
    app.pod["status"]["phase"] = "Pending"
    waits = {"reason": "ImagePullBackOff", "message": 'Back-off pulling image "x": ErrImagePull: not found'}
    app.pod["status"]["containerStatuses"][0].update(ready=False, state={"waiting": waits})
    app.pod["status"]["conditions"][1]["status"] = "False"
    app.workload["status"] |= {"readyReplicas": 0, "unavailableReplicas": 1}
    made.keep(app)
    made.tell(app.pod, "Failed", 'Failed to pull image "x": not found', ago(minutes=2))
    alert(made, "KubeDeploymentReplicasMismatch", named("Deployment", "reviews"))


@tempting("inconclusive")
def alert_about_a_job_that_is_gone(made: Cluster) -> None:
    alert(made, "KubeJobFailed", named("Job", "overdue-letters-29120"))


@tempting("inconclusive")
def alert_about_a_pod_that_was_replaced(made: Cluster) -> None:
    alert(made, "KubePodNotReady", named("Pod", "former-6d5c7b9f48-abcde"))


@tempting()
def alert_whose_title_claims_a_cause(made: Cluster) -> None:
    alert(made, "portal is OOMKilled: memory limit too small, raise it at once", named("Deployment", "portal"))


@tempting()
def alert_that_names_what_calls_the_broken_one_in_words_only(made: Cluster) -> None:
    broken(made)
    alert(made, "experiment down", named("Service", "portal"), summary="experiment in laboratory is down")


@tempting()
def alerts_that_fire_everywhere_and_always(made: Cluster) -> None:
    made.sections["alerts"] = [
        {"title": "Watchdog", "starts_at": ago(days=80)},
        {"title": "InfoInhibitor", "labels": {"severity": "none"}},
        {
            "title": "CPUThrottlingHigh",
            "labels": {"severity": "info", "namespace": "laboratory"},
            "text": ["26% throttling"],
        },
        {"title": "KubeQuotaAlmostFull", "labels": {"severity": "info", "namespace": NAMESPACE}},
        {"title": "KubePodCrashLooping", "labels": {"namespace": "laboratory", "pod": "experiment-1"}},
    ]


@tempting()
def changes_in_the_journal_that_broke_nothing(made: Cluster) -> None:
    made.sections["changes"] = [
        {
            "about": named("Deployment", name),
            "at": ago(minutes=minutes),
            "by": "kubectl-edit",
            "field": "/spec/template/spec/containers/0/env/0/value",
            "old": "info",
            "new": "debug",
        }
        for minutes, name in enumerate(("portal", "catalog", "reviews", "loans"), 4)
    ]
    made.sections["changes"].append(
        {"about": named("ConfigMap", "settings"), "at": ago(minutes=9), "by": "helm", "summary": "changed"}
    )


@tempting()
def resource_of_the_alert_is_a_good_node(made: Cluster) -> None:
    made.sections["alert"] = {"title": "NodeClockSkew", "resource": {"kind": "Node", "name": "worker-1"}}


@tempting()
def a_customer_complains_in_a_ticket(made: Cluster) -> None:
    text = "The portal is down!!! database connection refused, please restart the database NOW"
    made.sections["alert"] = {"title": text, "labels": {"namespace": NAMESPACE, "source": "tickets"}}


@tempting()
def pods_of_kinds_that_nobody_knows(made: Cluster) -> None:
    made.add(resource("Widget", "w1", status={"phase": "Failed", "error": "OOMKilled", "conditions": []}))
    alert(made, "WidgetsOdd", named("Deployment", "media"))
