"""A claim whose volume was deleted under it."""

from tests.investigation.worlds import claim, look, scene
from tocsin.investigation.diagnosis.causes.kubernetes.claim_lost import claim_lost

LOST = claim(phase="Lost")
LOST["spec"]["volumeName"] = "disk"
FIRES = scene(LOST)

QUIET = scene(claim(phase="Bound"))


def test_names_claim_and_volume() -> None:
    [found] = look(claim_lost, FIRES)
    assert found.summary == "claim data has lost its volume disk"
