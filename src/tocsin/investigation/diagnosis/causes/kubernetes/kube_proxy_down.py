"""A node whose kube-proxy does not run."""

from collections.abc import Iterator
from dataclasses import replace

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG
from tocsin.investigation.diagnosis.reading.nodes.state import pods_on, running, stopped
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.nodes import cordon, look_at_pods, start_service
from tocsin.investigation.diagnosis.remedies.workloads import describe, read_logs
from tocsin.investigation.diagnosis.resources import Pod
from tocsin.investigation.diagnosis.world import World


@cause("network", modes=("net.kube_proxy",), needs=("Pod",))
def kube_proxy_down(world: World) -> Iterator[Finding]:
    """The kube-proxy of a node does not run, so Services lead to the places they led to before.

    It writes the rules that turn a Service's address into that of a pod. Without it the rules stay as they are: new
    Services are not reached from that node, and those whose pods moved lead nowhere, while everything looks well.

    When it is wrong: the cluster does this work in another way (eBPF) and keeps the old service switched off.
    """
    used, off = running(world, "kube-proxy"), list(stopped(world, "kube-proxy"))
    # Switched off on all nodes alike, something else does its work.
    for held in off if used or len(off) == 1 else ():
        others = f"; it runs on {len(used)} other nodes" if used else ""
        yield Finding(
            held.node,
            f"kube-proxy on {held.node.name} is {held.state}: its {len(pods_on(world, held.node))} pods do not learn"
            f" where Services lead{others}",
            cites=[held.cite if used else replace(held.cite, weight=MODERATE)],
            remedies=[
                start_service(held.node, "kube-proxy"),
                cordon(held.node, "Services are out of date there"),
                look_at_pods(held.node),
            ],
        )
    for pod in _agents(world):
        if pod.node and not pod.ready and not pod.leaving:
            node, state = Subject("Node", "", pod.node), _state(pod)
            yield Finding(
                node,
                f"kube-proxy on {pod.node} is {state}: its {len(pods_on(world, node))} pods do not learn where Services lead",
                cites=[pod.cite("status/conditions", STRONG)],
                remedies=[
                    read_logs(pod.subject, "kube-proxy", previous=True),
                    describe(pod.subject),
                    look_at_pods(node),
                ],
            )


def _agents(world: World) -> list[Pod]:
    """Return the pods in which kube-proxy runs where it is no service of the node, as kubeadm and the clouds label them."""
    return [
        pod
        for pod in world.pods
        if pod.namespace == "kube-system" and "kube-proxy" in (pod.labels.get("k8s-app"), pod.labels.get("component"))
    ]


def _state(pod: Pod) -> str:
    waiting = (held.waiting.text("reason") for held in pod.containers if held.waiting)
    return next((reason for reason in waiting if reason), "not ready")
