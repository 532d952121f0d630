"""A node whose kubelet is too old for the cluster."""

from typing import Any

from tests.investigation.worlds import deployment, look, node, pod, scene, waiting
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.kubelet_version_skew import kubelet_version_skew


def runs(name: str, version: str) -> dict[str, Any]:
    made = node(name)
    made["status"]["nodeInfo"] = {"kubeletVersion": version}
    return made


FAILS = (pod("cart", waiting("ContainerCreating")), deployment(ready=0))
FIRES = scene(runs("worker-1", "v1.28.9"), runs("worker-2", "v1.32.1-gke.5"), *FAILS)

QUIET = scene(runs("worker-1", "v1.29.9"), runs("worker-2", "v1.32.1-gke.5"), *FAILS)


def test_names_both_versions() -> None:
    [found] = look(kubelet_version_skew, FIRES)
    assert found.summary == "node worker-1 runs kubelet v1.28.9, worker-2 v1.32.1-gke.5; 1 pods fail there"


def test_an_old_node_on_which_all_is_well_is_none() -> None:
    assert look(kubelet_version_skew, scene(runs("worker-1", "v1.28.9"), runs("worker-2", "v1.32.1"), pod())) == []


def test_ranks_first_where_nothing_else_explains_it() -> None:
    assert diagnose(parse_snapshot(FIRES)).hypotheses[0].cause == "kubelet-version-skew"
