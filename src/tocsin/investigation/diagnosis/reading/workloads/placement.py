"""Where a pod may run: node selectors, required node affinity, tolerations. Rules as in the scheduler's own filters."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from fractions import Fraction

from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.quantity import whole
from tocsin.investigation.diagnosis.resources import Node, Pod, Resource

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_VOLUME_TERMS = "spec/nodeAffinity/required/nodeSelectorTerms"
_CONTROLLING = ("control-plane", "master")
_HOSTNAME = "kubernetes.io/hostname"
_TERMS = f"spec/affinity/nodeAffinity/{_REQUIRED}/nodeSelectorTerms"

_OPERATORS: Mapping[str, Callable[[str | None, tuple[str, ...]], bool]] = {
    "In": lambda held, wanted: held in wanted,
    "NotIn": lambda held, wanted: held not in wanted,
    "Exists": lambda held, _: held is not None,
    "DoesNotExist": lambda held, _: held is None,
    "Gt": lambda held, wanted: _numbers(held, wanted) and int(held or 0) > int(wanted[0]),
    "Lt": lambda held, wanted: _numbers(held, wanted) and int(held or 0) < int(wanted[0]),
}


def wants_labels(pod: Pod) -> bool:
    """Tell whether a pod asks for labels of its node at all."""
    return bool(pod.texts("spec/nodeSelector")) or any(pod.parts(_TERMS))


def suits(pod: Pod, node: Node) -> bool:
    """Tell whether a node has the labels that a pod requires."""
    if any(node.labels.get(key) != value for key, value in pod.texts("spec/nodeSelector").items()):
        return False
    return _any_matches(node, list(pod.parts(_TERMS)))


def reaches(volume: Resource, node: Node) -> bool:
    """Tell whether a volume can be used on a node; one that says nothing can be used everywhere."""
    return _any_matches(node, list(volume.parts(_VOLUME_TERMS)))


def hosts(volume: Resource) -> tuple[str, ...]:
    """Return the names of the nodes to which a volume is tied; none for one that is tied to a zone, or to nothing."""
    rules = [rule for term in volume.parts(_VOLUME_TERMS) for rule in term.parts("matchExpressions")]
    return tuple(host for rule in rules if rule.text("key") == _HOSTNAME for host in rule.words("values"))


def wanted(pod: Pod) -> str:
    """Say which labels a pod requires of its node."""
    pairs = [f"{key}={value}" for key, value in sorted(pod.texts("spec/nodeSelector").items())]
    for term in pod.parts(_TERMS):
        rules = term.parts("matchExpressions")
        pairs += [
            f"{rule.text('key')} {rule.text('operator')} {'/'.join(rule.words('values'))}".strip() for rule in rules
        ]
    return ", ".join(pairs)


def tolerates(pod: Pod, taint: Part) -> bool:
    """Tell whether a pod tolerates a taint."""
    return any(_covers(toleration, taint) for toleration in pod.parts("spec/tolerations"))


def names_its_node(pod: Pod) -> bool:
    """Tell whether a pod waits on a node that it named itself: no scheduler chose it, and no kubelet took the pod on."""
    taken = pod.text("status/startTime") or any(pod.parts("status/containerStatuses")) or pod.condition("PodScheduled")
    return bool(pod.node) and pod.phase in ("", "Pending") and not taken


def controls(node: Node) -> bool:
    """Tell whether a node is of the control plane, by the labels of kubeadm and of older installers."""
    return node.labels.get("kubernetes.io/role") in _CONTROLLING or any(
        f"node-role.kubernetes.io/{role}" in node.labels for role in _CONTROLLING
    )


def holds(pod: Pod, node: Node, resource: str) -> bool:
    """Tell whether an empty node would have room for what a pod requests; taken for granted where it does not say."""
    room = node.allocatable(resource)
    return room is None or requested(pod, resource) <= room


def requested(pod: Pod, resource: str) -> Fraction:
    """Return what a pod's containers request of a resource together, in base units."""
    amounts = (held.amount("requests", resource) for held in pod.containers if not held.init)
    return sum((amount for amount in amounts if amount), Fraction(0))


def nearest(pod: Pod, nodes: Sequence[Node]) -> tuple[str, str, str] | None:
    """Return a node selector's key, its value and the most similar one that a node has; None where none is similar."""
    for key, value in sorted(pod.texts("spec/nodeSelector").items()):
        held = sorted({node.labels[key] for node in nodes if key in node.labels})
        if value not in held and (close := get_close_matches(value, held, 1)):
            return key, value, close[0]
    return None


def _covers(toleration: Part, taint: Part) -> bool:
    if toleration.text("effect") not in ("", taint.text("effect")):
        return False
    if toleration.text("operator") == "Exists":
        return toleration.text("key") in ("", taint.text("key"))
    return toleration.text("key") == taint.text("key") and toleration.text("value") == taint.text("value")


def _any_matches(node: Node, terms: Sequence[Part]) -> bool:
    """Tell whether a node matches one of the terms in full; where there are none, every node does.

    The only field that can be matched is the name, by which the pods of a DaemonSet are bound to their nodes.
    """
    return not terms or any(
        all(_matches(node.labels.get(rule.text("key")), rule) for rule in term.parts("matchExpressions"))
        and all(_matches(node.name, rule) for rule in term.parts("matchFields"))
        for term in terms
    )


def _matches(held: str | None, rule: Part) -> bool:
    operator = _OPERATORS.get(rule.text("operator"))
    return operator is not None and operator(held, rule.words("values"))


def _numbers(held: str | None, wanted: tuple[str, ...]) -> bool:
    return held is not None and whole(held) is not None and len(wanted) == 1 and whole(wanted[0]) is not None
