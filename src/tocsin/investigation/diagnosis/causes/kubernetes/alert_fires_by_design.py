"""An alert that fires although nothing is wrong."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World

# Components that clouds run out of sight: nothing there can be asked for metrics.
_HIDDEN = (
    "KubeSchedulerDown",
    "KubeControllerManagerDown",
    "KubeProxyDown",
    "etcdMembersDown",
    "etcdInsufficientMembers",
)
_CLOUDS = {
    "eks.amazonaws.com/": "EKS",
    "cloud.google.com/gke-": "GKE",
    "kubernetes.azure.com/": "AKS",
    "doks.digitalocean.com/": "DOKS",
}


@cause("monitoring", modes=("obs.watchdog",))
def alert_fires_by_design(world: World) -> Iterator[Finding]:
    """The alert fires by design, or cannot do otherwise: nothing is wrong with what it names.

    Watchdog fires always, so that its silence is noticed; InfoInhibitor only silences others. On managed clusters the
    provider runs scheduler, controllers and etcd out of sight, so that rules which ask for them find nothing.

    When it is wrong: somebody gave another rule the same name.
    """
    alert = world.snapshot.alert
    name = alert.labels.get("alertname", alert.title)
    field = "labels/alertname" if "alertname" in alert.labels else "title"
    subject = Subject("Alert", "", name)
    # A light weight: the answer stays "healthy", and this says why the alert fires all the same.
    asked = Citation(f"alert#/{field}", name, MODERATE, subject)
    if alert.by_design:
        yield Finding(subject, f"{name} fires always, by design: nothing is wrong", [asked])
    elif name in _HIDDEN:
        for node in world.nodes[:1]:
            mark = next(
                ((label, cloud) for label in node.labels for key, cloud in _CLOUDS.items() if label.startswith(key)),
                None,
            )
            if mark:
                yield Finding(
                    subject,
                    f"{name} cannot do otherwise: on {mark[1]} the provider runs that component out of sight",
                    cites=[asked, node.cite(f"metadata/labels/{mark[0].replace('/', '~1')}", STRONG)],
                    remedies=[
                        look("get", "nodes", "--show-labels", of=node.subject, purpose="see who runs the cluster")
                    ],
                )
