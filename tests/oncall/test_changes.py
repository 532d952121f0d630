"""What people do to schedules."""

from __future__ import annotations

import pytest

from tests.factories import make_environment, make_user
from tests.oncall.kept import DAY, TODAY, ZONE, make_schedule, replacing
from tests.oncall.schedules import layer, utc
from tocsin.accounts.models import User
from tocsin.ground.edits import BadEdit
from tocsin.oncall import changes, store
from tocsin.oncall.changes import Change, Draft, Stand
from tocsin.oncall.clock import BadSchedule
from tocsin.oncall.definition import read
from tocsin.oncall.models import Override, Schedule, ScheduleEntry
from tocsin.oncall.schedule import Kind

pytestmark = pytest.mark.django_db


def lines(schedule: Schedule) -> list[str]:
    return list(schedule.history.order_by("pk").values_list("text", flat=True))


def test_a_new_schedule_tells_who_is_on_call() -> None:
    made = make_schedule()
    assert (made.slug, store.on_call(made, TODAY).people) == ("shop", ("alice",))
    assert lines(made) == ["Made with one layer."]


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (Draft("Shop", ZONE), "There is a schedule “shop” already"),
        (Draft(" ", ZONE), "Give the schedule a name"),
        (Draft("☂", ZONE), "letters or digits"),
        (Draft("New", ZONE), "the address of another page"),
        (Draft("Bank", "Mars"), "“Mars” is no time zone"),
        (Draft("Bank", ZONE, (layer("One", ("nobody",)),)), "nobody called “nobody” who could be on call here"),
        (Draft("Bank", ZONE, (layer(), layer())), "a name of its own"),
    ],
)
def test_what_makes_no_sense_is_not_made(draft: Draft, why: str) -> None:
    make_schedule()
    with pytest.raises(BadSchedule, match=why):
        changes.create(draft, actor="dave", now=TODAY)


def test_viewers_and_strangers_to_a_project_are_not_on_call_for_it() -> None:
    make_user("vera", role="viewer")
    make_user("steve", role="")
    shop = make_environment().project.pk
    for name in ("vera", "steve"):
        with pytest.raises(BadSchedule, match=f"nobody called “{name}”"):
            changes.create(Draft("Bank", ZONE, (layer("One", (name,)),), project=shop), actor="dave", now=TODAY)


def test_an_edit_is_kept_with_what_it_changed() -> None:
    made = make_schedule()
    draft = Draft("Shop", "UTC", (layer("Primary", ("bob",)),))
    edited = changes.edit(made.pk, draft, seen=1, actor="carol", now=TODAY)
    assert store.on_call(edited, TODAY).people == ("bob",)
    entry = ScheduleEntry.objects.latest("pk")
    assert (entry.actor, entry.version) == ("carol", 2)
    assert entry.text == "Shown in UTC instead of Europe/Berlin, changed “Primary” (people)."
    assert read(entry.definition) == draft.layers


def test_an_edit_of_what_somebody_else_has_changed_is_refused() -> None:
    made = make_schedule()
    changes.edit(made.pk, Draft("Store", ZONE, (layer(),)), seen=1, actor="carol", now=TODAY)
    with pytest.raises(BadEdit, match="carol has changed “Store” meanwhile"):
        changes.edit(made.pk, Draft("Shop", ZONE, (layer(),)), seen=1, actor="dave", now=TODAY)


def test_an_edit_that_changes_nothing_is_no_version() -> None:
    made = make_schedule()
    assert changes.edit(made.pk, Draft("Shop", ZONE, (layer(),)), seen=1, actor="carol", now=TODAY).version == 1


def test_whoever_is_in_it_may_stay_when_their_account_is_off_but_their_turns_go_to_others() -> None:
    made = make_schedule()
    User.objects.filter(username="alice").update(is_active=False)
    assert changes.edit(made.pk, Draft("Store", ZONE, (layer(),)), seen=1, actor="dave", now=TODAY).version == 2
    [duty] = store.on_call(made, TODAY).duties
    assert (duty.person, duty.reason) == (
        "bob",
        "stands in for alice in “Primary”, who is away (their account is switched off)",
    )


def test_an_override_holds_for_its_time_until_it_is_taken_back() -> None:
    made = make_schedule()
    kept = changes.override(made.pk, replacing("alice", "dave", reason="dentist"), actor="alice", now=TODAY)
    assert store.on_call(made, TODAY + DAY).people == ("dave",)
    assert store.on_call(made, TODAY).people == ("alice",)
    changes.take_back(kept.pk, actor="carol", now=TODAY)
    assert store.on_call(made, TODAY + DAY).people == ("alice",)
    said = "dave instead of alice from 2026-03-04 09:00 to 2026-03-05 09:00 Europe/Berlin"
    assert lines(made)[1:] == [f"Override: {said} (dentist)", f"Took back the override: {said}"]


def test_what_was_taken_back_is_not_taken_back_again() -> None:
    kept = changes.override(make_schedule().pk, replacing("alice", "dave"), actor="alice", now=TODAY)
    changes.take_back(kept.pk, actor="carol", now=TODAY)
    with pytest.raises(Override.DoesNotExist):
        changes.take_back(kept.pk, actor="carol", now=TODAY)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (replacing("alice", "nobody"), "nobody called “nobody”"),
        (replacing("alice", ""), "Say who comes in"),
        (replacing("bob", "dave"), "bob is not on call then, so this would change nothing"),
        (replacing("alice", "dave", 1), "in the past"),
        (Change(Kind.ADD, "2026-03-04", "2026-03-04", ZONE, "dave"), "end must come after the start"),
        (Change(Kind.ADD, "tomorrow", "2026-03-05", ZONE, "dave"), "“tomorrow” is no time"),
        (Change(Kind.ADD, "2026-03-04", "2029-03-05", ZONE, "dave"), "at most 400 days"),
        (replacing("alice", "dave", reason="x" * 501), "The reason is too long"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(change: Change, why: str) -> None:
    made = make_schedule()
    with pytest.raises(BadSchedule, match=why):
        changes.override(made.pk, change, actor="alice", now=TODAY)


def test_a_temporary_schedule_holds_instead_until_it_is_taken_back() -> None:
    made = make_schedule()
    shifts = [{"person": "dave", "starts": "2026-03-04T00:00", "ends": "2026-03-04T18:00"}]
    feast = changes.stand_in(made.pk, Stand("Feast", "2026-03-04", "2026-03-05", ZONE, shifts), actor="dave", now=TODAY)
    assert store.on_call(made, TODAY + DAY).people == ("dave",)
    assert store.on_call(made, utc(3, 4, 20)).reason == "the temporary schedule “Feast” has nobody then"
    changes.stand_down(feast.pk, actor="dave", now=TODAY)
    assert store.on_call(made, TODAY + DAY).people == ("alice",)


def test_a_temporary_schedule_without_shifts_is_refused() -> None:
    stand = Stand("Feast", "2026-03-04", "2026-03-05", ZONE, [])
    with pytest.raises(BadSchedule, match="Say who is on call in it"):
        changes.stand_in(make_schedule().pk, stand, actor="dave", now=TODAY)


def test_a_shift_beyond_its_temporary_schedule_is_refused() -> None:
    shifts = [{"person": "dave", "starts": "2026-03-04T00:00", "ends": "2026-03-06T00:00"}]
    with pytest.raises(BadSchedule, match="reaches beyond"):
        changes.stand_in(
            make_schedule().pk, Stand("Feast", "2026-03-04", "2026-03-05", ZONE, shifts), actor="dave", now=TODAY
        )


def test_a_schedule_out_of_use_is_out_of_sight() -> None:
    made = make_schedule()
    changes.archive(made.pk, actor="dave", now=TODAY)
    assert list(store.in_use()) == []
    with pytest.raises(Schedule.DoesNotExist):
        changes.override(made.pk, replacing("alice", "dave"), actor="alice", now=TODAY)
