"""The worker's own log: for trying things out, and as the twin of channels that cost money."""

from __future__ import annotations

from tocsin.notifications.channel import Ability, About, ConsoleLine, Field, Limit, Usual, Way
from tocsin.notifications.notice import Notice, headline

ABOUT = About(
    title="Console",
    fields=(Field("prefix", "What each line begins with", is_required=False, default="tocsin"),),
    steps=("Nothing is to be done elsewhere: each message becomes one line of the worker’s log.",),
    abilities=frozenset({Ability.REACHES_PEOPLE}),
    usual=Usual.EVERYTHING,
    limit=Limit.NONE,
    address="Any name",
)


def render(notice: Notice, way: Way) -> tuple[ConsoleLine, ...]:
    """One line."""
    to = f" to {way.address}" if way.address else ""
    return (ConsoleLine(f"{way.settings.get('prefix', '')}{to}: {notice.kind}: {headline(notice)}"),)
