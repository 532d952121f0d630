"""A node whose kube-proxy does not run."""

from tests.investigation.worlds import exited, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.kube_proxy_down import kube_proxy_down

OTHER = {"node": "worker-2", "service": "kube-proxy", "active": True, "state": "active (running)"}
DOWN = {"node": "worker-1", "service": "kube-proxy", "active": False, "state": "inactive (dead)"}
FIRES = scene(pod(), node_services=[OTHER, DOWN])

QUIET = scene(pod(), node_services=[OTHER, DOWN | {"active": True, "state": "active (running)"}])


def test_names_the_node_and_its_pods() -> None:
    [found] = look(kube_proxy_down, FIRES)
    assert found.summary.startswith("kube-proxy on worker-1 is inactive (dead): its 1 pods do not learn")


def test_is_sure_only_where_other_nodes_use_it() -> None:
    sure, doubted = (diagnose(parse_snapshot(scene(pod(), node_services=told))) for told in ([OTHER, DOWN], [DOWN]))
    assert sure.hypotheses[0].confidence_label == "high"
    assert doubted.hypotheses[0].confidence_label != "high"


def test_a_pod_of_the_system_may_be_the_kube_proxy() -> None:
    agent = pod("kube-proxy", exited("Error", 1, name="kube-proxy"))
    agent["metadata"] |= {"namespace": "kube-system", "labels": {"k8s-app": "kube-proxy"}}
    [found] = look(kube_proxy_down, scene(agent, pod()))
    assert found.summary.startswith("kube-proxy on worker-1 is CrashLoopBackOff: its 2 pods do not learn")
