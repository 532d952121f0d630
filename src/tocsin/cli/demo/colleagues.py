"""The demonstration's people and their turns with the pager, in two zones. None of them can sign in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from tocsin.accounts.models import User
    from tocsin.oncall.models import Schedule

NAMES = ("ayse", "bruno", "chidi", "dana", "emil")
ISTANBUL, NEW_YORK = "Europe/Istanbul", "America/New_York"


def employ(now: datetime, reader: str) -> None:
    """Makes the people who are not there yet and, once, their schedules; `reader`, who looks at it all, has turns too."""
    from tocsin.accounts.models import Role, User
    from tocsin.oncall.models import Schedule

    for name in NAMES:
        person, is_new = User.objects.get_or_create(username=name, defaults={"role": Role.RESPONDER})
        if is_new:
            person.set_unusable_password()
            person.save()
    if not Schedule.objects.exists():
        platform = _platform(now)
        _second_line(now, reader)
        _live(platform, User.objects.get(username=reader), now)


def _platform(now: datetime) -> Schedule:
    """Weeks in turn, with a second person in office hours."""
    from tocsin.oncall.changes import Draft, create
    from tocsin.oncall.hours import read_hours
    from tocsin.oncall.rotation import Rotation
    from tocsin.oncall.schedule import Layer

    weeks = Rotation((("ayse",), ("bruno",), ("chidi",)), _monday(now), ISTANBUL)
    pairs = Rotation((("bruno", "chidi"), ("chidi", "ayse"), ("ayse", "bruno")), _monday(now), ISTANBUL)
    layers = (Layer("Weeks", weeks), Layer("Two in office hours", pairs, read_hours("mon-fri 09:00-18:00")))
    about = "Who carries the pager for all that runs in production."
    return create(Draft("Platform", ISTANBUL, layers, about), actor="demo", now=now)


def _second_line(now: datetime, reader: str) -> None:
    """Half weeks on the other side of the ocean."""
    from tocsin.oncall.changes import Draft, create
    from tocsin.oncall.rotation import Rotation, Unit
    from tocsin.oncall.schedule import Layer

    turns = Rotation((("dana",), (reader,)), _monday(now), NEW_YORK, Unit.DAYS, 3)
    about = "Whom the first line turns to, and who is called where it does not answer."
    create(Draft("Second line", NEW_YORK, (Layer("Three days", turns),), about), actor="demo", now=now)


def _live(platform: Schedule, reader: User, now: datetime) -> None:
    """What happens to every schedule: somebody covers an evening, goes on holiday, asks for a swap."""
    from tocsin.accounts.models import User
    from tocsin.oncall import carriers, swaps
    from tocsin.oncall.changes import Change, override
    from tocsin.oncall.clock import Span
    from tocsin.oncall.schedule import Kind
    from tocsin.oncall.store import shifts_of

    for name, zone in zip((*NAMES, reader.username), (*[ISTANBUL] * 3, NEW_YORK, NEW_YORK, ISTANBUL), strict=True):
        carriers.set_zone(User.objects.get(username=name), zone)
    day = now.date() + timedelta(days=2)
    evening = Change(Kind.REPLACE, f"{day}T18:00", f"{day}T23:00", ISTANBUL, "emil", reason="a concert")
    override(platform.pk, evening, actor="chidi", now=now)
    away = now.date() + timedelta(days=16)
    bruno = User.objects.get(username="bruno")
    carriers.be_away(bruno, f"{away}T00:00", f"{away + timedelta(days=4)}T00:00", ISTANBUL, "holiday", now)
    later = Span(now + timedelta(days=9), now + timedelta(days=30))
    turns = [turn.shift.span.start for turn in shifts_of("chidi", [platform], later)]
    begins = next(start for start in turns if start > later.start).astimezone(ZoneInfo(ISTANBUL))
    wanted = (f"{begins:%Y-%m-%dT%H:%M}", f"{begins + timedelta(hours=8):%Y-%m-%dT%H:%M}")
    asked = Change(Kind.REPLACE, *wanted, ISTANBUL, reason="my daughter’s birthday")
    swaps.ask(platform.pk, asked, User.objects.get(username="chidi"), reader, now)


def _monday(now: datetime) -> datetime:
    """Nine in the morning of the Monday two weeks before this one, on the wall: turns then have a past to be seen."""
    start = now - timedelta(days=now.weekday() + 14)
    return start.replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
