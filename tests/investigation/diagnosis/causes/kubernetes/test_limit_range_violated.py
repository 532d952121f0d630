"""A pod outside the bounds that its namespace sets."""

from tests.investigation.worlds import event, look, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.limit_range_violated import limit_range_violated

BOUND = "minimum memory usage per Container is 60Mi, but request is 50Mi"
SET = replicaset()
FIRES = scene(SET, event(SET, "FailedCreate", f"pods cart is forbidden: {BOUND}"))

QUIET = scene(
    SET,
    event(
        SET,
        "FailedCreate",
        "pods cart is forbidden: exceeded quota: team, requested: cpu=1, used: cpu=9, limited: cpu=9",
    ),
)


def test_quotes_the_bound() -> None:
    [found, *_] = look(limit_range_violated, FIRES)
    assert found.summary == "pods of cart are refused: minimum memory usage per Container is 60Mi, but request is 50Mi"
