"""A webhook that converts custom resources and does not answer."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, WEAK, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.nodes.control_plane import heard
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Resource, Service
from tocsin.investigation.diagnosis.world import World

_FAILED = r"conversion webhook for \S+ Kind=\w+ failed: "
_WHAT = re.compile(r"conversion webhook for (?P<group>[\w.-]+)/\w+, Kind=(?P<kind>\w+) failed: (?P<why>.*)")
_SERVICE = "spec/conversion/webhook/clientConfig/service"


@cause("control-plane", modes=("ctrl.crd_conversion",))
def conversion_webhook_failing(world: World) -> Iterator[Finding]:
    """Custom resources of a kind cannot be read, because the webhook that converts between their versions is away.

    The API server asks it whenever somebody wants another version than is stored. The operator that serves it is down,
    or its certificate is not trusted. Lists of that kind fail altogether, and controllers that watch it stall.

    When it is wrong: the operator was only restarting.
    """
    told: Mapping[tuple[str, str], list[tuple[Subject, Citation]]] = defaultdict(list)
    for caller, cite in heard(world, _FAILED, hint="conversion webhook"):
        if found := _WHAT.search(str(cite.value)):
            told[found["group"], found["kind"]].append((caller, cite))
    for (group, kind), sayings in sorted(told.items()):
        held = _definition(world, group, kind)
        subject = held.subject if held else Subject("CustomResourceDefinition", "", f"{kind.lower()}s.{group}")
        said = _WHAT.search(str(sayings[0][1].value))
        yield Finding(
            subject,
            f"{kind} of {group} cannot be read: its conversion webhook fails: {ending(said['why']) if said else ''}",
            cites=[
                *(Citation(cite.ref, cite.value, CONCLUSIVE, cite.about) for _, cite in sayings[:3]),
                *([held.cite("spec/conversion", WEAK)] if held else []),
            ],
            felt_by=sorted({caller for caller, _ in sayings} | _served_by(world, held)),
            remedies=[look("get", "crd", subject.name, "-o", "yaml", of=subject, purpose="see who converts it")],
        )


def _definition(world: World, group: str, kind: str) -> Resource | None:
    definitions = world.inventory.of("CustomResourceDefinition")
    same = (held for held in definitions if held.text("spec/group") == group and held.text("spec/names/kind") == kind)
    return next(same, None)


def _served_by(world: World, definition: Resource | None) -> set[Subject]:
    """Return the Service of the webhook, where it is known."""
    if definition is None:
        return set()
    service = Subject("Service", definition.text(f"{_SERVICE}/namespace"), definition.text(f"{_SERVICE}/name"))
    return {service} if isinstance(world.inventory.get(service), Service) else set()
