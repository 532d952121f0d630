"""A node that runs out of something."""

from tests.investigation.worlds import look, node, scene
from tocsin.investigation.diagnosis.causes.kubernetes.node_under_pressure import node_under_pressure


def pressed(status: str) -> dict[str, object]:
    made = node()
    made["status"] = {"conditions": [{"type": "DiskPressure", "status": status}]}
    return made


FIRES = scene(pressed("True"))

QUIET = scene(pressed("False"))


def test_names_what_runs_out() -> None:
    [found, *_] = look(node_under_pressure, FIRES)
    assert found.summary == "node worker-1 runs out of disk space; 0 pods evicted, 0 kept out"
