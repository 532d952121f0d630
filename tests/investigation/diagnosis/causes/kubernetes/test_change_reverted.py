"""A change by hand that a tool put back."""

from typing import Any

from tests.investigation.worlds import container, deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.change_reverted import change_reverted


def change(at: str, by: str, old: str, new: str) -> dict[str, Any]:
    about = {"kind": "Deployment", "namespace": "shop", "name": "cart"}
    return {"about": about, "at": at, "by": by, "field": "/spec/replicas", "old": old, "new": new}


MENDED = change("2026-03-01T11:30:00Z", "kubectl-edit", "1", "3")
BACK = change("2026-03-01T11:33:00Z", "argocd-controller", "3", "1")
FAILS = (deployment(ready=0), pod("cart", container(ready=False)))
FIRES = scene(*FAILS, changes=[MENDED, BACK])

QUIET = scene(*FAILS, changes=[MENDED, BACK | {"by": "kubectl-edit"}])


def test_tells_who_put_what_back() -> None:
    [found] = look(change_reverted, FIRES)
    told = "Argo CD put replicas of cart back 27 min ago, from 3 to 1, after kubectl-edit had changed it"
    assert found.summary == told


def test_where_all_is_well_the_tool_was_right() -> None:
    assert look(change_reverted, scene(deployment(), pod(), changes=[MENDED, BACK])) == []


def test_ranks_first() -> None:
    assert diagnose(parse_snapshot(FIRES)).hypotheses[0].cause == "change-reverted"
