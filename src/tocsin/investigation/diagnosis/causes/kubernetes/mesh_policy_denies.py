"""A policy of the service mesh that refuses a caller."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.network.calls import Pair, pairs, said
from tocsin.investigation.diagnosis.reading.network.mesh import ROOT, in_mesh, selected_by
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

# Envoy's answers: an authorization policy said no; a connection without mutual TLS was closed.
_DENIED = r"RBAC: access denied"
_CLOSED = (
    r"upstream connect error or disconnect/reset before headers|connection reset by peer|unexpected EOF|EOF$"
    r"|reset reason: (?:connection termination|remote connection failure)|Connection reset|socket hang up"
)


@cause("network", modes=("net.mesh_mtls",), needs=("Pod", "Service"))
def mesh_policy_denies(world: World) -> Iterator[Finding]:
    """A policy of the service mesh refuses what a caller sends to a Service.

    `PeerAuthentication` STRICT closes connections that come without mutual TLS, as from pods without the mesh's proxy.
    An `AuthorizationPolicy` answers 403 to callers that it does not list. Pods and endpoints are all well.

    When it is wrong: the caller is refused by the application itself.
    """
    strict = [held for held in world.inventory.of("PeerAuthentication") if held.text("spec/mtls/mode") == "STRICT"]
    rules = world.inventory.of("AuthorizationPolicy")
    for pair in pairs(world) if strict or rules else ():
        callee, caller = pair.callees[0], pair.callers[0]
        closing = next((held for held in strict if selected_by(held, callee)), None)
        if closing and in_mesh(callee) and not in_mesh(caller) and (signs := said(world, pair.callers, _CLOSED)):
            yield _finding(closing, pair, "demands mutual TLS, which it has no proxy for", "spec/mtls/mode", signs)
        denying = [
            held for held in rules if selected_by(held, callee) and held.text("spec/action") in ("", "ALLOW", "DENY")
        ]
        if denying and (signs := said(world, pair.callers, _DENIED)):
            yield _finding(_nearest(denying), pair, "does not let it call", "spec", signs)


def _finding(policy: Resource, pair: Pair, why: str, path: str, signs: Sequence[Citation]) -> Finding:
    return Finding(
        policy.subject,
        f"{policy.kind} {policy.name} refuses {pair.caller.name} at service {pair.service.name}: it {why}",
        cites=[policy.cite(path, STRONG), pair.callers[0].cite("spec/containers", MODERATE), *signs],
        felt_by=[pair.caller, pair.service.subject],
        remedies=[look("get", target(policy.subject), "-o", "yaml", of=policy.subject, purpose="read the policy")],
    )


def _nearest(policies: Sequence[Resource]) -> Resource:
    """Return the policy that speaks of the pods most closely: one with a selector before one for all."""
    return max(policies, key=lambda held: (bool(held.mapping("spec/selector")), held.namespace != ROOT, held.name))
