"""Network policies: which pods each guards, and whether a connection from one pod to another is let through.

Semantics as in the NetworkPolicy API (networking.k8s.io/v1): a pod that no policy selects for a direction is open in
that direction; else each connection must be allowed by a rule of some policy. What cannot be told (labels of a
namespace that was not collected, an operator not known, pods on the host's network) counts as let through, so that a
policy is blamed only for what it surely drops.
"""

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.resources import Pod, Resource

INGRESS, EGRESS = "Ingress", "Egress"
# How many pods of each side are compared: replicas of one workload carry the same labels.
_REPLICAS = 3
_DNS_NAMESPACE = "kube-system"
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A connection that is dropped: on which side, and the policies of that side, none of which allows it."""

    direction: str
    policies: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class Connection:
    """What a packet shows: both pods, the number of the callee's port and the protocol."""

    caller: Pod
    callee: Pod
    port: int
    protocol: str = "TCP"


def guards(policy: Resource, pod: Pod, direction: str) -> bool:
    """Tell whether a policy bounds a pod's connections in a direction."""
    if policy.namespace != pod.namespace or pod.get("spec/hostNetwork") or direction not in _directions(policy):
        return False
    return may_select(policy.part("spec/podSelector"), pod.labels, unknown=False)


def blocked(
    connection: Connection, policies: Sequence[Resource], namespaces: Callable[[str], Labels | None]
) -> Block | None:
    """Return what drops a connection, None when it is let through as far as one can tell.

    `namespaces` returns the labels of a namespace, None where they are not known.
    """
    for direction, near, far in (
        (INGRESS, connection.callee, connection.caller),
        (EGRESS, connection.caller, connection.callee),
    ):
        bounding = tuple(policy for policy in policies if guards(policy, near, direction))
        if not bounding or far.get("spec/hostNetwork"):
            continue
        if not any(_lets_through(rule, direction, connection, namespaces) for rule in _rules(bounding, direction)):
            return Block(direction, bounding)
    return None


def closed_to_names(pod: Pod, policies: Sequence[Resource]) -> tuple[Resource, ...]:
    """Return the policies that bound what a pod sends and none of which lets it ask cluster DNS; none when it may."""
    bounding = tuple(policy for policy in policies if guards(policy, pod, EGRESS))
    return () if any(_lets_ask(rule) for rule in _rules(bounding, EGRESS)) else bounding


def may_select(selector: Part | None, labels: Labels, *, unknown: bool = True) -> bool:
    """Tell whether a label selector picks these labels; an empty one picks everything.

    `unknown` is the answer for an operator that is none of the API's.
    """
    if selector is None:
        return True
    wanted = selector.texts("matchLabels")
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_meets(expression, labels, unknown) for expression in selector.parts("matchExpressions"))


def replicas(pods: Sequence[Pod]) -> Sequence[Pod]:
    """Return as many pods of a workload as are worth comparing."""
    return pods[:_REPLICAS]


def _meets(expression: Part, labels: Labels, unknown: bool) -> bool:
    held, values = labels.get(expression.text("key")), expression.words("values")
    match expression.text("operator"):
        case "In":
            return held in values
        case "NotIn":
            return held not in values
        case "Exists":
            return held is not None
        case "DoesNotExist":
            return held is None
    return unknown


def _directions(policy: Resource) -> tuple[str, ...]:
    told = policy.words("spec/policyTypes")
    return told or ((INGRESS, EGRESS) if policy.get("spec/egress") else (INGRESS,))


def _rules(policies: Iterable[Resource], direction: str) -> Iterable[Part]:
    return (rule for policy in policies for rule in policy.parts(f"spec/{direction.lower()}"))


def _lets_through(
    rule: Part, direction: str, connection: Connection, namespaces: Callable[[str], Labels | None]
) -> bool:
    far = connection.caller if direction == INGRESS else connection.callee
    peers = list(rule.parts("from" if direction == INGRESS else "to"))
    if not _has_port(rule, connection.port, connection.protocol, connection.callee):
        return False
    return not peers or any(_is_peer(peer, rule.subject.namespace, far, namespaces) for peer in peers)


def _lets_ask(rule: Part) -> bool:
    """Tell whether an egress rule may let questions through to the DNS pods of the cluster, or to another resolver."""
    if not any(_has_port(rule, 53, protocol, None) for protocol in ("UDP", "TCP")):
        return False
    peers = list(rule.parts("to"))
    return not peers or any(_may_be_dns(peer, rule.subject.namespace) for peer in peers)


def _may_be_dns(peer: Part, home: str) -> bool:
    if peer.part("ipBlock"):
        return True
    if chosen := peer.part("namespaceSelector"):
        return chosen.text("matchLabels/kubernetes.io~1metadata.name") in ("", _DNS_NAMESPACE)
    return home == _DNS_NAMESPACE


def _is_peer(peer: Part, home: str, pod: Pod, namespaces: Callable[[str], Labels | None]) -> bool:
    if block := peer.part("ipBlock"):
        return _within(block, pod.text("status/podIP"))
    if (chosen := peer.part("namespaceSelector")) is None:
        return pod.namespace == home and may_select(peer.part("podSelector"), pod.labels)
    if not may_select(peer.part("podSelector"), pod.labels):
        return False
    labels = namespaces(pod.namespace)
    if labels is None:
        # Every namespace carries its name as a label; others may be there, so only this one can rule it out.
        name = chosen.text("matchLabels/kubernetes.io~1metadata.name")
        return not name or name == pod.namespace
    return may_select(chosen, labels)


def _within(block: Part, address: str) -> bool:
    """Tell whether an address is in a block and in none of its exceptions; an unknown address may be."""
    try:
        held = ipaddress.ip_address(address)
        excluded = any(held in ipaddress.ip_network(cidr, strict=False) for cidr in block.words("except"))
        return held in ipaddress.ip_network(block.text("cidr"), strict=False) and not excluded
    except ValueError:
        return True


def _has_port(rule: Part, number: int, protocol: str, callee: Pod | None) -> bool:
    """Tell whether a rule names a port, by number, range or name; one that names none has all."""
    ports = list(rule.parts("ports"))
    for port in ports:
        first, last = port.get("port"), port.number("endPort")
        if (port.text("protocol") or "TCP") != protocol:
            continue
        if isinstance(first, str):
            first = _named(callee, first) if callee else None
        if first is None and "port" not in port.value:
            return True
        if isinstance(first, int) and first <= number <= (last or first):
            return True
    return not ports


def _named(pod: Pod, name: str) -> int | None:
    ports = (port for container in pod.containers for port in container.ports)
    return next((port.number("containerPort") for port in ports if port.text("name") == name), None)
