"""Pods of one node whose sandboxes were all made anew."""

from typing import Any

from tests.investigation.worlds import container, deployment, event, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.pods_restarted_together import pods_restarted_together


def back(app: str, *, ready: bool = True) -> dict[str, Any]:
    held = container(restarts=1, ready=ready)
    held[1]["lastState"] = {"terminated": {"reason": "Unknown", "exitCode": 255, "finishedAt": "2026-03-01T11:58:00Z"}}
    return pod(app, held)


def changed(app: str) -> dict[str, Any]:
    return event(back(app), "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")


DEPLOYED = (deployment("cart"), deployment("web", ready=0))
STARTS = back("web", ready=False)
FIRES = scene(back("cart"), STARTS, changed("cart"), changed("web"), *DEPLOYED)

QUIET = scene(back("cart"), STARTS, changed("web"), *DEPLOYED)


def test_where_all_are_back_it_is_history() -> None:
    assert look(pods_restarted_together, scene(back("cart"), back("web"), changed("cart"), changed("web"))) == []


def test_names_the_node_that_they_share() -> None:
    [found] = look(pods_restarted_together, FIRES)
    assert found.summary == "2 pods on node worker-1 were started anew together: their sandboxes were lost"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, str(first.subject)) == ("pods-restarted-together", "Node/worker-1")
