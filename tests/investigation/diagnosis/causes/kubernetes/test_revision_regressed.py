"""A new revision that complains where the old one does not."""

from typing import Any

from tests.investigation.worlds import container, deployment, logs, look, pod, replicaset, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.revision_regressed import revision_regressed


def of(revision: int) -> dict[str, Any]:
    held = container(image=f"cart:{revision}")
    held[1]["state"] = {"running": {"startedAt": "2026-03-01T11:40:00Z"}}
    made = pod("cart", held)
    made["metadata"]["name"] = f"cart-7f9c4{revision}-x2x1q"
    made["metadata"]["ownerReferences"][0]["name"] = f"cart-7f9c4{revision}"
    return made


SETS = [replicaset(revision=n, containers=[{"name": "app", "image": f"cart:{n}"}]) for n in (1, 2)]
ERROR = "2026-03-01T11:59:00Z ERROR checkout: unexpected null in price"
FINE = "2026-03-01T11:59:00Z GET / 200"
ERRORS = [ERROR] * 3
SPEAK = logs(of(1), FINE, run="current") | logs(of(2), *ERRORS, run="current")
BOTH = logs(of(1), *ERRORS, run="current") | logs(of(2), *ERRORS, run="current")
FIRES = scene(deployment(replicas=2), *SETS, of(1), of(2), logs=SPEAK)

QUIET = scene(deployment(replicas=2), *SETS, of(1), of(2), logs=BOTH)


def test_says_what_differs_and_goes_back() -> None:
    [found] = look(revision_regressed, FIRES)
    assert (
        "revision 2 of cart reports errors, revision 1 does not: containers.app.image: cart:1 → cart:2" in found.summary
    )
    assert "--to-revision=1" in found.remedies[0].argv


def test_one_bad_request_is_no_bad_revision() -> None:
    once = logs(of(1), FINE, run="current") | logs(of(2), ERROR, run="current")
    assert look(revision_regressed, scene(deployment(replicas=2), *SETS, of(1), of(2), logs=once)) == []


def test_is_not_sure_by_words_alone() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label == "high") == ("revision-regressed", False)
