"""Remedies on what is between pods: network policies and Services."""

from tocsin.investigation.diagnosis.reading.network.calls import Pair, target_ports
from tocsin.investigation.diagnosis.reading.network.policies import INGRESS
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, target
from tocsin.investigation.diagnosis.remedies.patches import endpoints_there, patch
from tocsin.investigation.diagnosis.resources import Pod, Resource, Workload

# Labels that a controller gives each revision or replica anew.
_PASSING = ("pod-template-hash", "controller-revision-hash", "pod-template-generation")


def allow(policy: Resource, direction: str, pair: Pair) -> Command:
    """Add a rule to a policy that lets a caller through to the ports to which the Service forwards."""
    far, near = pair.callers[0], pair.callees[0]
    side, other = ("from", far) if direction == INGRESS else ("to", near)
    ports = [{"port": number, "protocol": protocol} for number, protocol in target_ports(pair.service, near)]
    rule = {side: [_peer(other, policy.namespace)], "ports": ports}
    return _add(policy, direction, rule, f"let {pair.caller.name} through to {pair.service.name}")


def allow_names(policy: Resource) -> Command:
    """Add a rule to a policy that lets its pods ask for names, wherever the resolver is."""
    rule = {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}
    return _add(policy, "Egress", rule, "let its pods resolve names")


def expose(workload: Workload) -> tuple[Command, ...]:
    """Make a Service of a workload's name for the ports that it declares; nothing to type where it declares none."""
    ports = [number for held in workload.containers for part in held.ports if (number := part.number("containerPort"))]
    if len(set(ports)) != 1 or workload.kind not in ("Deployment", "ReplicaSet"):
        return ()
    name, port = workload.name, str(ports[0])
    service = Subject("Service", workload.namespace, name)
    return (
        Command(
            argv=kubectl("expose", target(workload.subject), f"--name={name}", f"--port={port}", of=service),
            purpose=f"make the service {name} again, on the port that its pods declare",
            tier="reversible",
            before="callers use that port; better apply the manifest that made the service before",
            undo=Undo(kubectl("delete", "service", name, of=service)),
            verify=endpoints_there(service),
        ),
    )


def _add(policy: Resource, direction: str, rule: object, purpose: str) -> Command:
    path = f"spec/{direction.lower()}"
    rules = list(policy.parts(path))
    pointer, new = (f"/{path}/{len(rules)}", rule) if rules else (f"/{path}", [rule])
    old = None if rules or policy.get(path) is None else policy.get(path)
    return patch(
        policy.subject,
        pointer,
        old,
        new,
        purpose=purpose,
        before="whoever wrote the policy agrees that this is to be allowed",
        verify=Verify(
            kubectl("describe", target(policy.subject), of=policy.subject), "the new rule under Allowing traffic"
        ),
    )


def _peer(pod: Pod, home: str) -> dict[str, object]:
    labels = {key: value for key, value in sorted(pod.labels.items()) if key not in _PASSING}
    peer: dict[str, object] = {"podSelector": {"matchLabels": labels}}
    if pod.namespace != home:
        peer["namespaceSelector"] = {"matchLabels": {"kubernetes.io/metadata.name": pod.namespace}}
    return peer
