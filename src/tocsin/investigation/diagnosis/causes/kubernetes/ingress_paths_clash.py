"""Two Ingresses that claim the same path of the same host."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Part
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

_OLD = "metadata/annotations/kubernetes.io~1ingress.class"
_CANARY = "metadata/annotations/nginx.ingress.kubernetes.io~1canary"
_Claim = tuple[Resource, Part, str]


@cause("ingress", modes=("ing.misroute",), needs=("Ingress",))
def ingress_paths_clash(world: World) -> Iterator[Finding]:
    """Two Ingresses of one class send the same host and path to different Services.

    Only one of them can win, mostly the older. What the other one was made for is answered by a Service that does not
    know it, with 404 or foreign content, while every object looks well.

    When it is wrong: the controller merges them by weight or header (a canary), or one is kept back on purpose.
    """
    for (host, path), claims in sorted(_claims(world).items()):
        services = sorted({service for _, _, service in claims})
        if len(services) < 2:
            continue
        newest, backend, service = max(claims, key=_age)
        other = next(held for held in claims if held[2] != service)
        now = world.snapshot.captured_at
        made = f", made {ago(newest.created, now)} before" if newest.created and now else ""
        yield Finding(
            newest.subject,
            f"ingress {newest.name}{made} sends {host}{path} to {service}, but ingress {other[0].name} sends it to {other[2]}",
            cites=[backend.cite("", STRONG), other[1].cite("", STRONG)],
            felt_by=[other[0].subject],
            remedies=[look("get", "ingresses", "-o", "yaml", of=newest.subject, purpose="read all paths together")],
        )


def _claims(world: World) -> Mapping[tuple[str, str], list[_Claim]]:
    """Return who claims which path of which host, by class; canaries are meant to share."""
    claims: dict[tuple[str, str], list[_Claim]] = defaultdict(list)
    classes: dict[tuple[str, str], str] = {}
    for ingress in world.of("Ingress"):
        if ingress.text(_CANARY) == "true" or ingress.leaving:
            continue
        belongs = ingress.text("spec/ingressClassName") or ingress.text(_OLD)
        for rule in ingress.parts("spec/rules"):
            for path in rule.parts("http/paths"):
                at = (rule.text("host"), path.text("path") or "/")
                backend = path.part("backend")
                service = f"{ingress.namespace}/{path.text('backend/service/name')}"
                if backend and at[0] and classes.setdefault(at, belongs) == belongs:
                    claims[at].append((ingress, backend, service))
    return claims


def _age(claim: _Claim) -> tuple[float, str]:
    made = claim[0].created
    return (made.timestamp() if made else 0.0, claim[0].name)
