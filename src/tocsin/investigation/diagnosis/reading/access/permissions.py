"""What the API server refused to a service account, and what its roles allow (rbac.authorization.k8s.io/v1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

# As the API server words a refusal; the same in every client's log.
DENIED = (
    r'User "system:serviceaccount:(?P<namespace>[a-z0-9-]+):(?P<account>[a-z0-9.-]+)" cannot (?P<verb>[a-z*]+) resource'
    r' "(?P<resource>[a-z0-9./*-]+)" in API group "(?P<group>[a-z0-9.-]*)"(?: in the namespace "(?P<scope>[a-z0-9-]+)")?'
)
_PATTERN = re.compile(DENIED.replace('"', r"\\*\""))


@dataclass(frozen=True, slots=True)
class Denial:
    """A refused request: who may not do what to which resource of which API group; `scope` is "" for the whole cluster."""

    account: Subject
    verb: str
    resource: str
    group: str
    scope: str

    def __str__(self) -> str:
        where = f"in {self.scope}" if self.scope else "in the whole cluster"
        return f"{self.verb} {self.resource}{f'.{self.group}' if self.group else ''} {where}"


def denial(text: str) -> Denial | None:
    """Read a refusal out of a text, None when there is none of a service account."""
    found = _PATTERN.search(text)
    if not found:
        return None
    account = Subject("ServiceAccount", found["namespace"], found["account"])
    return Denial(account, found["verb"], found["resource"], found["group"], found["scope"] or "")


def bindings(world: World, refused: Denial) -> Iterator[Resource]:
    """Yield the bindings that hold for an account where it was refused."""
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        for binding in world.inventory.of(kind):
            if binding.namespace in ("", refused.scope) and any(
                _names(part, refused.account) for part in _subjects(binding)
            ):
                yield binding


def role(world: World, binding: Resource) -> Subject:
    """Return the role that a binding gives."""
    kind = binding.text("roleRef/kind")
    return Subject(kind, binding.namespace if kind == "Role" else "", binding.text("roleRef/name"))


def allows(held: Resource, refused: Denial) -> bool:
    """Tell whether a rule of a role allows what was refused."""
    return any(
        _has(rule, "verbs", refused.verb)
        and _has(rule, "resources", refused.resource)
        and _has(rule, "apiGroups", refused.group)
        for rule in held.parts("rules")
        if not rule.words("resourceNames")
    )


def misbound(world: World, account: Subject) -> Resource | None:
    """Return a binding that names an account of the same name in another namespace: a common slip."""
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        for binding in world.inventory.of(kind):
            for part in _subjects(binding):
                other = part.text("namespace")
                same = part.text("kind") == "ServiceAccount" and part.text("name") == account.name
                if same and other != account.namespace and binding.namespace in ("", account.namespace):
                    return binding
    return None


def _subjects(binding: Resource) -> Iterator[Part]:
    return binding.parts("subjects")


def _names(part: Part, account: Subject) -> bool:
    if part.text("kind") == "ServiceAccount":
        return (part.text("name"), part.text("namespace")) == (account.name, account.namespace)
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{account.namespace}", "system:authenticated")
    return part.text("kind") == "Group" and part.text("name") in groups


def _has(rule: Part, field: str, wanted: str) -> bool:
    return wanted in rule.words(field) or "*" in rule.words(field)
