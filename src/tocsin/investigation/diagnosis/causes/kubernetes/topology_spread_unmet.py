"""A pod that must be spread evenly over zones or nodes, where that is not possible."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.placement import spread_if_possible
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_PHRASE = r"didn't match pod topology spread constraints"


@cause("scheduling", modes=("sched.topology_spread",), needs=("Pod",))
def topology_spread_unmet(world: World) -> Iterator[Finding]:
    """The pod must be spread evenly over zones or nodes, and every place it could go would make that uneven.

    A constraint with DoNotSchedule rather lets a pod wait than run unevenly. A zone without free nodes, or nodes
    without the label that is counted by, hold up all further pods.

    When it is wrong: the place that lacks pods is only full or cordoned; then that is the cause.
    """
    for saying in unscheduled(world):
        if share := nodes_refusing(saying.text, _PHRASE):
            strict = [
                (index, held)
                for index, held in enumerate(saying.pod.parts("spec/topologySpreadConstraints") if saying.pod else ())
                if held.text("whenUnsatisfiable") == "DoNotSchedule"
            ]
            keys = ", ".join(sorted({held.text("topologyKey") for _, held in strict})) or "its topology"
            missing = "; nodes lack that label" if f"{_PHRASE} (missing required label)" in saying.text else ""
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for a node: {share:.0%} of the nodes would spread it unevenly over {keys}"
                + missing,
                cites=[
                    saying.weighing(CONCLUSIVE * share),
                    *(held.cite("topologyKey", MODERATE) for _, held in strict),
                ],
                remedies=[
                    look(
                        "get",
                        "nodes",
                        "-L",
                        keys.replace(", ", ","),
                        of=saying.about,
                        purpose="see which zones have nodes that are free",
                    )
                    if strict
                    else look("get", "nodes", "--show-labels", of=saying.about, purpose="see the labels of the nodes"),
                    *(fix for index, _ in strict for fix in spread_if_possible(saying.controller, index)),
                ],
            )
