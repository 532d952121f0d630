"""The pages about who is on call."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_environment, make_user
from tests.oncall.kept import ZONE, make_people
from tocsin.accounts.models import Role, User
from tocsin.oncall import carriers, changes, store, swaps
from tocsin.oncall.changes import Change, Draft
from tocsin.oncall.hours import read_hours
from tocsin.oncall.models import Absence, Carrier, Override, Schedule, Swap, TemporarySchedule
from tocsin.oncall.rotation import Rotation
from tocsin.oncall.schedule import Kind, Layer
from tocsin.oncall.walls import wall

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
MONDAY = TODAY - timedelta(days=TODAY.weekday() + 7)


def at(days: int) -> str:
    """A midnight, days from today."""
    return f"{TODAY + timedelta(days=days)}T00:00"


@pytest.fixture
def manager(db: None) -> Client:
    """The browser of somebody who sets things up."""
    client = Client()
    client.force_login(make_user("maria", Role.MANAGER))
    return client


@pytest.fixture
def schedule(browser: Client) -> Schedule:
    """Alice and bob by weeks, in office hours only."""
    make_people("alice", "bob")
    rotation = Rotation((("alice",), ("bob",)), wall(f"{MONDAY}T00:00"), ZONE)
    office = Layer("Office", rotation, read_hours("Mon-Fri 09:00-17:00"))
    return changes.create(Draft("Shop", ZONE, (office,)), actor="alice", now=timezone.now())


def form(**values: str) -> dict[str, str]:
    """The editor as somebody fills it in: dave every day, whoever else never."""
    given = {"name": "Bank", "zone": ZONE, "project": "", "description": "", "version": "1", "what": "keep"}
    layer = {"name": "Daily", "turns": "dave", "start": f"{MONDAY}T00:00", "every": "1", "unit": "days"}
    return given | {f"layer-0-{name}": text for name, text in layer.items()} | values


def test_where_there_is_no_schedule_the_page_says_what_one_is(browser: Client) -> None:
    assert b"There is no schedule yet" in browser.get("/oncall").content


def test_the_list_says_who_is_on_call_and_which_gaps_are_ahead(browser: Client, schedule: Schedule) -> None:
    page = browser.get("/oncall").content.decode()
    assert "Shop" in page
    assert "“Office” is outside its hours" in page
    assert " times, first <time" in page
    assert "data-dated" in page


def test_the_calendar_shows_final_shifts_gaps_and_layers(browser: Client, schedule: Schedule) -> None:
    answer = browser.get("/oncall/shop")
    page = answer.content.decode()
    assert len(answer.context["weeks"]) == 2
    assert all(word in page for word in ("alice", "bob", "Office", "Nobody", "Made with one layer."))
    assert len(browser.get("/oncall/shop?view=month&from=2026-05-15").context["weeks"]) == 5


@pytest.mark.parametrize("address", ["/oncall/nothing", "/oncall/shop?view=year", "/oncall/shop?from=9999-12-31"])
def test_what_is_not_there_is_not_found(browser: Client, schedule: Schedule, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_a_clicked_shift_opens_in_the_form(browser: Client, schedule: Schedule) -> None:
    page = browser.get(f"/oncall/shop?starts={at(1)}&ends={at(2)}&person=bob").content.decode()
    assert "Change the shift of bob" in page
    assert f'value="{at(1)}"' in page


def test_a_shift_is_given_to_somebody_else_and_back(browser: Client, schedule: Schedule) -> None:
    change = {"do": "replace", "starts": at(0), "ends": at(16), "zone": ZONE, "person": "alice", "instead_of": "bob"}
    assert browser.post("/oncall/shop/overrides", change).status_code == 302
    made = Override.objects.get()
    assert (made.kind, made.person, made.instead_of, made.created_by) == ("replace", "alice", "bob", "alice")
    browser.post(f"/oncall/shop/overrides/{made.pk}")
    assert Override.objects.filter(removed_at=None).count() == 0


def test_a_change_that_makes_no_sense_comes_back_with_what_was_typed(browser: Client, schedule: Schedule) -> None:
    change = {"do": "add", "starts": at(1), "ends": at(2), "zone": ZONE, "person": "nobody", "reason": "help <b>"}
    answer = browser.post("/oncall/shop/overrides", change)
    assert answer.status_code == 400
    assert "There is nobody called “nobody”" in answer.content.decode()
    assert "help &lt;b&gt;" in answer.content.decode()


def test_a_temporary_schedule_is_put_in_place_and_taken_back(browser: Client, schedule: Schedule) -> None:
    lines = f"alice {at(20)} to {at(21)}\nbob {at(21)} to {at(22)}"
    typed = {"name": "Feast", "starts": at(20), "ends": at(22), "zone": ZONE, "shifts": lines}
    browser.post("/oncall/shop/temporaries", typed)
    made = TemporarySchedule.objects.get()
    assert len(made.shifts) == 2
    assert "Temporary schedule “Feast”" in browser.get("/oncall/shop").content.decode()
    browser.post(f"/oncall/shop/temporaries/{made.pk}")
    assert "“Feast” from" not in browser.get("/oncall/shop").content.decode().partition("History")[0]
    refused = browser.post("/oncall/shop/temporaries", typed | {"shifts": "alice tomorrow"})
    assert refused.status_code == 400
    assert "“alice tomorrow” is no shift" in refused.content.decode()


def test_a_swap_is_asked_for_and_answered_on_ones_own_page(browser: Client, schedule: Schedule) -> None:
    change = {"do": "ask", "starts": at(1), "ends": at(15), "zone": ZONE, "person": "bob", "reason": "wedding"}
    browser.post("/oncall/shop/overrides", change)
    swap = Swap.objects.get()
    assert "wedding" in browser.get("/account/shifts").content.decode()
    bob = Client()
    bob.force_login(User.objects.get(username="bob"))
    assert "Take it over" in bob.get("/oncall").content.decode()
    bob.post(f"/account/swaps/{swap.pk}", {"do": "accept"})
    assert Override.objects.get().person == "bob"
    assert bob.post(f"/account/swaps/{swap.pk}", {"do": "accept"}).status_code == 400


def test_a_shift_is_swapped_for_one_of_the_list(browser: Client, schedule: Schedule) -> None:
    page = browser.get("/oncall/shop").content.decode()
    theirs = re.search(r'<option value="(\S+ \S+ bob)">bob, ', page)
    assert theirs
    mine = MONDAY + timedelta(days=14)
    typed = {"do": "ask", "starts": f"{mine}T09:00", "ends": f"{mine}T17:00", "zone": ZONE}
    browser.post("/oncall/shop/overrides", typed | {"in_return": theirs[1]})
    assert Swap.objects.get().asked_of == User.objects.get(username="bob")
    assert "in return for" in browser.get("/account/shifts").content.decode()
    refused = browser.post("/oncall/shop/overrides", typed | {"in_return": "9999-12-31T23:59-23:00 never bob"})
    assert "out of the list" in refused.content.decode()


def test_whoever_asked_in_vain_reads_it(browser: Client, schedule: Schedule) -> None:
    times = {"starts": at(-1), "ends": at(2), "zone": ZONE}
    Swap.objects.create(
        schedule=schedule, asked_by=User.objects.get(username="alice"), created_at=timezone.now(), **times
    )
    for address in ("/oncall", "/account/shifts"):
        assert "Nobody has taken over" in browser.get(address).content.decode()


def test_a_schedule_is_made_in_the_form(manager: Client) -> None:
    make_people("dave")
    assert manager.post("/oncall/new", form())["Location"] == "/oncall/bank"
    assert store.on_call(Schedule.objects.get(), timezone.now()).people == ("dave",)


def test_while_one_types_the_shifts_are_shown_and_nothing_is_kept(manager: Client) -> None:
    make_people("dave")
    answer = manager.post("/oncall/new", form(what="preview"), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert page.startswith('<section id="preview"')
    assert "dave" in page
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("layer-0-turns", "nobody", "nobody called “nobody”"),
        ("layer-0-hours", "sometimes", "“Daily”: “sometimes” is no line of hours"),
        ("layer-0-start", "", "“Daily”: “” is no time"),
        ("layer-0-every", "²", "the length of a turn as a number"),
        ("layer-0-name", "", "Give every layer a name of its own"),
        ("zone", "Mars", "“Mars” is no time zone"),
        ("name", "", "Give the schedule a name"),
    ],
)
def test_what_makes_no_sense_is_told_where_it_was_typed(manager: Client, field: str, text: str, why: str) -> None:
    make_people("dave")
    answer = manager.post("/oncall/new", form(**{field: text}))
    assert answer.status_code == 400
    assert why in answer.content.decode()
    assert not Schedule.objects.exists()


def test_turns_of_months_are_shown_until_a_hand_over_is_seen(manager: Client) -> None:
    make_people("dave")
    start = f"{TODAY.replace(day=1)}T00:00"
    months = {"layer-0-unit": "months", "layer-0-turns": "dave\nmaria", "layer-0-start": start}
    page = manager.post("/oncall/new", form(**months, what="preview"), headers={"HX-Request": "true"}).content.decode()
    assert "dave" in page
    assert "maria" in page
    manager.post("/oncall/new", form(**months))
    assert Schedule.objects.get(slug="bank").definition["layers"][0]["rotation"]["unit"] == "months"


def test_layers_are_kept_in_the_order_that_was_typed(manager: Client) -> None:
    make_people("dave")
    second = {
        "layer-1-name": "First",
        "layer-1-turns": "dave",
        "layer-1-start": f"{MONDAY}T00:00",
        "layer-1-order": "1",
    }
    manager.post("/oncall/new", form(**{"layer-0-order": "2"}, **second))
    assert [layer["name"] for layer in Schedule.objects.get().definition["layers"]] == ["First", "Daily"]


def test_what_is_saved_without_a_change_is_as_it_was(manager: Client, schedule: Schedule) -> None:
    typed = manager.get("/oncall/shop/edit").context["typed"]
    posted = {name: typed[name] for name in ("name", "zone", "description", "version")} | {"what": "keep"}
    posted |= {f"layer-{n}-{name}": text for n, layer in enumerate(typed["layers"]) for name, text in layer.items()}
    manager.post("/oncall/shop/edit", posted)
    assert Schedule.objects.get().version == 1


def test_an_edit_of_an_older_version_is_refused(manager: Client, schedule: Schedule) -> None:
    make_people("dave")
    manager.post("/oncall/shop/edit", form(name="Shop"))
    answer = manager.post("/oncall/shop/edit", form(name="Store"))
    assert answer.status_code == 409
    assert "has changed “Shop” meanwhile" in answer.content.decode()


def test_only_managers_edit_layers(browser: Client, schedule: Schedule) -> None:
    assert browser.get("/oncall/shop/edit").status_code == 403
    assert browser.get("/oncall/new").status_code == 403
    assert "Edit the layers" not in browser.get("/oncall/shop").content.decode()


def test_a_schedule_is_taken_out_of_use(manager: Client, schedule: Schedule) -> None:
    manager.post("/oncall/shop/archive")
    assert manager.get("/oncall/shop").status_code == 404


def test_absences_are_said_and_taken_back(browser: Client, schedule: Schedule) -> None:
    browser.post("/account/shifts/absences", {"starts": at(1), "ends": at(3), "reason": "Lisbon"})
    assert "Lisbon" in browser.get("/account/shifts").content.decode()
    browser.post(f"/account/shifts/absences/{Absence.objects.get().pk}")
    assert not Absence.objects.exists()
    assert browser.post("/account/shifts/absences", {"starts": at(3), "ends": at(1)}).status_code == 400


def test_ones_clock_and_calendar_are_kept_or_refused_in_place(browser: Client) -> None:
    browser.post("/account/shifts/zone", {"zone": "Asia/Tokyo"})
    assert "Times of Asia/Tokyo, your clock" in browser.get("/account/shifts").content.decode()
    assert Carrier.objects.get().zone == "Asia/Tokyo"
    assert "“Mars” is no time zone" in browser.post("/account/shifts/zone", {"zone": "Mars"}).content.decode()
    browser.post("/account/shifts/calendar", {"url": "https://calendar.example.org/secret.ics"})
    page = browser.get("/account/shifts").content.decode()
    assert "followed at calendar.example.org" in page
    assert "secret.ics" not in page


def test_the_address_of_a_calendar_is_shown_once_and_needs_no_login(browser: Client, schedule: Schedule) -> None:
    shown = browser.post("/account/shifts/feed").context["address"]
    answer = Client().get(shown.removeprefix("http://testserver"))
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"On call: Shop" in answer.content
    assert shown not in browser.get("/account/shifts").content.decode()
    assert Client().get("/calendars/guessed.ics").status_code == 404


def test_who_is_always_on_call_reads_no_end_and_at_most_a_month_of_hours(browser: Client) -> None:
    always = Layer("Always", Rotation((("alice",),), wall(f"{MONDAY - timedelta(days=14)}T00:00"), ZONE))
    changes.create(Draft("Bank", ZONE, (always,)), actor="alice", now=timezone.now())
    page = browser.get("/account/shifts").content.decode()
    assert "and on …" in page
    assert "Within 30 days: 720 hours" in page
    assert "– …" in browser.get("/oncall").content.decode()


def test_the_calendar_of_a_schedule_names_everybody(manager: Client, schedule: Schedule) -> None:
    shown = manager.post("/oncall/shop/feed").context["address"]
    content = Client().get(shown.removeprefix("http://testserver")).content
    assert b"SUMMARY:alice" in content
    assert b"SUMMARY:bob" in content


def test_somebody_without_a_role_sees_no_schedule_of_a_project_and_swaps_none(schedule: Schedule) -> None:
    alice, now = User.objects.get(username="alice"), timezone.now()
    swap = swaps.ask(schedule.pk, Change(Kind.REPLACE, at(1), at(15), ZONE), alice, None, now)
    Schedule.objects.update(project=make_environment().project)
    stranger = Client()
    stranger.force_login(make_user("steve", role=""))
    assert stranger.get("/oncall/shop").status_code == 404
    assert "Shop" not in stranger.get("/oncall").content.decode()
    assert stranger.post(f"/account/swaps/{swap.pk}", {"do": "accept"}).status_code == 404


def test_ones_own_clock_draws_the_days(browser: Client, schedule: Schedule) -> None:
    carriers.set_zone(User.objects.get(username="alice"), "Asia/Tokyo")
    assert browser.get("/oncall/shop?clock=own").context["view"].zone == "Asia/Tokyo"
    assert isinstance(browser.get("/oncall/shop").context["today"], date)
