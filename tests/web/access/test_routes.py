"""Every route lets in whom it should, and nobody else: as many cases as routes times people."""

from __future__ import annotations

import pytest

from tests.web.access.asking import ask, outcome, text_of
from tests.web.access.expectations import EXPECTED, IN, IN_FRONT, LOOKER, PEOPLE, STRANGER, Door
from tests.web.access.routes import API, in_front, operations_of_api, pages, plain
from tests.web.access.world import MARK, World

CASES = [
    (method, route, person)
    for method, route in EXPECTED
    for person in PEOPLE
    # Tokens are for the API: nobody comes to a page with one.
    if person != LOOKER or route.startswith(API)
]


def test_every_route_is_expected() -> None:
    assert pages() - {route for _, route in EXPECTED} == set()
    assert operations_of_api() - set(EXPECTED) == set()
    assert {plain(path) for path in in_front()} - set(IN_FRONT) == set()


def test_every_expectation_is_of_a_route() -> None:
    known = pages() | {route for _, route in operations_of_api()}
    assert {route for _, route in EXPECTED} - known == set()
    assert set(IN_FRONT) - {plain(path) for path in in_front()} == set()


@pytest.mark.parametrize(("method", "route", "person"), CASES, ids=lambda part: part or "list")
def test_a_route_lets_in_whom_it_should(world: World, untouched: str, method: str, route: str, person: str) -> None:
    door = EXPECTED[method, route]
    answer = ask(world, person, method, world.address(route))
    if door in (Door.RESPOND_SOMEWHERE, Door.MANAGE_SOMEWHERE) and person == STRANGER:
        outcome(answer)  # however it is said: what is not theirs stays as it is, and unseen
    else:
        assert outcome(answer) == door.of(person)
    if door.of(person) != IN or person == STRANGER:
        assert world.state() == untouched
    if person == STRANGER:
        assert MARK not in text_of(answer).replace(world.address(route), "")
