"""Whoever changes an object by hand is told who would put it back."""

import json
from typing import Any

import pytest

from tests.investigation.worlds import Document, deployment, exited, meta, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.keepers import keeper
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command

CART = Subject("Deployment", "shop", "cart")
KILLED = pod("cart", exited("OOMKilled", 137, resources={"limits": {"memory": "64Mi"}}))


def kept(**metadata: object) -> Document:
    made: Document = deployment(ready=0)
    made["metadata"] |= metadata
    return made


@pytest.mark.parametrize(
    ("metadata", "tool"),
    [
        ({"managedFields": [{"manager": "argocd-controller"}]}, "Argo CD"),
        ({"annotations": {"argocd.argoproj.io/tracking-id": "shop"}}, "Argo CD"),
        ({"labels": {"kustomize.toolkit.fluxcd.io/name": "shop"}}, "Flux"),
        ({"annotations": {"meta.helm.sh/release-name": "shop"}}, "Helm"),
        ({"ownerReferences": [{"kind": "Database", "name": "cart", "controller": True}]}, "the operator of Database"),
    ],
)
def test_a_keeper_is_known_by_its_marks(metadata: Document, tool: str) -> None:
    inventory = Inventory(parse_snapshot(scene(kept(**metadata))))
    held = inventory.get(CART)
    assert held
    found = keeper(held, inventory)
    assert found
    assert found.tool == tool


def test_an_object_that_people_edit_has_no_keeper() -> None:
    inventory = Inventory(parse_snapshot(scene(kept(managedFields=[{"manager": "kubectl-edit"}]))))
    held = inventory.get(CART)
    assert held
    assert keeper(held, inventory) is None


def advice(*items: Document, **sections: Any) -> tuple[Command, ...]:
    [first] = diagnose(parse_snapshot(scene(KILLED, *items, **sections))).hypotheses
    return first.commands


def test_a_change_of_a_kept_object_says_so_before() -> None:
    [first, *_] = advice(kept(annotations={"meta.helm.sh/release-name": "shop"}))
    assert first.before.endswith(
        "Helm (Release shop) manages it: change its values too, or the next upgrade puts it back"
    )


def test_argo_cd_is_paused_first() -> None:
    application = meta("Application", "shop") | {"spec": {"syncPolicy": {"automated": {"selfHeal": True}}}}
    [first, second, *_] = advice(kept(annotations={"argocd.argoproj.io/tracking-id": "shop:apps"}), application)
    assert first.argv[3:5] == ("patch", "application/shop")
    assert first.undo
    assert json.loads(first.undo.argv[-1])[0]["value"] == {"selfHeal": True}
    assert second.argv[3] == "set"


def test_flux_is_suspended_first() -> None:
    source = meta("Kustomization", "apps") | {"spec": {}}
    [first, *_] = advice(kept(labels={"kustomize.toolkit.fluxcd.io/name": "apps"}), source)
    assert first.argv[4:6] == ("kustomizations.kustomize.toolkit.fluxcd.io/apps", "--type=merge")


def test_a_release_of_helm_goes_back_to_the_revision_that_served() -> None:
    states = {"5": "superseded", "6": "failed", "7": "deployed"}
    marks = [{"owner": "helm", "name": "shop", "version": number, "status": state} for number, state in states.items()]
    secrets = [meta("Secret", f"v{held['version']}", labels=held) for held in marks]
    changed = [{"at": "2026-03-01T11:50:00Z", "about": {"kind": "Deployment", "namespace": "shop", "name": "cart"}}]
    [first, *_] = advice(kept(annotations={"meta.helm.sh/release-name": "shop"}), *secrets, changes=changed)
    assert first.argv == ("helm", "-n", "shop", "rollback", "shop", "5")
    assert first.undo
    assert first.undo.argv[-1] == "7"


def test_a_rollout_that_led_to_a_kill_is_taken_back_first() -> None:
    changed = [{"at": "2026-03-01T11:50:00Z", "about": {"kind": "Deployment", "namespace": "shop", "name": "cart"}}]
    [first] = diagnose(parse_snapshot(scene(KILLED, kept(), changes=changed))).hypotheses
    assert [command.argv[3] for command in first.commands[:2]] == ["rollout", "set"]
