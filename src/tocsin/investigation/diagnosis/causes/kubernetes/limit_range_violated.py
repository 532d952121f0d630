"""A pod outside the bounds that its namespace sets."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import uncreated
from tocsin.investigation.diagnosis.world import World

_BOUND = re.compile(r"(?:minimum|maximum) \S+ (?:usage|limit to request ratio) per \w+.*|must be less than.*", re.I)


@cause("quota", modes=("admit.limitrange",), needs=("LimitRange",))
def limit_range_violated(world: World) -> Iterator[Finding]:
    """A LimitRange of the namespace forbids what the pod's containers request or may use.

    A LimitRange sets the least and the most that a container, pod or claim may ask for, and the defaults for those
    that say nothing. The API server refuses pods outside these bounds.

    When it is wrong: hardly ever; the API server names the bound.
    """
    for saying in uncreated(world):
        if (found := _BOUND.search(saying.text)) and "quota" not in saying.text:
            yield Finding(
                saying.controller,
                f"pods of {saying.controller.name} are refused: {opening(found[0])}",
                cites=[saying.weighing(CONCLUSIVE)],
                remedies=[
                    look("describe", "limitranges", of=saying.about, purpose="read the bounds of the namespace"),
                    *rollback(saying.controller),
                ],
            )
