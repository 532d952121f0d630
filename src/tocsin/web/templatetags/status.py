"""How templates of the public status page say times, spans and states."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tocsin.incidents.uptime import State
from tocsin.web.status import words

register = template.Library()
register.filter("said", words.said)


@register.filter
def shape(state: State) -> str:
    """What a state is called in the style sheet and among the shapes."""
    return state.name.lower()


@register.simple_tag
def utc(at: datetime) -> SafeString:
    """A moment: "1 Mar 2026, 03:05 UTC"."""
    at = at.astimezone(UTC)
    return format_html('<time datetime="{}">{} {}</time>', at.isoformat(), at.day, f"{at:%b %Y, %H:%M} UTC")


@register.simple_tag
def between(start: datetime, end: datetime) -> SafeString:
    """A span: "1 Mar 2026, 03:05 to 04:00 UTC", with the second day where it is another."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    until = f"{end:%H:%M} UTC" if start.date() == end.date() else f"{end.day} {end:%b %Y, %H:%M} UTC"
    return format_html("{} {} to {}", start.day, f"{start:%b %Y, %H:%M}", until)


@register.simple_tag
def lasted(start: datetime, end: datetime) -> str:
    """How long something took: "42 min"."""
    return words.lasting(end - start)
