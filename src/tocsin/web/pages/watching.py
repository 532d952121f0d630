"""The warning on every page that somebody was not told, or that nothing sees to it. Looked up for all pages at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tocsin.accounts.access import Access, Role
from tocsin.ground import database
from tocsin.ground.aside import aside
from tocsin.workflows import watching
from tocsin.workflows.signs import Sign
from tocsin.workflows.watching import MOST_ALARMS, Raised, Seen

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
PATIENCE_S = 10.0
# What was seen longer ago says nothing of now.
BLIND_AFTER = timedelta(seconds=30)

# What was seen last: set while the web process runs. No page asks the database for it.
seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """What one person is warned of. `alarm` is the newest, `untold` of how many incidents there are any, `or_more` too many
    to count. `blind_since`: since when nobody could look, where that is so.
    """

    failing: tuple[Sign, ...] = ()
    alarm: Raised | None = None
    untold: int = 0
    or_more: bool = False
    blind_since: datetime | None = None
    may_look: bool = False
    now: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.failing or self.alarm or self.blind_since)


def warned(request: HttpRequest) -> dict[str, object]:
    """For every template: what whoever asks is to be warned of."""
    return {"warned": SimpleLazyObject(lambda: of(getattr(request, "access", None), timezone.now()))}


def of(access: Access | None, now: datetime) -> Warned:
    """What somebody with this access is warned of: what fails of Tocsin itself, and alarms of the projects that they may see."""
    if seen is None or access is None or access.highest is None:
        return Warned()
    alarms = seen.of(lambda project: access.may(Role.VIEWER, project))
    return Warned(
        failing=seen.failing,
        alarm=next(iter(alarms), None),
        untold=len({each.incident for each in alarms}),
        or_more=len(seen.alarms) >= MOST_ALARMS,
        blind_since=seen.at if now - seen.at > BLIND_AFTER else None,
        may_look=access.may(Role.VIEWER, None),
        now=now,
    )


def live(request: HttpRequest) -> HttpResponse:
    """GET /watch: the warning by itself, for a page that was told that there is another."""
    return render(request, "parts/warned.html")


async def keep_looking(tell: Callable[[], None]) -> None:
    """Looks until cancelled, and calls `tell` when pages have something else to show."""
    global seen
    shown: object = None
    looking: asyncio.Future[Seen] | None = None
    while True:
        looking = looking or asyncio.ensure_future(aside(_look))
        await asyncio.wait([looking], timeout=PATIENCE_S)
        if looking.done():  # a database that hangs keeps no more than one look waiting
            seen, looking = _found(looking) or seen, None
        before, shown = shown, _shows(seen)
        if before != shown:
            tell()
        await asyncio.sleep(LOOK_EVERY_S)


def _found(looking: asyncio.Future[Seen]) -> Seen | None:
    """What was seen; None where nobody could look: then what was seen last grows old, which pages say."""
    try:
        return looking.result()
    except Error as error:
        log.warning("nobody can see whether pages go out: %s", type(error).__name__)
    except Exception:  # outermost loop: whatever it was, pages are served on
        log.exception("nobody can see whether pages go out")
    return None


def _look() -> Seen:
    return watching.look(database.now())


def _shows(what: Seen | None) -> object:
    return what and (what.version, timezone.now() - what.at > BLIND_AFTER)
