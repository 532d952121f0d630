"""A StatefulSet whose pods keep an old template, because its update strategy says so."""

from typing import Any

from tests.investigation.worlds import container, look, member, scene, statefulset
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.statefulset_update_held_back import statefulset_update_held_back


def parted(partition: int, ready: int = 1) -> dict[str, Any]:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": partition}}
    made = statefulset("db", replicas=2, ready=ready, updateStrategy=strategy)
    made["status"]["updateRevision"] = "db-2"
    return made


NEW = member(parted(1), 1, revision="db-2")
BROKEN = member(parted(1), 0, container(ready=False), revision="db-1")
FIRES = scene(parted(1), BROKEN, NEW)

QUIET = scene(parted(1, ready=2), member(parted(1), 0, revision="db-1"), NEW)


def test_takes_the_partition_away() -> None:
    [found] = look(statefulset_update_held_back, FIRES)
    assert found.summary == "1 pods of db keep the old template, 1 of them fail: its partition is 1"
    assert '"value": 0' in found.remedies[0].argv[-1]


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("statefulset-update-held-back", "high")
