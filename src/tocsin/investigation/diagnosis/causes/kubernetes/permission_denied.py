"""A service account that may not do what its application asks of the API."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.access.permissions import (
    DENIED,
    Denial,
    allows,
    bindings,
    denial,
    misbound,
    role,
)
from tocsin.investigation.diagnosis.reading.nodes.control_plane import refusals
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.signals import bothers, cite_complaint, complaints
from tocsin.investigation.diagnosis.world import World, cite_event

_OTHERWISE = ("container-crash", "credentials-refused")


@cause("security", modes=("sec.rbac_denied",), needs=("Pod", "logs"))
def permission_denied(world: World) -> Iterator[Finding]:
    """An application asks the API server for something that its service account may not do.

    A role lacks the verb or the resource, no binding names the account, or a binding names a role that is gone or the
    account of another namespace. Operators and controllers then stall; others crash when they start.

    When it is wrong: the application asks for more than it needs and goes on without it.
    """
    for subject, cite in _refusals(world):
        refused = denial(str(cite.value))
        if refused is None:
            continue
        why, place, cites = _why(world, refused)
        for other in _OTHERWISE:
            yield Finding(subject, "the API server says why", [cite], against=other)
        yield Finding(
            place,
            f"{subject.name} may not {refused} as {refused.account.name}: {why}",
            cites=[cite, *cites],
            felt_by=[subject],
            remedies=[*_remedies(world, refused, place), _asked(refused)],
        )


def _refusals(world: World) -> Iterator[tuple[Subject, Citation]]:
    for pod, container, line in complaints(world, DENIED.replace('"', r"\\*\""), hint="system:serviceaccount:"):
        if bothers(world, container, line):
            yield world.controller(pod), cite_complaint(container, line)
    for event in refusals(world):
        if "system:serviceaccount:" in event.message:
            yield world.controller(event.about), cite_event(event, STRONG)


def _why(world: World, refused: Denial) -> tuple[str, Subject, list[Citation]]:
    """Say what is missing, where to change it, and what shows it; without roles to read, the account itself is named."""
    if not {"Role", "ClusterRole"} & world.inventory.kinds:
        return "its roles were not read", refused.account, []
    held = list(bindings(world, refused))
    for binding in held:
        given = role(world, binding)
        if given.kind in world.inventory.kinds and world.inventory.get(given) is None:
            return (
                f"{binding.kind} {binding.name} gives {given.kind} {given.name}, which does not exist",
                binding.subject,
                [binding.cite("roleRef", CONCLUSIVE)],
            )
    roles = [found for binding in held if (found := world.inventory.get(role(world, binding)))]
    if any(allows(found, refused) for found in roles):
        return "its roles allow it by now", refused.account, []
    if roles:
        return (
            f"{roles[0].kind} {roles[0].name} does not allow it",
            roles[0].subject,
            [roles[0].cite("rules", CONCLUSIVE)],
        )
    if slipped := misbound(world, refused.account):
        told = f"{slipped.kind} {slipped.name} names the account of another namespace"
        return told, slipped.subject, [slipped.cite("subjects", CONCLUSIVE)]
    account = world.inventory.get(refused.account)
    return "no binding names it", refused.account, [account.cite("metadata/name", MODERATE)] if account else []


def _remedies(world: World, refused: Denial, place: Subject) -> Sequence[Command]:
    """Return the rule to add to a role; nothing to type where a binding or a role has to be made first."""
    held: Resource | None = world.inventory.get(place)
    if held is None or place.kind not in ("Role", "ClusterRole"):
        return ()
    rule = {"apiGroups": [refused.group], "resources": [refused.resource], "verbs": [refused.verb]}
    rules = list(held.parts("rules"))
    return (
        patch(
            place,
            f"/rules/{len(rules)}" if rules else "/rules",
            None,
            rule if rules else [rule],
            purpose=f"allow {refused.account.name} to {refused}",
            before="the application needs it, and nobody else who has this role gets too much by it",
            verify=Verify(_asked(refused).argv, "yes"),
        ),
    )


def _asked(refused: Denial) -> Command:
    account = f"system:serviceaccount:{refused.account.namespace}:{refused.account.name}"
    what = f"{refused.resource}.{refused.group}" if refused.group else refused.resource
    scope = Subject("Namespace", refused.scope, "")
    words = ("auth", "can-i", refused.verb, what, f"--as={account}")
    return look(*words, *([] if refused.scope else ["-A"]), of=scope, purpose="ask the API server whether it may")
