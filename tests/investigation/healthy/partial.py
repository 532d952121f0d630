"""Healthy as far as anybody looked, and not called so where too little was read."""

from tests.investigation.clusters import Cluster, ago
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import library
from tests.investigation.worlds import Document


def glimpse() -> Cluster:
    """Return the library as one sees it who cannot say of what everything was listed."""
    made = library()
    made.sections.pop("collected")
    return made


def only(made: Cluster, *kinds: str) -> None:
    """Leave nothing but the objects of some kinds."""
    made.objects = [held for held in made.objects if held["kind"] in kinds]
    made.logs.clear()


@tempting("inconclusive", start=glimpse)
def only_pods_were_read(made: Cluster) -> None:
    only(made, "Pod")


@tempting("inconclusive", start=glimpse)
def only_deployments_were_read(made: Cluster) -> None:
    only(made, "Deployment")


@tempting("inconclusive", start=glimpse)
def only_services_and_their_slices_were_read(made: Cluster) -> None:
    only(made, "Service", "EndpointSlice")


@tempting("inconclusive", start=glimpse)
def only_events_were_read_and_all_are_normal(made: Cluster) -> None:
    for pod in made["portal"].pods:
        for reason in ("Scheduled", "Pulled", "Created", "Started", "Killing"):
            made.tell(pod, reason, f"{reason} container portal", ago(minutes=5), kind="Normal")
    only(made)


@tempting("inconclusive", start=glimpse)
def no_log_was_read(made: Cluster) -> None:
    made.logs.clear()


@tempting("inconclusive", start=glimpse)
def nothing_but_logs_was_read(made: Cluster) -> None:
    made.sections["objects"] = None


@tempting(start=glimpse)
def nodes_and_secrets_were_refused(made: Cluster) -> None:
    made.objects = [held for held in made.objects if held["kind"] not in ("Node", "PersistentVolume", "StorageClass")]
    refused = ("nodes", "persistentvolumes", "storageclasses", "secrets")
    made.sections["gaps"] = [{"what": what, "why": "403 from the API server", "section": "objects"} for what in refused]


@tempting(start=glimpse)
def configuration_was_not_read_at_all(made: Cluster) -> None:
    made.objects = [
        held for held in made.objects if held["kind"] not in ("ConfigMap", "ServiceAccount", "ResourceQuota")
    ]
    for app in made.apps.values():
        for held in (app.workload["spec"].get("template", {}), *app.pods):
            _mount(held)


def _mount(held: Document) -> None:
    if spec := held.get("spec"):
        spec["volumes"] = [{"name": "settings", "configMap": {"name": "settings"}}, *spec.get("volumes", ())]
        spec["serviceAccountName"] = "library"


@tempting(start=glimpse)
def services_were_not_read(made: Cluster) -> None:
    made.objects = [held for held in made.objects if held["kind"] not in ("Service", "EndpointSlice", "Endpoints")]


@tempting("inconclusive", start=glimpse)
def pods_were_not_read_but_all_else(made: Cluster) -> None:
    made.objects = [held for held in made.objects if held["kind"] != "Pod"]


@tempting(start=glimpse)
def statuses_of_workloads_were_left_out(made: Cluster) -> None:
    for held in made.objects:
        if held["kind"] in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"):
            held.pop("status")


@tempting(start=glimpse)
def no_time_anywhere(made: Cluster) -> None:
    made.sections["captured_at"] = None
    for held in made.objects:
        held["metadata"].pop("creationTimestamp")


@tempting(start=glimpse)
def logs_cut_in_the_middle_of_a_line(made: Cluster) -> None:
    for app in made.apps.values():
        for pod in app.pods:
            made.log(pod, "ror: nothing to do\nINFO err", "INFO listening", "INFO conn")


@tempting("inconclusive", start=glimpse)
def an_empty_namespace(made: Cluster) -> None:
    made.objects, made.logs, made.events = [], {}, []
    made.sections["collected"] = ["Pod", "Deployment", "Service", "StatefulSet", "Job"]
