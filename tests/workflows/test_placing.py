"""Where a batch's firings belong, without a database."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tocsin.alerts.firing import AlertChanges, Known, Report, StoredAlert
from tocsin.alerts.parsed import ParsedAlert
from tocsin.workflows.arriving import arriving
from tocsin.workflows.board import Board
from tocsin.workflows.placing import Placing
from tocsin.workflows.surroundings import Surroundings


def batch(*alerts: tuple[str, str]) -> AlertChanges:
    """All of them (name, workload) begin to fire."""
    changes, ids = AlertChanges(), iter(range(1000, 2000))
    for number, (name, workload) in enumerate(alerts):
        stored = StoredAlert(number, 1, 1, f"{name}-{number}", Known())
        parsed = ParsedAlert(f"{number}", name, True, NOW, labels={"namespace": "shop", "deployment": workload})
        changes.apply(stored, Report(1, 1, "generic", 5, NOW, parsed), ids)
    return changes


def place(changes: AlertChanges, first_id: int = 7) -> Placing:
    around = {1: Surroundings("production").with_firings(len(changes.began), NOW)}
    board, ids = Board.of([]), iter(range(first_id, first_id + 100))
    placing = Placing(board, around, timedelta(minutes=5), NOW, ids)
    return placing.place_all(arriving(changes.began, around), changes, {})


def test_one_workload_is_one_incident_named_after_it() -> None:
    placed = place(batch(("Down", "cart"), ("Slow", "cart"))).changes
    assert [opening.title for opening in placed.opened] == ["Down: shop/cart"]
    assert {link.incident_id for link in placed.links} == {7}


def test_many_that_join_together_are_one_line() -> None:
    changes = batch(*[("Down", "cart")] * 12, *[("Slow", "cart")] * 7)
    lines = [entry.text for entry in place(changes).changes.entries]
    assert lines[1:] == ["18 alerts joined at once: Down (11), Slow (7)."]


def test_a_storm_is_one_line_that_says_of_what() -> None:
    lines = [entry.text for entry in place(batch(*[("Down", "cart")] * 300)).changes.entries]
    assert lines[1:] == ["Alerts come in a storm, 300 within a minute: Down (300). One line a minute sums up more."]


def test_every_reason_is_on_the_timeline() -> None:
    opened, joined = place(batch(("Down", "cart"), ("Slow", "cart"))).changes.entries
    assert "no open incident has this alert" in opened.text
    assert joined.text == "Slow on cart joined: INC-007 is about shop/cart too."


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["cart", "web", "db"])), max_size=20))
def test_each_firing_belongs_to_exactly_one_incident(alerts: list[tuple[str, str]]) -> None:
    changes = batch(*alerts)
    placed = place(changes).changes
    assert sorted(link.occurrence_id for link in placed.links) == sorted(changes.new_occurrences)
    assert len(placed.opened) == len({workload for _, workload in alerts})


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["cart", "web"])), max_size=12))
def test_placing_twice_differs_only_in_the_ids(alerts: list[tuple[str, str]]) -> None:
    changes = batch(*alerts)
    low, high = place(changes, 7).changes, place(changes, 1 << 62).changes
    assert [opening.title for opening in low.opened] == [opening.title for opening in high.opened]
    assert [link.occurrence_id for link in low.links] == [link.occurrence_id for link in high.links]
