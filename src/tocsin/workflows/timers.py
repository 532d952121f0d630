"""What is due is done: timers are claimed and carried out in one transaction, so that a crash forgets none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from tocsin.ground.models import Timer
from tocsin.incidents import changes

# What each kind of timer does with its key.
DUE: dict[str, Callable[[str, datetime], object]] = {
    "quiet": lambda key, now: changes.resolve_if_quiet(int(key), now),
}


def sweep(now: datetime) -> int:
    """Carries out all timers due at `now`; how many there were."""
    done = 0
    while _carry_out_one(now):
        done += 1
    return done


@transaction.atomic
def _carry_out_one(now: datetime) -> bool:
    timer = Timer.objects.select_for_update(skip_locked=True).filter(due_at__lte=now).order_by("due_at").first()
    if timer is None:
        return False
    timer.delete()
    DUE[timer.kind](timer.key, now)
    return True
