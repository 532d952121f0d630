"""The resource that a person names (`pod/cart-7f`, `deploy/cart`, `cart`): read, and found among those of a snapshot."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.investigation.diagnosis import Snapshot, Subject

# Kind -> what people type for it besides its name and its plural. Bare names are looked for in this order.
_KINDS: dict[str, tuple[str, ...]] = {
    "Deployment": ("deploy",),
    "StatefulSet": ("sts",),
    "DaemonSet": ("ds",),
    "CronJob": ("cj",),
    "Job": (),
    "Service": ("svc",),
    "Ingress": ("ing",),
    "ReplicaSet": ("rs",),
    "Pod": ("po",),
    "HorizontalPodAutoscaler": ("hpa",),
    "PersistentVolumeClaim": ("pvc",),
    "ConfigMap": ("cm",),
    "Node": ("no",),
    "Namespace": ("ns",),
}
# What a bare name most likely means; where one of these could not be listed, "there is no such" can't be said.
_PRESUMED = ("Deployment", "StatefulSet", "Pod")
_CLUSTER_WIDE = {"Node", "Namespace"}
_ALIASES = {
    alias: kind
    for kind, short in _KINDS.items()
    for alias in (kind.lower(), kind.lower() + ("es" if kind.endswith("s") else "s"), *short)
}


class ResourceError(ValueError):
    """The resource can't be used; the message is one line that says what to name instead."""


@dataclass(frozen=True, slots=True)
class Named:
    """What was typed: a kind ("" where only a name was given) and a name."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r}" if self.kind else repr(self.name)


def parse_resource(text: str) -> Named:
    """Take `kind/name`, `kind.group/name` or `name` apart. Raises ResourceError for an unknown kind or an empty name."""
    kind_text, slash, name = text.rpartition("/")
    kind = _ALIASES.get(kind_text.partition(".")[0].lower(), "")
    if slash and not kind:
        known = ", ".join(sorted(kind.lower() for kind in _KINDS))
        raise ResourceError(f"unknown kind {kind_text!r} in {text!r}; known are: {known}")
    if not name:
        raise ResourceError(f"{text!r} names no resource; write it as deploy/cart, pod/cart-7f or cart")
    return Named(kind, name)


def find_resource(wanted: Named, namespace: str, subjects: Iterable[Subject]) -> Subject:
    """The one subject that was meant, the most encompassing kind first where only a name was given.

    `namespace` is where to look ("": everywhere). Raises ResourceError when none has this name, naming those like it,
    and when several namespaces have one.
    """
    order = list(_KINDS)
    near = [one for one in subjects if one.kind in _KINDS and (not namespace or one.namespace in {"", namespace})]
    near = [one for one in near if not wanted.kind or one.kind == wanted.kind]
    named = sorted((one for one in near if one.name == wanted.name), key=lambda one: order.index(one.kind))
    homes = sorted({one.namespace for one in named if one.kind == named[0].kind})
    if len(homes) > 1:
        raise ResourceError(f"{wanted} is in the namespaces {', '.join(homes)}; choose one with --namespace")
    if named:
        return named[0]
    where = f" in namespace {namespace}" if namespace and wanted.kind not in _CLUSTER_WIDE else ""
    like = difflib.get_close_matches(wanted.name, {one.name for one in near}, n=3, cutoff=0.5)
    like = like or sorted({one.name for one in near if one.name.startswith(wanted.name)})[:3]
    hint = f"did you mean {' or '.join(like)}?" if like else "name one that is there, or none for the whole namespace"
    raise ResourceError(f"there is no {wanted}{where}; {hint}")


def find_namespace(name: str, snapshot: Snapshot) -> Subject:
    """The namespace as a subject. Raises ResourceError when the snapshot is about others and holds nothing of this one."""
    held = {one.namespace for one in snapshot.by_subject if one.namespace}
    if held and name not in held:
        raise ResourceError(f"nothing of namespace {name} was read; there is {', '.join(sorted(held)[:5])}")
    return Subject("Namespace", "", name)


def presumed_resource(wanted: Named, namespace: str, snapshot: Snapshot) -> Subject | None:
    """What was meant, taken at its word where it could not be looked for; None where `find_resource` can tell."""
    held = snapshot.collected | {one.kind for one in snapshot.by_subject}
    kinds = (wanted.kind,) if wanted.kind else _PRESUMED
    named = any(one.name == wanted.name and one.kind in kinds for one in snapshot.by_subject)
    if named or not snapshot.gaps or all(kind in held for kind in kinds):
        return None
    scope = "" if wanted.kind in _CLUSTER_WIDE else namespace or snapshot.namespace
    return Subject(kinds[0], scope, wanted.name)
