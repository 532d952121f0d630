"""Imports of other products, written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories import make_environment, make_user
from tests.notifications.made import make_channel
from tests.oncall.imports import test_grafana_oncall, test_opsgenie
from tests.oncall.imports.test_pagerduty import USERS, layer, policy, schedule
from tests.oncall.kept import make_schedule
from tests.oncall.schedules import utc
from tocsin.accounts.models import User
from tocsin.catalog.services import Service, Team
from tocsin.notifications.models import ContactMethod
from tocsin.oncall import changes, store
from tocsin.oncall.changes import Draft
from tocsin.oncall.definition import read as definition
from tocsin.oncall.escalations import EscalationPolicy, PolicyChoice
from tocsin.oncall.importing import Into, Line, Plan, What, carry_out
from tocsin.oncall.imports.found import Document, Found, FoundChoice
from tocsin.oncall.imports.pagerduty import read
from tocsin.oncall.models import Carrier, Schedule
from tocsin.oncall.policies import choose
from tocsin.oncall.policies_written import read as policy_of

pytestmark = pytest.mark.django_db

NOW = utc(3, 3)
INTO = Into("PagerDuty", role="responder")
TARGETS = ({"id": "S1", "type": "schedule_reference"}, {"id": "U3", "type": "user_reference"})


def export(*layers: dict[str, Any], **lists: Any) -> Found:
    plan = schedule(*(layers or (layer(),)), **lists.pop("plan", {}))
    return read([Document("a", {"users": USERS, "schedules": [plan], **lists})], NOW)


def imported(found: Found | None = None, into: Into = INTO, later: int = 0) -> Plan:
    return carry_out(found or export(), into, NOW + timedelta(minutes=later))


def lines(plan: Plan, kind: str) -> list[tuple[str, What]]:
    return [(line.name, line.what) for line in plan.lines if line.kind == kind]


def test_a_schedule_and_its_people_are_made() -> None:
    plan = imported()
    assert lines(plan, "schedule") == [("tea", What.MADE)]
    assert store.on_call(Schedule.objects.get(), NOW).people == ("mina",)
    assert not plan.problems


@pytest.mark.parametrize(
    "found",
    [
        export(escalation_policies=[policy(*TARGETS)], services=[{"id": "K", "name": "Kettle"}]),
        test_opsgenie.of(test_opsgenie.rotation(), test_opsgenie.rotation("otto", name="Second")),
        test_grafana_oncall.found(test_grafana_oncall.shift(), test_grafana_oncall.shift(id="F2")),
    ],
    ids=["pagerduty", "opsgenie", "grafana-oncall"],
)
def test_doing_it_again_changes_nothing(found: Found) -> None:
    into = replace(INTO, services_of=make_environment().project)
    first = imported(found, into)
    assert {line.what for line in first.lines} == {What.MADE}
    before = [list(table.objects.order_by("pk").values()) for table in (User, Schedule, EscalationPolicy, Service)]
    again = imported(found, into, later=5)
    assert again.changes_nothing
    assert len(again.lines) == len(first.lines)
    assert before == [
        list(table.objects.order_by("pk").values()) for table in (User, Schedule, EscalationPolicy, Service)
    ]


def test_what_the_export_says_later_is_taken_over() -> None:
    imported()
    plan = imported(export(layer(users=[{"user": {"id": "U3"}}])), later=5)
    assert lines(plan, "schedule") == [("tea", What.CHANGED)]
    assert definition(Schedule.objects.get().definition)[0].rotation.turns == (("otto",),)


def test_what_people_have_edited_stays_theirs() -> None:
    imported()
    row = Schedule.objects.get()
    make_user("dave")
    changes.edit(row.pk, Draft("Tea", row.zone, ()), seen=1, actor="dave", now=NOW)
    [line] = [line for line in imported(later=5).lines if line.kind == "schedule"]
    assert line == Line("schedule", "tea", What.LEFT, "left as dave made it here")
    assert definition(Schedule.objects.get().definition) == ()


def test_what_belongs_elsewhere_is_left() -> None:
    imported()
    plan = imported(into=replace(INTO, project=make_environment().project), later=5)
    assert "it is another project's, or everybody's" in [line.told for line in plan.lines]


def test_a_schedule_that_was_taken_out_of_use_does_not_come_back() -> None:
    imported()
    changes.archive(Schedule.objects.get().pk, actor="dave", now=NOW)
    plan = imported(export(escalation_policies=[policy(*TARGETS)]), later=5)
    assert "taken out of use here" in [line.told for line in plan.lines]
    assert [problem.what for problem in plan.problems] == ["policy Tea first"]


def test_somebody_is_found_by_address_then_by_name() -> None:
    known = make_user("minerva")
    known.email = "MINA@tea.example"
    known.save()
    make_user("noor")
    plan = imported()
    assert lines(plan, "person") == [("minerva", What.LEFT), ("noor", What.LEFT), ("otto", What.MADE)]
    assert User.objects.get(username="noor").email == ""
    assert [line.told for line in plan.lines[:2]] == ["", "found by name: no e-mail address is known here"]


@pytest.mark.parametrize("confirmed_at", [NOW, None])
def test_an_address_that_somebody_confirmed_as_theirs_counts(confirmed_at: datetime | None) -> None:
    way = {"channel": make_channel("email"), "address": "Mina@tea.example", "created_at": NOW}
    ContactMethod.objects.create(user=make_user("minerva"), confirmed_at=confirmed_at, **way)
    expected = ("minerva", What.LEFT) if confirmed_at else ("mina", What.MADE)
    assert lines(imported(), "person")[0] == expected


def test_a_name_that_somebody_else_has_is_not_taken() -> None:
    other = make_user("mina")
    other.email = "mina@coffee.example"
    other.save()
    assert lines(imported(), "person")[0] == ("mina@tea.example", What.MADE)


def test_an_address_of_several_people_is_told() -> None:
    for name in ("one", "two"):
        User.objects.create_user(name, "mina@tea.example")
    plan = imported()
    assert [problem.what for problem in plan.problems] == ["person mina@tea.example", "schedule Tea"]


def test_new_people_can_not_log_in_and_are_nothing_yet() -> None:
    plan = imported(into=Into("PagerDuty"))
    made = User.objects.get(username="mina")
    assert (made.role, made.email, made.has_usable_password()) == ("", "mina@tea.example", False)
    assert "nobody called “mina” who could be on call" in plan.problems[0].why


def test_the_role_can_be_given_by_a_second_import() -> None:
    imported(into=Into("PagerDuty"))
    make_user("steve", role="")
    plan = imported(later=5)
    assert lines(plan, "person") == [(name, What.CHANGED) for name in ("mina", "noor", "otto")]
    assert lines(plan, "schedule") == [("tea", What.MADE)]
    assert User.objects.get(username="steve").role == ""


def test_new_people_keep_their_clock() -> None:
    users = [USERS[0] | {"time_zone": "Asia/Tokyo"}, USERS[1] | {"time_zone": "Moon"}]
    plan = imported(read([Document("a", {"users": users})], NOW))
    assert list(Carrier.objects.values_list("user__username", "zone")) == [("mina", "Asia/Tokyo")]
    assert "“Moon” is no time zone" in plan.notes[0]


def overridden(start: int = 4) -> Found:
    entry = {"start": f"2026-03-{start:02}T09:00:00+01:00", "end": "2026-03-07T09:00:00+01:00", "user": {"id": "U3"}}
    return export(plan={"overrides_subschedule": {"rendered_schedule_entries": [entry]}})


def test_overrides_that_are_ahead_are_made_once() -> None:
    assert lines(imported(overridden()), "override") == [("of tea from 2026-03-04 09:00: otto", What.MADE)]
    assert store.on_call(Schedule.objects.get(), utc(3, 5)).people == ("otto",)
    assert lines(imported(overridden(), later=5), "override") == [("of tea from 2026-03-04 09:00: otto", What.LEFT)]


def test_an_override_that_was_taken_back_stays_so() -> None:
    imported(overridden())
    changes.take_back(Schedule.objects.get().overrides.get().pk, actor="dave", now=NOW)
    imported(overridden(), later=5)
    assert store.on_call(Schedule.objects.get(), utc(3, 5)).people == ("mina",)


def test_a_policy_names_what_it_calls_as_it_is_called_here() -> None:
    imported(export(escalation_policies=[policy(*TARGETS)]))
    [step] = policy_of(EscalationPolicy.objects.get().definition).steps
    assert [str(target) for target in step.targets] == ["schedule tea", "person otto"]


def test_schedules_of_one_name_are_not_mixed() -> None:
    plan = imported(
        read([Document("a", {"users": USERS, "schedules": [schedule(layer()), schedule(layer(), id="S2")]})], NOW)
    )
    assert [problem.why for problem in plan.problems] == ["another one of the export has the same name"]


def test_a_schedule_of_the_same_name_is_left() -> None:
    make_schedule("Tea")
    assert lines(imported(), "schedule") == [("tea", What.LEFT)]


def test_where_the_product_says_otherwise_is_told() -> None:
    entry = {"start": "2026-03-04T09:00:00+01:00", "end": "2026-03-05T09:00:00+01:00", "user": {"id": "U3"}}
    rendered = {"rendered_schedule_entries": [entry]}
    [told] = imported(export(plan={"final_schedule": rendered})).differences
    assert told == (
        "schedule Tea, 2026-03-04 09:00 to 2026-03-05 09:00 Europe/Berlin: "
        "PagerDuty says otto is on call; the schedule here says mina"
    )
    assert imported(export(plan={"final_schedule": rendered, "overrides_subschedule": rendered})).differences == []


def test_what_could_not_be_compared_is_said() -> None:
    assert "not compared with who PagerDuty says is on call" in imported().notes[0]


def test_services_need_a_project() -> None:
    found = export(services=[{"id": "K", "name": "Kettle"}])
    assert [problem.what for problem in imported(found).problems] == ["service Kettle"]
    plan = imported(found, replace(INTO, services_of=make_environment().project))
    assert lines(plan, "service") == [("kettle", What.MADE)]


def test_services_that_an_answer_does_not_name_stay() -> None:
    into = replace(INTO, services_of=make_environment().project)
    for name in ("Kettle", "Teapot"):
        imported(export(services=[{"id": name, "name": name}]), into)
    assert Service.objects.count() == 2


def test_services_of_one_name_are_not_mixed() -> None:
    found = export(services=[{"id": "K", "name": "Kettle"}, {"id": "L", "name": "kettle!"}])
    plan = imported(found, replace(INTO, services_of=make_environment().project))
    assert lines(plan, "service") == [("kettle", What.MADE)]
    assert [problem.what for problem in plan.problems] == ["service kettle!"]


def test_schedules_can_be_of_a_project() -> None:
    shop = make_environment().project
    imported(into=replace(INTO, project=shop))
    assert Schedule.objects.get().project == shop


def choosing(service: str = "Kettle", key: str = "E1", **lists: Any) -> Found:
    """Two policies, and a service that uses one of them."""
    calls = [policy(*TARGETS) | {"id": key, "name": name} for key, name in (("E1", "Calls"), ("E2", "Other"))]
    using = {"id": "K", "name": service, "escalation_policy": {"id": key, "type": "escalation_policy_reference"}}
    return export(**({"escalation_policies": calls, "services": [using]} | lists))


@pytest.fixture
def kitchen() -> Into:
    """A project, into which services go."""
    return replace(INTO, services_of=make_environment().project)


def test_the_policy_of_a_service_is_chosen_once_and_follows_the_export(kitchen: Into) -> None:
    assert lines(imported(choosing(), kitchen), "choice") == [("calls for kettle", What.MADE)]
    assert lines(imported(choosing(), kitchen, 1), "choice") == [("calls for kettle", What.LEFT)]
    assert lines(imported(choosing(key="E2"), kitchen, 2), "choice") == [("other for kettle", What.CHANGED)]
    assert PolicyChoice.objects.get().policy.slug == "other"


def test_a_choice_that_people_made_stays(kitchen: Into) -> None:
    imported(choosing(), kitchen)
    other, place = EscalationPolicy.objects.get(slug="other"), {"service": "kettle", "severity": ""}
    choose(other, project=kitchen.services_of, **place, actor="mina", now=NOW)
    [line] = [each for each in imported(choosing(), kitchen).lines if each.kind == "choice"]
    assert (line.what, line.told) == (What.LEFT, "left at other, as mina chose")


def test_a_service_is_found_by_its_alias_and_by_its_team(kitchen: Into) -> None:
    imported(choosing(), kitchen)
    PolicyChoice.objects.all().delete()
    Service.objects.update(aliases=["Water"], owner=Team.objects.create(slug="kitchen", name="Kitchen"))
    for choice in (FoundChoice("E1", "Water"), FoundChoice("E2", team="Kitchen")):
        imported(replace(choosing(services=[]), choices=(choice,)), kitchen)
    assert PolicyChoice.objects.get().policy.slug == "other"


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        ((FoundChoice("E1", "Lamp"),), "none is called so in"),
        ((FoundChoice("E9", "Kettle"),), "the policy was not made here"),
        ((FoundChoice("E1", "Kettle"), FoundChoice("E2", "Kettle")), "another one of the export chooses calls"),
    ],
)
def test_what_can_not_be_chosen_is_told(kitchen: Into, choices: tuple[FoundChoice, ...], why: str) -> None:
    plan = imported(replace(choosing(), choices=choices), kitchen)
    assert [why in problem.why for problem in plan.problems] == [True]


def test_choices_need_a_project() -> None:
    assert (
        "say with --project"
        in imported(replace(choosing(services=[]), choices=(FoundChoice("E1", "Kettle"),))).problems[0].why
    )
