"""A Deployment whose rollout is paused half way."""

from typing import Any

from tests.investigation.worlds import deployment, look, pod, replicaset, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.rollout_paused import rollout_paused

ALERT = {"title": "rollout stuck", "labels": {"namespace": "shop", "deployment": "cart"}}


def paused(updated: int) -> dict[str, Any]:
    made = deployment(replicas=3)
    made["spec"]["paused"] = True
    made["status"]["updatedReplicas"] = updated
    return made


FIRES = scene(paused(1), pod(), alert=ALERT)

QUIET = scene(paused(3), pod(), alert=ALERT)


def test_says_how_far_it_came() -> None:
    [found] = look(rollout_paused, FIRES)
    assert found.summary == "the rollout of cart is paused: 1 of 3 replicas have the new template"
    assert found.remedies[0].argv[3:5] == ("rollout", "resume")


def test_says_what_waits() -> None:
    waits = deployment(containers=[{"name": "app", "image": "cart:2"}])
    waits["spec"]["paused"] = True
    old = replicaset(containers=[{"name": "app", "image": "cart:1"}])
    [found] = look(rollout_paused, scene(waits, old, alert=ALERT))
    assert found.summary == "the rollout of cart is paused: containers.app.image: cart:1 → cart:2 waits"


def test_one_that_nobody_misses_is_no_trouble() -> None:
    assert look(rollout_paused, scene(paused(1), pod())) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("rollout-paused", "high")
