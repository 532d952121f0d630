"""A network that has no address left for new pods."""

from tests.investigation.worlds import deployment, event, look, node, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.pod_addresses_used_up import pod_addresses_used_up

SAID = (
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a1b":'
    ' plugin type="bridge" failed (add): no IP addresses available in range set: 10.1.0.1-10.1.0.254'
)
NEW = pod("cart", waiting("ContainerCreating"), phase="Pending")
FIRES = scene(NEW, deployment(ready=0), node(podCIDR="10.1.0.0/24"), event(NEW, "FailedCreatePodSandBox", SAID))

OTHER = SAID.replace("no IP addresses available in range set", "cannot open the store")
QUIET = scene(NEW, deployment(ready=0), node(podCIDR="10.1.0.0/24"), event(NEW, "FailedCreatePodSandBox", OTHER))


def test_names_node_and_range() -> None:
    [found] = look(pod_addresses_used_up, FIRES)
    assert found.summary.startswith(
        "no address is left for 1 new pods on worker-1 (0 pods run there, range 10.1.0.0/24)"
    )
