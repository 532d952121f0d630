"""Two values, field by field."""

import pytest

from tocsin.investigation.diagnosis.reading.changes.differences import departures, differences


def test_lists_are_compared_by_the_names_of_their_entries() -> None:
    old = {"containers": [{"name": "app", "image": "a"}, {"name": "side", "image": "s"}]}
    new = {"containers": [{"name": "side", "image": "s"}, {"name": "app", "image": "b"}]}
    assert [str(one) for one in differences(old, new)] == ["containers.app.image: a → b"]


def test_what_came_and_what_went_is_told() -> None:
    assert [str(one) for one in differences({"a": 1}, {"b": 2})] == ["a: 1 → nothing", "b: nothing → 2"]


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        ({"a": 1}, {"a": 1, "default": 2}),
        ({"a": []}, {}),
        ({"limits": {"cpu": "0.5"}}, {"limits": {"cpu": "500m"}}),
        ({"port": "80"}, {"port": 80}),
        ({"ports": [{"port": 80}]}, {"ports": [{"port": 80, "protocol": "TCP"}]}),
    ],
    ids=["defaults", "empty", "quantity", "number", "nested-default"],
)
def test_what_a_server_fills_in_is_no_departure(wanted: dict[str, object], held: dict[str, object]) -> None:
    assert list(departures(wanted, held)) == []


def test_a_value_that_is_held_otherwise_is_a_departure() -> None:
    [one] = departures({"env": [{"name": "DB", "value": "a"}]}, {"env": [{"name": "DB", "value": "b"}]})
    assert str(one) == "env.DB: a → b"


def test_an_entry_that_was_added_is_a_departure() -> None:
    [one] = departures(
        {"env": [{"name": "A", "value": "1"}]}, {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}
    )
    assert str(one) == "env.B: nothing → 2"
