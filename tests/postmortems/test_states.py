"""Which incidents need a postmortem, and how one moves."""

from __future__ import annotations

import pytest

from tocsin.incidents.lifecycle import Resolution
from tocsin.incidents.triage import Severity
from tocsin.postmortems.states import Need, State, need, next_states, refusal, unfit_to_complete


@pytest.mark.parametrize(
    ("severity", "needed"),
    [("critical", Need.MANDATORY), ("high", Need.MANDATORY), ("medium", Need.RECOMMENDED), ("low", Need.NONE)],
)
def test_the_severity_calls_for_it(severity: str, needed: Need) -> None:
    assert need(Severity(severity), Resolution.FIXED) == (needed, f"its severity is {severity}")
    assert need(Severity(severity), None)[0] is needed


@pytest.mark.parametrize("resolution", [Resolution.FALSE_ALARM, Resolution.DUPLICATE])
def test_what_was_no_incident_needs_none(resolution: Resolution) -> None:
    assert need(Severity.CRITICAL, resolution) == (Need.NONE, f"it was a {resolution}")


def test_the_way_is_forward_and_back_with_a_reason() -> None:
    for state in State:
        for to in State:
            said = refusal(state, to, "sections are missing")
            assert (said == "") == (to in next_states(state))
    assert "what is missing" in refusal(State.IN_REVIEW, State.IN_PROGRESS, " ")
    assert refusal(State.PENDING, State.IN_PROGRESS, "") == ""


def test_nobody_completes_what_they_wrote_while_somebody_else_is_there() -> None:
    assert "such as bob" in unfit_to_complete("alice", {"alice", "tocsin"}, {"alice", "bob"})
    assert unfit_to_complete("bob", {"alice"}, {"alice", "bob"}) == ""


def test_whoever_is_alone_completes_it() -> None:
    assert unfit_to_complete("alice", {"alice"}, {"alice"}) == ""
    assert unfit_to_complete("alice", {"alice", "bob"}, {"alice", "bob"}) == ""
