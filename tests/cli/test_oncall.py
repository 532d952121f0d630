"""`tocsin oncall`, against a server."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures
from tests.oncall.kept import make_schedule
from tocsin.accounts.models import ApiToken, User
from tocsin.oncall.models import Override, Schedule, Swap

pytestmark = pytest.mark.django_db(transaction=True)
MOMENT = "2026-03-03T12:00:00Z"


def test_who_is_on_call_is_said_with_the_reason(alice: Tocsin) -> None:  # noqa: F811
    make_schedule()
    assert alice("oncall", "who", "shop", "--at", MOMENT).output == "alice: their turn in “Primary”\n"
    assert alice("oncall", "who", "shop", "--at", "2026-01-01T00:00:00Z").output == (
        "NOBODY: “Primary” has not begun\n"
    )
    assert alice("oncall", "who").output.startswith("shop ")
    assert alice("oncall", "who", "--at", MOMENT).exit_code == 2


def test_a_time_without_its_offset_and_a_schedule_that_there_is_not_are_said_so(alice: Tocsin) -> None:  # noqa: F811
    assert "add its offset" in alice("oncall", "who", "shop", "--at", "2026-03-03T12:00").output
    assert "is no time; say one such as" in alice("oncall", "who", "shop", "--at", "Sunday").output
    assert "There is no such schedule." in alice("oncall", "who", "shop").output


def test_shifts_are_listed_in_utc(alice: Tocsin) -> None:  # noqa: F811
    make_schedule()
    span = ("--from", "2026-03-01T00:00:00Z", "--to", "2026-03-10T00:00:00Z")
    lines = alice("oncall", "shifts", "shop", *span).output.splitlines()
    assert lines[1] == "2026-03-02T08:00 2026-03-09T08:00  alice            their turn in “Primary”"
    assert "NOBODY" in lines[0]


def test_an_override_goes_by_the_clock_of_the_schedule(alice: Tocsin) -> None:  # noqa: F811
    make_schedule()
    span = ("--from", "2099-03-02T09:00", "--to", "2099-03-30T09:00")
    told = alice("oncall", "override", "shop", "--person", "dave", "--instead-of", "alice", *span)
    assert "dave instead of alice from 2099-03-02 09:00" in told.output
    assert Override.objects.get().zone == "Europe/Berlin"
    assert "Say who goes out" in alice("oncall", "override", "shop", *span).output


def test_a_schedule_is_shown_edited_and_made_again(alice: Tocsin) -> None:  # noqa: F811
    make_schedule()
    User.objects.update(role="manager")
    ApiToken.objects.update(scope="manager")
    told = json.loads(alice("oncall", "show", "shop").output)
    told["layers"][0]["rotation"]["turns"] = [["bob"]]
    changed = json.dumps(told)
    assert "shop is at version 2: bob" in alice("oncall", "apply", "-", "--schedule", "shop", stdin=changed).output
    assert "meanwhile" in alice("oncall", "apply", "-", "--schedule", "shop", stdin=changed).output
    alice("oncall", "apply", "-", stdin=json.dumps(told | {"name": "Bank"}))
    assert Schedule.objects.count() == 2
    assert "is no JSON" in alice("oncall", "apply", "-", stdin="nonsense").output


def test_a_swap_is_asked_for_listed_and_withdrawn(alice: Tocsin) -> None:  # noqa: F811
    make_schedule()
    span = ("--from", "2099-03-02T09:00", "--to", "2099-03-30T09:00")
    assert "give both" in alice("oncall", "swap", "shop", *span, "--return-from", "2099-03-02T09:00").output
    back = ("--return-from", "2099-04-06T09:00", "--return-to", "2099-04-27T09:00")
    told = alice("oncall", "swap", "shop", *span, *back, "--of", "bob").output
    assert "alice asks bob to take over 2099-03-02T09:00 to 2099-03-30T09:00, in return for 2099-04-06T09:00" in told
    swap = Swap.objects.get()
    assert f"{swap.pk}  shop: alice asks bob" in alice("oncall", "swaps").output
    assert f"Swap {swap.pk} is withdrawn" in alice("oncall", "answer", str(swap.pk), "withdraw").output
    assert alice("oncall", "swaps").output == "Nobody asks for a swap.\n"
