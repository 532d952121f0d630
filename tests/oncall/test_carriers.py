"""What people say of themselves, and secret addresses."""

from __future__ import annotations

import pytest

from tests.factories import make_user
from tests.oncall.kept import DAY, TODAY, ZONE, make_people, make_schedule
from tocsin.ground.models import Timer
from tocsin.oncall import carriers, store
from tocsin.oncall.clock import BadSchedule
from tocsin.oncall.models import Absence, Carrier

pytestmark = pytest.mark.django_db


def test_the_turns_of_whoever_is_away_are_given_to_others() -> None:
    schedule = make_schedule()
    [alice] = make_people("alice")
    kept = carriers.be_away(alice, "2026-03-04", "2026-03-06", ZONE, "Lisbon", TODAY)
    assert store.on_call(schedule, TODAY + DAY).people == ("bob",)
    carriers.be_back(alice, kept.pk)
    assert store.on_call(schedule, TODAY + DAY).people == ("alice",)


def test_nobody_takes_back_what_others_have_said() -> None:
    alice, bob = make_people("alice", "bob")
    kept = carriers.be_away(alice, "2026-03-04", "2026-03-06", ZONE, "", TODAY)
    with pytest.raises(Absence.DoesNotExist):
        carriers.be_back(bob, kept.pk)


def test_an_absence_that_is_over_is_refused() -> None:
    with pytest.raises(BadSchedule, match="in the past"):
        carriers.be_away(make_user(), "2026-01-04", "2026-01-06", ZONE, "", TODAY)


def test_a_feed_is_found_by_its_secret_alone_and_the_one_before_no_longer_works() -> None:
    schedule, person = make_schedule(), carriers.carrier(make_people("alice")[0])
    first, other = carriers.new_feed(schedule), carriers.new_feed(person)
    assert (carriers.owner_of(first), carriers.owner_of(other)) == (schedule, person)
    carriers.new_feed(schedule)
    assert carriers.owner_of(first) is None
    assert first not in str(Carrier.objects.values()) + str(type(schedule).objects.values())


def test_the_feed_of_somebody_whose_account_is_off_is_nobodys() -> None:
    user = make_user()
    token = carriers.new_feed(carriers.carrier(user))
    user.is_active = False
    user.save()
    assert carriers.owner_of(token) is None


@pytest.mark.parametrize("url", ["ftp://example.org/a.ics", "nonsense", "https://me:secret@example.org/a.ics"])
def test_an_address_that_can_not_be_read_is_refused(url: str) -> None:
    with pytest.raises(BadSchedule, match="The address can't be used"):
        carriers.follow(make_user(), url, TODAY)


def test_a_calendar_is_kept_sealed_and_read_by_a_timer() -> None:
    user = make_user()
    carriers.follow(user, "webcal://calendar.example.org/secret/alice.ics", TODAY)
    kept = Carrier.objects.get()
    assert kept.calendar_host == "calendar.example.org"
    assert b"secret" not in bytes(kept.calendar or b"")
    assert Timer.objects.get(kind=carriers.TIMER).due_at == TODAY


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a.ics", "http://169.254.169.254/latest"])
def test_a_calendar_at_an_address_inside_is_not_asked_for_and_what_was_read_stays(url: str) -> None:
    user = make_user()
    carriers.follow(user, url, TODAY)
    times = {"starts": "2026-03-04T00:00", "ends": "2026-03-05T00:00", "zone": ZONE}
    Absence.objects.create(user=user, from_calendar=True, **times)
    assert carriers.refresh_due(TODAY) == 1
    assert Carrier.objects.get().calendar_problem.endswith("is an address inside, which is refused")
    assert Absence.objects.count() == 1
    assert carriers.refresh_due(TODAY) == 0
    assert carriers.refresh_due(TODAY + carriers.READ_AGAIN) == 1


def test_what_a_calendar_says_replaces_what_it_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    carriers.follow(user, "https://calendar.example.org/alice.ics", TODAY)
    for day in ("20260704", "20260707"):
        _answers(
            monkeypatch, f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:{day}\nEND:VEVENT\nEND:VCALENDAR"
        )
        carriers.refresh(user.pk, TODAY)
    assert Absence.objects.get().starts == "2026-07-07T00:00"
    assert Carrier.objects.get().calendar_read_at == TODAY


def test_a_calendar_no_longer_followed_takes_its_absences_along() -> None:
    user = make_user()
    carriers.follow(user, "https://calendar.example.org/alice.ics", TODAY)
    Absence.objects.create(user=user, from_calendar=True, starts="2026-03-04T00:00", ends="2026-03-05T00:00", zone=ZONE)
    carriers.follow(user, "", TODAY)
    assert (Absence.objects.count(), Carrier.objects.get().calendar, Timer.objects.count()) == (0, None, 0)


def _answers(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What the network would answer."""

    async def fetched(_: str) -> bytes:
        return text.encode()

    monkeypatch.setattr(carriers, "_fetched", fetched)
