"""The demonstration's people: three who take turns with the pager. None of them can sign in."""

from __future__ import annotations

from datetime import datetime, timedelta

NAMES = ("ayse", "bruno", "chidi")
ZONE = "Europe/Istanbul"


def employ(now: datetime) -> None:
    """Makes the people who are not there yet, and their schedule: weeks in turn, with a second person in office hours."""
    from tocsin.accounts.models import Role, User
    from tocsin.oncall.changes import Draft, create
    from tocsin.oncall.hours import read_hours
    from tocsin.oncall.models import Schedule
    from tocsin.oncall.rotation import Rotation
    from tocsin.oncall.schedule import Layer

    for name in NAMES:
        _, is_new = User.objects.get_or_create(username=name, defaults={"role": Role.RESPONDER})
        if is_new:
            person = User.objects.get(username=name)
            person.set_unusable_password()
            person.save()
    if Schedule.objects.exists():
        return
    monday = (now - timedelta(days=now.weekday() + 14)).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    weeks = Rotation(tuple((name,) for name in NAMES), monday, ZONE)
    pairs = Rotation((("bruno", "chidi"), ("chidi", "ayse"), ("ayse", "bruno")), monday, ZONE)
    layers = (Layer("Weeks", weeks), Layer("Two in office hours", pairs, read_hours("mon-fri 09:00-18:00")))
    create(
        Draft("Platform", ZONE, layers, "Who carries the pager for all that runs in production."), actor="demo", now=now
    )
