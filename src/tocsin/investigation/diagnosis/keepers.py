"""Who keeps an object as it is written elsewhere: a change by hand is put back by such a tool."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import target
from tocsin.investigation.diagnosis.resources import Resource

# Labels and annotations that these tools document, and the names under which they write (metadata.managedFields).
_MARKS: Mapping[str, str] = {
    "argocd.argoproj.io/instance": "Argo CD",
    "argocd.argoproj.io/tracking-id": "Argo CD",
    "kustomize.toolkit.fluxcd.io/name": "Flux",
    "helm.toolkit.fluxcd.io/name": "Flux",
    "meta.helm.sh/release-name": "Helm",
}
_WRITERS: Mapping[str, str] = {
    "argocd-controller": "Argo CD",
    "argocd-application-controller": "Argo CD",
    "kustomize-controller": "Flux",
    "helm-controller": "Flux",
    "helm": "Helm",
}


def keeper(item: Resource) -> str:
    """Return the tool that manages an object, empty when none is known to."""
    marks = {**item.labels, **item.texts("metadata/annotations")}
    writers = [entry.text("manager") for entry in item.parts("metadata/managedFields")]
    tools = [tool for mark, tool in _MARKS.items() if mark in marks]
    tools += [_WRITERS[writer] for writer in writers if writer in _WRITERS]
    return tools[0] if tools else ""


def warned(command: Command, subjects: Iterable[Subject], inventory: Inventory) -> Command:
    """Say before a command that changes one of these objects who would put it back."""
    changed = [at for at in sorted(set(subjects)) if command.tier != "read-only" and target(at) in command.argv]
    tools = [tool for at in changed if (held := inventory.get(at)) and (tool := keeper(held))]
    if not tools:
        return command
    told = f"{tools[0]} manages it: change it there too, or it will be put back"
    return replace(command, before=f"{command.before}; {told}" if command.before else told)
