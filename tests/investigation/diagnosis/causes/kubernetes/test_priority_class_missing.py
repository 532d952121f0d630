"""A priority class that pods shall have and that does not exist."""

from tests.investigation.worlds import deployment, event, look, meta, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.priority_class_missing import priority_class_missing

ABSENT = 'Error creating: pods "cart-7f9c41-abcde" is forbidden: no PriorityClass with name urgent was found'
SET = replicaset()
FIRES = scene(SET, deployment(ready=0, priorityClassName="urgent"), event(SET, "FailedCreate", ABSENT))

QUIET = scene(SET, deployment(ready=0), event(SET, "FailedCreate", ABSENT), meta("PriorityClass", "urgent"))


def test_names_the_class() -> None:
    [found] = look(priority_class_missing, FIRES)
    assert found.summary == "no pod of cart can be made: priority class urgent does not exist"
