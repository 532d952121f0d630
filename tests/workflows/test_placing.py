"""Where a batch's firings belong, without a database."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tocsin.alerts.firing import AlertChanges, Known, Report, StoredAlert
from tocsin.alerts.parsed import ParsedAlert
from tocsin.catalog.directory import Directory, ServiceFacts
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


SHOP = Directory(
    [
        *(ServiceFacts(name, "shop", name, depends_on=("db",)) for name in ("cart", "web")),
        *(ServiceFacts(name, "shop", name) for name in ("db", "mail")),
    ]
)
NAMED = st.tuples(
    st.sampled_from(["Down", "HighErrorRate", "DiskFull"]), st.sampled_from(["cart", "web", "db", "mail"])
)


def together(alerts: list[tuple[str, str]]) -> set[frozenset[tuple[str, str]]]:
    """Which alerts share an incident when they begin in this order, at the same time."""
    changes, ids = AlertChanges(), iter(range(1000, 2000))
    for number, (name, workload) in enumerate(alerts):
        stored = StoredAlert(number + 1, 1, 1, f"{name}-{workload}", Known())
        labels = {"namespace": "shop", "deployment": workload, "service": workload}
        changes.apply(stored, Report(1, 1, "generic", 5, NOW, ParsedAlert("x", name, True, NOW, labels=labels)), ids)
    around = {1: Surroundings("production", SHOP).with_firings(len(alerts), NOW)}
    placing = Placing(Board.of([]), around, timedelta(minutes=5), NOW, iter(range(7, 100)))
    placing.place_all(arriving(changes.began, around), changes, {})
    incidents: dict[int, set[tuple[str, str]]] = {}
    for link in placing.changes.links:
        incidents.setdefault(link.incident_id, set()).add(alerts[link.alert_id - 1])
    return {frozenset(found) for found in incidents.values()}


@given(st.lists(NAMED, unique=True, max_size=12), st.randoms())
def test_within_a_batch_the_order_does_not_matter(alerts: list[tuple[str, str]], random: Random) -> None:
    shuffled = list(alerts)
    random.shuffle(shuffled)
    assert together(alerts) == together(shuffled)


def test_what_needs_the_database_joins_it_and_what_does_not_stays_apart() -> None:
    found = together([("HighErrorRate", "cart"), ("HighErrorRate", "web"), ("HighErrorRate", "mail"), ("Down", "db")])
    assert {len(incident) for incident in found} == {1, 3}
