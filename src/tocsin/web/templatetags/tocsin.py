"""How templates write times, durations, confidences, commands and notes."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tocsin.deployments.models import Deployment
from tocsin.incidents.triage.scale import shown
from tocsin.web.pages import citations, keys, markdown, words

register = template.Library()
register.filter("percent", words.percent)
register.filter("look_at", words.look_at)
register.filter("is_web", words.is_web)
register.filter("note", markdown.rendered)
register.filter("marked", markdown.with_marks)
register.filter("gathered", citations.gathered)
register.filter("by_reason", citations.by_reason)


@register.inclusion_tag("parts/keys.html")
def key_sheet() -> dict[str, object]:
    """The sheet of keys, and the palette that one of them opens."""
    return {"groups": keys.sheet()}


@register.simple_tag
@lru_cache(maxsize=64)
def asset(path: str) -> str:
    """The address of a static file, which changes with its content so that no browser keeps an old one."""
    found = finders.find(path)
    assert found, f"no static file {path}"
    return f"{static(path)}?v={hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]}"


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """A point in time: in UTC as it is, in the reader's own words once the page's script has seen it."""
    return format_html('<time datetime="{}" data-moment>{}</time>', _iso(at), words.utc(at))


@register.simple_tag
def dated(at: datetime) -> SafeString:
    """A point in time by its day, however near it is: where several stand in a list, and are compared."""
    return format_html('<time datetime="{}" data-dated>{}</time>', _iso(at), words.utc(at))


@register.simple_tag
def clock(at: datetime) -> SafeString:
    """A point in time as hours and minutes: in UTC, in the reader's zone once the page's script has seen it."""
    return format_html('<time datetime="{}" data-clock>{}</time>', _iso(at), words.utc(at))


@register.simple_tag
def lasted(start: datetime, end: datetime | None, now: datetime) -> SafeString:
    """How long something took, or how long it has been going on."""
    length = words.duration((end or now) - start)
    if end is not None:
        return format_html("<span>{}</span>", length)
    return format_html('<time datetime="{}" data-since>{}</time>', _iso(start), length)


@register.simple_tag
def countdown(due: datetime, now: datetime) -> SafeString:
    """How much time there is left until a moment, or by how much it is past."""
    return format_html('<time datetime="{}" data-until>{}</time>', _iso(due), words.remaining(due - now))


@register.simple_tag
def due_at(due: datetime, now: datetime) -> SafeString:
    """A moment ahead, and in how long that is."""
    return format_html('<time datetime="{}" data-ahead>{}</time>', _iso(due), f"in {words.duration(due - now)}")


@register.filter
def in_scale(severity: str, scale: object) -> str:
    """A severity as this installation says it; `scale` is the context's `severity_scale`."""
    return shown(severity, str(scale))


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


@register.filter
def shell(argv: Sequence[str]) -> str:
    """An argument list as a line that can be pasted into a shell."""
    return shlex.join(argv)


@register.simple_tag
def run_title(run: Deployment) -> SafeString:
    """What was run, of what, and in which workspace where that says something."""
    named = run.workspace and run.workspace not in ("default", run.configuration)
    workspace = format_html(' <span class="faint">({})</span>', run.workspace) if named else ""
    return format_html("{} of {}{}", f"{run.tool} {run.command}".strip(), run.configuration, workspace)


@register.filter
def stretch(seconds: float) -> str:
    """A number of seconds in words."""
    return words.duration(timedelta(seconds=seconds)) if seconds >= 1 else "< 1 s"


@register.filter
def planned(action: str) -> str:
    """What a plan does, in words after "to"."""
    return words.PLANNED_WORDS[action]


@register.filter
def amount(sum_: Decimal, currency: str) -> str:
    """A sum a month."""
    return words.money(sum_, currency)


@register.filter
def difference(sum_: Decimal, currency: str) -> str:
    """A difference of sums a month, with its sign."""
    return words.money(sum_, currency, is_difference=True)


@register.filter
def verb(status: str) -> str:
    """What a button says that moves an incident to a stage."""
    return words.STATUS_VERBS[status]


@register.filter
def sureness(label: str) -> str:
    """A confidence label in words."""
    return words.CONFIDENCE_WORDS.get(label, label)


@register.filter
def whole(probability: float) -> int:
    """A probability in whole hundredths, for a meter."""
    return round(probability * 100)
