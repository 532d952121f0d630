"""What each rollout changed."""

from tests.investigation.worlds import Document, event, meta, replicaset, snapshot
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.workloads.revisions import former_image, rollouts
from tocsin.investigation.diagnosis.reference import Subject

CART = Subject("Deployment", "shop", "cart")


def revision(number: int, image: str, made_at: str = "2026-03-01T11:00:00Z") -> Document:
    return replicaset(revision=number, made_at=made_at, containers=[{"name": "app", "image": image}])


def test_the_latest_step_is_told() -> None:
    [rollout] = rollouts(Inventory(snapshot(revision(1, "a"), revision(2, "b"), revision(3, "c"))))
    assert (rollout.workload, rollout.number, [str(one) for one in rollout.moved]) == (
        CART,
        3,
        ["containers.app.image: b → c"],
    )


def test_going_back_counts_from_when_the_old_replica_set_grew_again() -> None:
    old = revision(3, "a", made_at="2026-02-01T11:00:00Z")
    grew = event(
        meta("Deployment", "cart"), "ScalingReplicaSet", f"Scaled up replica set {old['metadata']['name']} to 1 from 0"
    )
    [rollout] = rollouts(Inventory(snapshot(revision(2, "b"), old, meta("Deployment", "cart"), grew)))
    assert rollout.at.isoformat() == "2026-03-01T11:59:00+00:00"


def test_a_restart_moves_nothing() -> None:
    assert list(rollouts(Inventory(snapshot(revision(1, "a"), revision(2, "a"))))) == []


def test_a_stateful_set_has_controller_revisions() -> None:
    held = []
    for number, image in ((1, "a"), (2, "b")):
        made = meta("ControllerRevision", f"db-{number}")
        made["metadata"]["ownerReferences"] = [{"kind": "StatefulSet", "name": "db", "controller": True}]
        template = {"spec": {"containers": [{"name": "app", "image": image}]}}
        held.append(made | {"revision": number, "data": {"spec": {"template": template}}})
    [rollout] = rollouts(Inventory(snapshot(*held)))
    assert rollout.workload == Subject("StatefulSet", "shop", "db")
    assert former_image(Inventory(snapshot(*held)), rollout.workload, "app", "b") == "a"
