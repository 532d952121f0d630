"""A DaemonSet that is not on the nodes where it should be, or is where it should not."""

from tests.investigation.worlds import daemonset, event, look, member, node, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.daemonset_misscheduled import daemonset_misscheduled

LACKS = daemonset(desired=2, ready=1, currentNumberScheduled=1)
REFUSED = event(LACKS, "FailedPlacement", 'failed to place pod on "worker-2": node(s) had a taint')
NODES = (node("worker-1"), node("worker-2"))
FIRES = scene(LACKS, REFUSED, member(LACKS, 0), *NODES)

QUIET = scene(daemonset(desired=1, ready=1), REFUSED, member(LACKS, 0), *NODES)


def test_names_the_nodes_without_it() -> None:
    [found] = look(daemonset_misscheduled, FIRES)
    assert found.summary == "agent is on 1 of 2 nodes, not on worker-2"


def test_pods_too_many_matter_only_to_who_asks() -> None:
    alert = {"title": "misscheduled", "labels": {"namespace": "shop", "daemonset": "agent"}}
    strays = daemonset(numberMisscheduled=1)
    assert look(daemonset_misscheduled, scene(strays)) == []
    [found] = look(daemonset_misscheduled, scene(strays, alert=alert))
    assert found.summary == "agent runs on 1 nodes where it should not"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("daemonset-misscheduled", "high")
