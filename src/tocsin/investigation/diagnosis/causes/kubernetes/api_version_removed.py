"""A manifest of a kind or version that the cluster does not know."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.reading.changes.deliveries import refusals
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_UNKNOWN = re.compile(
    r'no matches for kind "(?P<kind>\w+)" in version "(?P<version>[^"]+)"'
    r"|could not find (?P<group>[\w.-]+/\w+) for requested resource"
)


@cause("admission", modes=("admit.api_removed",))
def api_version_removed(world: World) -> Iterator[Finding]:
    """Something is to be applied, or is looked for, of a kind and version that the API server does not serve.

    Kubernetes drops old versions of its kinds with its own upgrades. Kinds of others are only there once their
    CustomResourceDefinition is installed.

    When it is wrong: the definition was installed a moment ago, and who asked does not know yet.
    """
    for refusal in refusals(world):
        if found := _UNKNOWN.search(refusal.text):
            text = (
                f"{refusal.subject.kind} {refusal.subject.name} cannot be applied: the cluster has no {_named(found)}"
            )
            looks = _looks(refusal.subject)
            yield Finding(refusal.subject, text, [refusal.cite(CONCLUSIVE)], looks, felt_by=refusal.brings)
    for pod, container, line in complaints(world, _UNKNOWN.pattern):
        if (found := _UNKNOWN.search(line.text)) and not (container.ready and pod.ready):
            at = world.controller(pod)
            text = f"{container.name} in {pod.name} looks for {_named(found)}, which the cluster does not have"
            yield Finding(at, text, [line.cite(CONCLUSIVE)], _looks(at))


def _named(found: re.Match[str]) -> str:
    return f"{found['kind']} in version {found['version']}" if found["kind"] else found["group"]


def _looks(subject: Subject) -> list[Command]:
    return [look("api-resources", of=subject, purpose="see which kinds and versions the cluster has")]
