"""Makers of kept schedules for tests: “Shop”, with the weekly rotation of alice, bob and carol."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import make_user
from tests.oncall.schedules import layer, utc
from tocsin.accounts.models import User
from tocsin.oncall import changes
from tocsin.oncall.changes import Change, Draft
from tocsin.oncall.models import Schedule
from tocsin.oncall.schedule import Kind, Layer

# A Tuesday, in alice's week.
TODAY = utc(3, 3)
ZONE = "Europe/Berlin"


def make_people(*names: str) -> list[User]:
    """Responders of these names, those that are not there yet."""
    return [User.objects.filter(username=name).first() or make_user(name) for name in names]


def make_schedule(name: str = "Shop", *layers: Layer, project: int | None = None) -> Schedule:
    """A schedule whose people there are."""
    make_people("alice", "bob", "carol", "dave")
    return changes.create(Draft(name, ZONE, layers or (layer(),), project=project), actor="dave", now=TODAY)


def replacing(instead_of: str, person: str, day: int = 4, **values: str) -> Change:
    """That somebody takes over a day of March."""
    starts, ends = (f"2026-03-{one:02}T09:00" for one in (day, day + 1))
    return Change(Kind.REPLACE, starts, ends, ZONE, person, instead_of, **values)


DAY = timedelta(days=1)
