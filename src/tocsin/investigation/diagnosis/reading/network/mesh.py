"""The service mesh: which pods have its proxy, whom its policies select, and where its routes lead."""

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod, Resource, selects
from tocsin.investigation.diagnosis.world import World

# Policies in Istio's root namespace hold for the whole mesh.
ROOT = "istio-system"
PROXIES = ("istio-proxy", "linkerd-proxy")
_AMBIENT = "ambient.istio.io/redirection"
_DECLINED = ("disabled", "false")


def in_mesh(pod: Pod) -> bool:
    """Tell whether a pod's traffic goes through the mesh: by a proxy of its own, or by that of its node."""
    redirected = pod.texts("metadata/annotations").get(_AMBIENT) == "enabled"
    return redirected or any(container.name in PROXIES for container in pod.containers)


def selected_by(policy: Resource, pod: Pod) -> bool:
    """Tell whether a policy of the mesh holds for a pod: by its selector, else for its namespace, else for all."""
    labels = policy.texts("spec/selector/matchLabels")
    if labels and not selects(labels, pod.labels):
        return False
    return policy.namespace in (pod.namespace, ROOT)


def wants_proxy(world: World, pod: Pod) -> str:
    """Return the label of the namespace that asks for a proxy in each of its pods; empty where the pod declines it."""
    declined = {**pod.texts("metadata/annotations"), **pod.labels}
    if declined.get("sidecar.istio.io/inject") in _DECLINED or declined.get("linkerd.io/inject") in _DECLINED:
        return ""
    if pod.get("spec/hostNetwork"):
        return ""
    namespace = world.inventory.get(Subject("Namespace", "", pod.namespace))
    if namespace is None:
        return ""
    if namespace.labels.get("istio-injection") == "enabled":
        return "istio-injection"
    return "istio.io/rev" if namespace.labels.get("istio.io/rev") else ""
