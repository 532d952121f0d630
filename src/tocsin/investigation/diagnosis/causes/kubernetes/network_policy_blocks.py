"""A network policy that drops what a caller sends to a Service."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.network.calls import Pair, pairs, said, target_ports
from tocsin.investigation.diagnosis.reading.network.policies import INGRESS, Block, Connection, blocked, guards
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.network import allow
from tocsin.investigation.diagnosis.resources import Pod, Resource, Service
from tocsin.investigation.diagnosis.world import World

_LONG = timedelta(days=1)


@cause("network", modes=("net.netpol_ingress",), needs=("NetworkPolicy", "Pod", "Service"))
def network_policy_blocks(world: World) -> Iterator[Finding]:
    """Network policies drop what the callers of a Service send to its pods.

    A pod that any policy selects for a direction may be reached, or may send, only as some policy allows. Packets that
    none allows are dropped without an answer, so callers time out while every object looks well.

    When it is wrong: the cluster's network does not enforce policies, or the pods are meant to be closed.
    """
    policies = world.of("NetworkPolicy")
    if not policies:
        return
    known = set[Subject]()
    for pair in pairs(world):
        block = _block(world, policies, pair) if any(pod.ready for pod in pair.callees) else None
        signs = _signs(world, pair) if block else []
        if block and (signs or not _reached(world, pair.service)):
            known.add(pair.service.subject)
            yield _dropped(world, pair, block, signs)
    for service in world.services:
        if service.subject not in known:
            yield from _closed(world, policies, service)


def _block(world: World, policies: Sequence[Resource], pair: Pair) -> Block | None:
    """Return what drops every way from the caller to the Service, None when one is open."""
    blocks = [
        blocked(Connection(caller, callee, number, protocol), policies, lambda name: _labels(world, name))
        for caller in pair.callers
        for callee in pair.callees
        for number, protocol in target_ports(pair.service, callee)
    ]
    return blocks[0] if blocks and all(blocks) else None


def _labels(world: World, namespace: str) -> Mapping[str, str] | None:
    held = world.inventory.get(Subject("Namespace", "", namespace))
    return held.labels if held else None


def _dropped(world: World, pair: Pair, block: Block, signs: Sequence[Citation]) -> Finding:
    policy = _latest(world, block.policies)
    what = "lets nobody in from" if block.direction == INGRESS else "lets nothing out from"
    rules = f"spec/{block.direction.lower()}"
    weight = STRONG if signs and not _old(world, policy) else MODERATE
    return Finding(
        policy.subject,
        f"network policy {policy.name} {what} {pair.caller.name} to service {pair.service.name}",
        cites=[
            policy.cite(rules, weight),
            *(other.cite(rules, weight) for other in block.policies if other is not policy),
            pair.callers[0].cite("metadata/labels", WEAK),
            *signs,
        ],
        felt_by=[pair.caller, pair.service.subject],
        remedies=[_look(policy), allow(policy, block.direction, pair)],
    )


def _signs(world: World, pair: Pair) -> list[Citation]:
    """Cite that the call fails: a prober that was not let in, or a line of the caller about it."""
    tried = [cite for port in pair.service.ports for cite in world.unreached(pair.service.name, port.number("port"))]
    return [*said(world, pair.callers, rf"\b{re.escape(pair.service.name)}\b"), *tried]


def _closed(world: World, policies: Sequence[Resource], service: Service) -> Iterator[Finding]:
    """Yield the policy that lets nobody at all in to a Service that somebody tried, where no caller is known."""
    pods: Sequence[Pod] = world.selected(service)
    serving = any(pod.ready for pod in pods)
    closing = [policy for policy in policies if serving and all(guards(policy, pod, INGRESS) for pod in pods)]
    opened = any(guards(policy, pod, INGRESS) and policy.get("spec/ingress") for policy in policies for pod in pods)
    if not closing or opened or _reached(world, service):
        return
    tried = [cite for port in service.ports for cite in world.unreached(service.name, port.number("port"))]
    if not tried:
        return
    policy = _latest(world, closing)
    yield Finding(
        policy.subject,
        f"network policy {policy.name} lets nobody through to the pods of service {service.name}",
        cites=[
            policy.cite("spec/ingress", MODERATE if _old(world, policy) else STRONG),
            service.cite("spec/selector", WEAK),
            *tried,
        ],
        felt_by=[service.subject],
        remedies=[_look(policy)],
    )


def _reached(world: World, service: Service) -> bool:
    return any(world.reached(service.name, port.number("port")) for port in service.ports)


def _latest(world: World, policies: Sequence[Resource]) -> Resource:
    """Return the policy that was changed last: the others were there while it worked."""

    def order(policy: Resource) -> tuple[float, str]:
        at = _changed(world, policy)
        return (at.timestamp() if at else 0.0, policy.name)

    return max(policies, key=order)


def _changed(world: World, policy: Resource) -> datetime | None:
    return world.edits[policy.subject].at if policy.subject in world.edits else policy.created


def _old(world: World, policy: Resource) -> bool:
    """Tell whether a policy was there long before: trouble of today seldom began with it."""
    return world.snapshot.beyond(_changed(world, policy), _LONG)


def _look(policy: Resource) -> Command:
    return look("get", "networkpolicies", "-o", "yaml", of=policy.subject, purpose="read all policies together")
