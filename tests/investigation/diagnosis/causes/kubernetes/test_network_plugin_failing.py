"""A network plugin that cannot connect new pods."""

from tests.investigation.worlds import deployment, event, look, node, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.network_plugin_failing import network_plugin_failing

SAID = (
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a1b":'
    ' plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized'
)
NEW = pod("cart", waiting("ContainerCreating"), phase="Pending")
FIRES = scene(NEW, deployment(ready=0), node(), event(NEW, "FailedCreatePodSandBox", SAID))

QUIET = scene(pod("cart"), deployment(), node(), event(NEW, "FailedCreatePodSandBox", SAID))


def test_blames_the_node_and_quotes_the_plugin() -> None:
    [found] = look(network_plugin_failing, FIRES)
    assert str(found.subject) == "Node/worker-1"
    assert 'get no network: plugin type="calico" failed (add)' in found.summary


def test_names_the_plugin_pod_that_is_down() -> None:
    plugin = pod("calico-node", waiting("CrashLoopBackOff"))
    plugin["metadata"]["ownerReferences"] = [{"kind": "DaemonSet", "name": "calico-node", "controller": True}]
    plugin["metadata"]["name"] = "calico-node-x2x1q"
    [found] = look(network_plugin_failing, scene(NEW, plugin, node(), event(NEW, "FailedCreatePodSandBox", SAID)))
    assert found.summary.endswith("calico-node-x2x1q is not ready")
