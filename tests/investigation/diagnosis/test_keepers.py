"""Whoever changes an object by hand is told who would put it back."""

import pytest

from tests.investigation.worlds import Document, deployment, exited, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.keepers import keeper
from tocsin.investigation.diagnosis.reference import Subject

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
        ({"managedFields": [{"manager": "kubectl-edit"}]}, ""),
    ],
)
def test_a_keeper_is_known_by_its_marks(metadata: Document, tool: str) -> None:
    held = Inventory(parse_snapshot(scene(kept(**metadata)))).get(CART)
    assert held
    assert keeper(held) == tool


def test_a_change_of_a_kept_object_says_so_before() -> None:
    managed = kept(annotations={"meta.helm.sh/release-name": "shop"})
    [first] = diagnose(parse_snapshot(scene(KILLED, managed))).hypotheses
    assert first.commands[0].before.endswith("Helm manages it: change it there too, or it will be put back")


def test_a_rollout_that_led_to_a_kill_is_taken_back_first() -> None:
    changed = [{"at": "2026-03-01T11:50:00Z", "about": {"kind": "Deployment", "namespace": "shop", "name": "cart"}}]
    [first] = diagnose(parse_snapshot(scene(KILLED, kept(), changes=changed))).hypotheses
    assert [command.argv[3] for command in first.commands[:2]] == ["rollout", "set"]
