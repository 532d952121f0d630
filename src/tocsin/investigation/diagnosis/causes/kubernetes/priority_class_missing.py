"""A priority class that pods shall have and that does not exist."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import uncreated
from tocsin.investigation.diagnosis.world import World

_ABSENT = re.compile(r'no PriorityClass with name "?(?P<name>[^\s"]+)"? was found')


@cause("admission", modes=("admit.priorityclass",))
def priority_class_missing(world: World) -> Iterator[Finding]:
    """The pods name a priority class that the cluster does not have, so none is made.

    A priority class says which pods go first where room is short. It was not installed, was renamed, or belongs to
    another cluster.

    When it is wrong: the class was made a moment ago; controllers try again by themselves.
    """
    for saying in uncreated(world):
        found = _ABSENT.search(saying.text)
        if found and world.inventory.get(Subject("PriorityClass", "", found["name"])) is None:
            held = world.workload(saying.about)
            asks = [held.cite("spec/template/spec/priorityClassName", MODERATE)] if held else []
            yield Finding(
                saying.controller,
                f"no pod of {saying.controller.name} can be made: priority class {found['name']} does not exist",
                cites=[saying.weighing(CONCLUSIVE), *asks],
                remedies=[
                    look("get", "priorityclasses", of=saying.about, purpose="see which classes there are"),
                    *rollback(saying.controller),
                ],
            )
