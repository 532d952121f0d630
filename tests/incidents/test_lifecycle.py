"""Which moves an incident may make."""

import pytest

from tocsin.incidents.lifecycle import OPEN, ORDER, IllegalMove, Resolution, Status, is_open, move, next_moves


def test_forward_skips_are_allowed() -> None:
    assert move(Status.TRIGGERED, Status.MITIGATING).reached == Status.MITIGATING


def test_resolving_says_how_it_ended() -> None:
    with pytest.raises(IllegalMove, match="triggered → resolved: say how it ended"):
        move(Status.TRIGGERED, Status.RESOLVED)
    assert move(Status.TRIGGERED, Status.RESOLVED, resolution=Resolution.FALSE_ALARM).reached == Status.RESOLVED


@pytest.mark.parametrize("current", OPEN)
def test_what_is_open_is_resolved_before_it_is_closed(current: Status) -> None:
    with pytest.raises(IllegalMove, match="resolve it first"):
        move(current, Status.CLOSED, resolution=Resolution.FIXED)


def test_going_backwards_among_open_stages_is_refused_by_name() -> None:
    with pytest.raises(IllegalMove, match="mitigating → acknowledged"):
        move(Status.MITIGATING, Status.ACKNOWLEDGED, reason="please")


def test_staying_is_refused() -> None:
    with pytest.raises(IllegalMove, match="it already is triggered"):
        move(Status.TRIGGERED, Status.TRIGGERED)


def test_reopening_needs_a_reason_and_forgets_later_stages() -> None:
    with pytest.raises(IllegalMove, match="needs a reason"):
        move(Status.RESOLVED, Status.INVESTIGATING)
    reopened = move(Status.CLOSED, Status.INVESTIGATING, reason="it is back")
    assert reopened.reopens
    assert Status.RESOLVED in reopened.left


@pytest.mark.parametrize("current", ORDER)
def test_every_offered_move_is_legal(current: Status) -> None:
    for to in next_moves(current):
        assert move(current, to, reason="because", resolution=Resolution.FIXED).reached == to


def test_from_resolved_on_nobody_is_needed() -> None:
    assert [status for status in Status if is_open(status)] == [
        "triggered",
        "acknowledged",
        "investigating",
        "mitigating",
    ]
