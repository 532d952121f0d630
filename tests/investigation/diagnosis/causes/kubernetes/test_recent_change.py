"""Something that was changed shortly before it failed."""

from tests.investigation.worlds import container, deployment, exited, look, meta, pod, replicaset, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.recent_change import recent_change

CHANGED = {
    "about": {"kind": "Deployment", "namespace": "shop", "name": "cart"},
    "at": "2026-03-01T06:00:00Z",
    "by": "kubectl-edit",
    "field": "DB_HOST",
    "old": "a",
    "new": "b",
}
FIRES = scene(pod("cart", exited("Error", 1)), deployment(ready=0), changes=[CHANGED])

QUIET = scene(pod(), deployment(), changes=[CHANGED])


def test_tells_when_who_and_what() -> None:
    [found, *_] = look(recent_change, FIRES)
    assert found.summary == "cart fails; Deployment/shop/cart changed 6 h before, by kubectl-edit: DB_HOST: a → b"


def test_compares_the_templates_of_two_revisions() -> None:
    old = replicaset(revision=1, containers=[{"name": "app", "image": "cart:1"}])
    new = replicaset(revision=2, containers=[{"name": "app", "image": "cart:2"}])
    [found] = look(recent_change, scene(old, new, deployment(ready=0)))
    assert found.summary.endswith("by revision 2: containers.app.image: cart:1 → cart:2")


def test_looks_at_the_configuration_that_the_pods_read() -> None:
    reads = pod("cart", exited("Error", 1, envFrom=[{"configMapRef": {"name": "conf"}}]))
    conf = meta("ConfigMap", "conf")
    conf["metadata"]["managedFields"] = [{"manager": "kubectl-edit", "time": "2026-03-01T09:00:00Z"}]
    [found] = look(recent_change, scene(reads, conf, deployment(ready=0)))
    assert "ConfigMap/shop/conf changed 3 h before, by kubectl-edit" in found.summary


def test_leaves_a_rollout_alone_that_has_only_begun() -> None:
    edit = CHANGED | {"at": "2026-03-01T11:58:30Z"}
    starts = [container(ready=False), waiting("ContainerCreating"), exited("Error", 1)]
    worlds = [scene(pod("cart", held), deployment(replicas=2, ready=1), changes=[edit]) for held in starts]
    assert [bool(look(recent_change, world)) for world in worlds] == [False, False, True]


def test_a_change_of_which_nothing_is_known_weighs_less() -> None:
    vague = deployment(ready=0)
    vague["metadata"]["managedFields"] = [{"manager": "kubectl-edit", "time": "2026-03-01T06:00:00Z"}]
    [told], [untold] = (look(recent_change, world) for world in (FIRES, scene(pod("cart", exited("Error", 1)), vague)))
    assert untold.cites[0].weight < told.cites[0].weight
