"""What the engine makes of a cause's answer."""

from collections.abc import Iterator

import pytest

from tests.investigation.worlds import pod, snapshot
from tocsin.investigation.diagnosis import Snapshot, Subject, diagnose
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.engine import Answer, Verdict, examine
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.known import Known
from tocsin.investigation.diagnosis.topology import Topology
from tocsin.investigation.diagnosis.world import World


@cause("test")
def always(world: World) -> Iterator[Finding]:
    """Every pod is a finding.

    When it is wrong: always.
    """
    for held in world.pods:
        yield Finding(held.subject, f"{held.name} is here", [held.cite("status/phase")])


@cause("test")
def broken(world: World) -> Iterator[Finding]:
    """It raises.

    When it is wrong: always.
    """
    raise KeyError("status")
    yield


def verdicts(made: Snapshot) -> list[Verdict]:
    inventory = Inventory(made)
    return list(examine([always, broken], inventory, Topology(inventory), Known(inventory)))


def test_a_cause_that_raises_costs_the_others_nothing() -> None:
    assert [verdict.answer for verdict in verdicts(snapshot(pod()))] == [Answer.FIRED, Answer.BROKEN]


def test_a_broken_cause_is_told() -> None:
    report = diagnose(snapshot(pod()), causes=[broken])
    assert "broken broke: KeyError: 'status'" in report.gaps


def test_what_was_not_collected_is_unknown_and_not_clear() -> None:
    refused = snapshot(gaps=[{"what": "pods shop", "why": "403 from the API server", "section": "objects"}])
    first = verdicts(refused)[0]
    assert (first.answer, first.why) == (Answer.UNKNOWN, "Pod: 403 from the API server")


def test_what_was_listed_and_not_there_is_clear() -> None:
    assert verdicts(snapshot(collected=["Pod"]))[0].answer is Answer.CLEAR


def test_a_finding_needs_evidence() -> None:
    with pytest.raises(ValueError, match="without evidence"):
        Finding(Subject("Pod", "shop", "cart"), "guess", [])
