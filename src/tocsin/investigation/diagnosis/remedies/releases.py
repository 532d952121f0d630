"""Remedies on what rolls out by itself: pausing Argo CD and Flux, taking a Helm release back."""

import json
from collections.abc import Sequence
from typing import Any

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.resources import Resource

# States of a Helm revision that served once.
_SERVED = ("superseded", "deployed")


def pause_argo(application: Resource) -> tuple[Command, ...]:
    """Stop an Argo CD Application from syncing by itself; nothing to type where it doesn't."""
    automated = application.get("spec/syncPolicy/automated")
    if automated is None:
        return ()
    at = application.subject
    return (
        patch(
            at,
            "/spec/syncPolicy/automated",
            automated,
            None,
            purpose=f"stop Argo CD from putting {at.name} back while you repair it",
            before="nobody else is releasing through this application now",
            verify=Verify(_path(at, "{.spec.syncPolicy.automated}"), "nothing"),
        ),
    )


def pause_flux(source: Resource) -> tuple[Command, ...]:
    """Suspend a Flux Kustomization or HelmRelease; nothing to type where it is suspended."""
    if source.get("spec/suspend") is True:
        return ()
    at = source.subject
    return (
        Command(
            argv=_suspend(at, suspended=True),
            purpose=f"stop Flux from putting {at.name} back while you repair it",
            tier="reversible",
            before=f"nobody else is releasing through this {at.kind} now",
            undo=Undo(_suspend(at, suspended=False)),
            verify=Verify(_path(at, "{.spec.suspend}"), "true"),
        ),
    )


def roll_back_release(release: Subject, revisions: Sequence[tuple[int, str]]) -> tuple[Command, ...]:
    """Return a Helm release to its latest revision that served before the present one; nothing where none is stored."""
    if len(revisions) < 2:
        return ()
    now = revisions[-1][0]
    served = [number for number, state in revisions[:-1] if state in _SERVED]
    if not served:
        return ()

    def helm(*words: str) -> tuple[str, ...]:
        return ("helm", "-n", release.namespace, *words)

    return (
        Command(
            argv=helm("rollback", release.name, str(served[-1])),
            purpose=f"return release {release.name} to revision {served[-1]}",
            tier="reversible",
            before=f"helm -n {release.namespace} history {release.name} shows that revision {served[-1]} was good",
            undo=Undo(helm("rollback", release.name, str(now))),
            verify=Verify(helm("status", release.name), "STATUS: deployed"),
        ),
    )


def _suspend(at: Subject, *, suspended: bool) -> tuple[str, ...]:
    value: dict[str, Any] = {"spec": {"suspend": suspended}}
    return kubectl("patch", _named(at), "--type=merge", "-p", json.dumps(value), of=at)


def _path(at: Subject, path: str) -> tuple[str, ...]:
    return kubectl("get", _named(at), "-o", f"jsonpath={path}", of=at)


def _named(at: Subject) -> str:
    """Return a custom resource as kubectl takes it; Flux's kinds share their names with others, so their group is said."""
    groups = {
        "Kustomization": "kustomizations.kustomize.toolkit.fluxcd.io",
        "HelmRelease": "helmreleases.helm.toolkit.fluxcd.io",
    }
    return f"{groups.get(at.kind, at.kind.lower())}/{at.name}"
