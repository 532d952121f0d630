"""An Ingress that no controller looks after."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.remedies.command import Command, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, look, target
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

_DEFAULT = "metadata/annotations/ingressclass.kubernetes.io~1is-default-class"
_OLD = "metadata/annotations/kubernetes.io~1ingress.class"
_FIELD = "spec/ingressClassName"


@cause("ingress", modes=("ing.class_missing",), needs=("Ingress", "IngressClass"))
def ingress_class_missing(world: World) -> Iterator[Finding]:
    """An Ingress names a class that does not exist, or names none where no class is the default.

    Controllers look only after Ingresses of their own class. This one gets no address and serves nothing, and no event
    says so.

    When it is wrong: a controller looks after Ingresses without a class, or goes by the old annotation alone.
    """
    if not world.knows("IngressClass"):
        return
    classes = world.of("IngressClass")
    names = [held.name for held in classes]
    for ingress in world.of("Ingress"):
        named = ingress.text(_FIELD)
        if any(ingress.parts("status/loadBalancer/ingress")) or ingress.text(_OLD) or named in names:
            continue
        if named or not any(held.text(_DEFAULT) == "true" for held in classes):
            told = (
                f"names the class {named}, which does not exist" if named else "names no class, and none is the default"
            )
            yield Finding(
                ingress.subject,
                f"ingress {ingress.name} {told}; there is {', '.join(names) or 'none'}",
                cites=_cites(ingress, named, classes),
                felt_by=[edge.target for edge in world.topology.needs(ingress.subject) if edge.relation == "routes to"],
                remedies=_remedies(ingress, named, names),
            )


def _cites(ingress: Resource, named: str, classes: Sequence[Resource]) -> list[Citation]:
    own = ingress.cite(_FIELD if named else "spec", CONCLUSIVE if named else MODERATE)
    return [own, *(held.cite("metadata/name", MODERATE) for held in classes[:3] if named)]


def _remedies(ingress: Resource, named: str, names: Sequence[str]) -> list[Command]:
    seen = look("get", "ingressclasses", of=ingress.subject, purpose="see which classes there are")
    if len(names) != 1:
        return [seen]
    served = Verify(kubectl("get", target(ingress.subject), of=ingress.subject), "an address under ADDRESS")
    purpose, before = f"give {ingress.name} to the class {names[0]}", "that controller is meant to serve it"
    return [
        patch(ingress.subject, f"/{_FIELD}", named or None, names[0], purpose=purpose, before=before, verify=served),
        seen,
    ]
