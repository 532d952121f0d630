"""Who keeps an object as it is written elsewhere: what that changes in the advice."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.changes.releases import helm_revisions
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import target
from tocsin.investigation.diagnosis.remedies.releases import pause_argo, pause_flux, roll_back_release
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
# Where the keeper's own object stands, by the mark that names it.
_FLUX = {"kustomize.toolkit.fluxcd.io": "Kustomization", "helm.toolkit.fluxcd.io": "HelmRelease"}
# What Kubernetes itself makes others of; everything else that owns a workload is an operator's.
_BUILT_IN = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController", "Node")
_TELLS = {
    "Argo CD": "change it in its repository too, or it will be put back",
    "Flux": "change it in its repository too, or it will be put back",
    "Helm": "change its values too, or the next upgrade puts it back",
}


class Keeper(NamedTuple):
    """A tool that manages an object, and the object in which it is told how; None where that is not known."""

    tool: str
    source: Subject | None = None

    def __str__(self) -> str:
        told = _TELLS.get(self.tool, "change that instead, or it will be put back")
        named = f"{self.tool} ({self.source.kind} {self.source.name})" if self.source else self.tool
        return f"{named} manages it: {told}"


def keeper(item: Resource, inventory: Inventory) -> Keeper | None:
    """Return the tool that manages an object, or the operator whose resource owns it; None when none is known to."""
    marks = {**item.labels, **item.texts("metadata/annotations")}
    writers = [entry.text("manager") for entry in item.parts("metadata/managedFields")]
    tools = [tool for mark, tool in _MARKS.items() if mark in marks]
    tools += [_WRITERS[writer] for writer in writers if writer in _WRITERS]
    if tools:
        return Keeper(tools[0], _source(tools[0], item, marks, inventory))
    top = inventory.owners(item.subject)[-1]
    if top != item.subject and top.kind not in _BUILT_IN:
        return Keeper(f"the operator of {top.kind}", top)
    return None


def advised(commands: Iterable[Command], subjects: Iterable[Subject], inventory: Inventory) -> tuple[Command, ...]:
    """Return what to type where somebody keeps these objects.

    A command that changes a kept object says before who would put it back; where that happens within minutes, and the
    keeper's own object is stored, pausing it comes first. A rollout that Helm made is taken back by Helm.
    """
    kept = {at: held for at in set(subjects) if (item := inventory.get(at)) and (held := keeper(item, inventory))}
    advice: list[Command] = []
    for command in commands:
        changed = [at for at in sorted(kept) if command.tier != "read-only" and target(at) in command.argv]
        if changed:
            advice += _before(command, kept[changed[0]], inventory)
            told = str(kept[changed[0]])
            command = replace(command, before=f"{command.before}; {told}" if command.before else told)
        advice.append(command)
    return tuple(dict.fromkeys(advice))


def _before(command: Command, held: Keeper, inventory: Inventory) -> Iterator[Command]:
    source = inventory.get(held.source) if held.source else None
    if source and held.tool == "Argo CD":
        yield from pause_argo(source)
    elif source and held.tool == "Flux":
        yield from pause_flux(source)
    elif held.source and held.tool == "Helm" and "undo" in command.argv:
        yield from roll_back_release(held.source, helm_revisions(inventory, held.source))


def _source(tool: str, item: Resource, marks: Mapping[str, str], inventory: Inventory) -> Subject | None:
    """Return the object in which a tool is told what to keep: an Application, a Kustomization or HelmRelease, a release."""
    if tool == "Helm" and (name := marks.get("meta.helm.sh/release-name")):
        return Subject("Release", marks.get("meta.helm.sh/release-namespace", item.namespace), name)
    if tool == "Flux":
        for group, kind in _FLUX.items():
            if name := marks.get(f"{group}/name"):
                return Subject(kind, marks.get(f"{group}/namespace", item.namespace), name)
    if tool == "Argo CD":
        tracked = marks.get("argocd.argoproj.io/tracking-id", "").partition(":")[0]
        name = tracked or marks.get("argocd.argoproj.io/instance", "")
        return next((held.subject for held in inventory.of("Application") if held.name == name), None)
    return None
