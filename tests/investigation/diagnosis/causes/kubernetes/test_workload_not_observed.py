"""A workload whose specification no controller has read."""

from typing import Any

from tests.investigation.worlds import deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.workload_not_observed import workload_not_observed


def changed(at: str) -> dict[str, Any]:
    made = deployment()
    made["metadata"] |= {"generation": 9, "managedFields": [{"manager": "kubectl-edit", "time": at}]}
    made["status"]["observedGeneration"] = 8
    return made


FIRES = scene(changed("2026-03-01T11:40:00Z"), pod())

QUIET = scene(changed("2026-03-01T11:59:30Z"), pod())


def test_says_for_how_long() -> None:
    [found] = look(workload_not_observed, FIRES)
    told = "cart was changed 20 min ago, and no controller has looked: it is at generation 9, its status at 8"
    assert found.summary == told


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("workload-not-observed", "high")
