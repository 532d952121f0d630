"""What is due is done, once and in the end: a timer goes only in the transaction that did what it was for.

Timers are looked at without a lock and carried out by actions that look again for themselves. So the order of locks is always
what the timer is about first, the timer last, as in ingest; and two workers that sweep at once do no harm. Incidents are locked
without their keys (`no_key`): ingest writes rows that refer to them, which PostgreSQL checks at its commit, after the timers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.db import connection, transaction

from tocsin.alerts import expiry, silences
from tocsin.ground.database import is_away
from tocsin.ground.models import Timer
from tocsin.incidents import (
    assessments,
    bulletins,
    calming,
    changes,
    clocks,
    followup,
    publishing,
    update_clocks,
    updates,
)
from tocsin.postmortems import changes as postmortems
from tocsin.postmortems.export import export
from tocsin.workflows import assessing, escalating, expiring, holding, persisting

log = logging.getLogger(__name__)

# What each kind of timer does with its key. A kind that only a newer version knows is left to that.
DUE: dict[str, Callable[[str, datetime], object]] = {
    "quiet": lambda key, now: changes.resolve_if_quiet(int(key), now),
    silences.TIMER: lambda key, now: holding.look(int(key), now),
    calming.TIMER: lambda key, now: calming.look(int(key), now),
    expiry.TIMER: lambda _, now: expiring.sweep(now),
    assessments.TIMER: lambda key, now: assessing.judge(int(key), now),
    clocks.TIMER: lambda key, now: clocks.tell(int(key), now),
    changes.OUTLASTED: lambda key, now: persisting.look(int(key), now),
    changes.ENDED: lambda key, now: postmortems.open_if_needed(int(key), now),
    postmortems.TIMER: lambda key, now: postmortems.remind(int(key), now),
    postmortems.EXPORT: lambda key, now: export(int(key), now),
    changes.REOPENED: lambda key, now: update_clocks.look(int(key), now),
    update_clocks.TIMER: lambda key, now: update_clocks.look(int(key), now),
    updates.SENT: lambda key, now: bulletins.tell(int(key), now),
    publishing.ANNOUNCED: lambda key, now: bulletins.announce(int(key), now),
    followup.TIMER: lambda key, now: followup.remind(int(key), now),
    escalating.TIMER: lambda key, now: escalating.look(int(key), now),
}
MOST_AT_ONCE = 1000
# A timer that fails stands back, so that the ones behind it are not held up.
STAND_BACK = timedelta(minutes=1)
# Advisory locks of timers begin here, far from those of other purposes.
_LOCKS = 7_104_004 << 32


def sweep(now: datetime, kinds: Collection[str] = tuple(DUE), most: int = MOST_AT_ONCE) -> int:
    """Carries out the timers of these kinds that are due at `now`, at most so many; how many were."""
    due = Timer.objects.filter(due_at__lte=now, kind__in=kinds).order_by("due_at")[:most]
    return sum(_carry_out(timer, now) for timer in due)


def _is_ours(timer: Timer) -> bool:
    """Whether it is still due and no other worker is at it: waiting for its lock would only find the work done."""
    with connection.cursor() as cursor:
        ours = (
            "SELECT pg_try_advisory_xact_lock(%s) AND EXISTS (SELECT FROM ground_timer WHERE id = %s AND due_at = %s)"
        )
        cursor.execute(ours, [_LOCKS + timer.pk, timer.pk, timer.due_at])
        return bool(cursor.fetchone()[0])


def _carry_out(timer: Timer, now: datetime) -> bool:
    try:
        with transaction.atomic():
            if not _is_ours(timer):
                return False
            DUE[timer.kind](timer.key, now)
            Timer.objects.filter(pk=timer.pk, due_at=timer.due_at).delete()  # set anew meanwhile: it stays
    except Exception as error:  # the outermost loop of a timer: the log has it, and the others go on
        if is_away(error):  # nothing is wrong with the timer
            raise
        log.exception("timer %s of %s failed; it is tried again in %s", timer.kind, timer.key, STAND_BACK)
        Timer.objects.filter(pk=timer.pk, due_at=timer.due_at).update(due_at=now + STAND_BACK)
        return False
    return True
