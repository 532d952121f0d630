"""A status page as HTML that stands alone: its style within, no script, nothing fetched from elsewhere. Pure."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from tocsin.incidents.uptime import State
from tocsin.web.status.public import PublicComponent, PublicIncident, PublicPage
from tocsin.web.status.words import headline, of_day, of_days, percent, said

# Ours, not anybody's input.
STYLE: SafeString = mark_safe((resources.files("tocsin.web") / "static/tocsin/status.css").read_text())  # noqa: S308
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# What a browser may do with it: apply the one style, show the one picture, send the form back here.
POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{_STYLE_HASH}'",
        "img-src data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
# Of the icon in a browser's tab: that style sheets can't reach.
_COLOURS = {
    State.OPERATIONAL: "1d7a4a",
    State.MAINTENANCE: "3b5fb0",
    State.DEGRADED: "8a6100",
    State.PARTIAL: "b1500f",
    State.MAJOR: "b3261e",
}


def page(page: PublicPage) -> bytes:
    """How everything is, what goes on, what is planned, what was lately."""
    rows = [(group, [_row(component) for component in members]) for group, members in page.groups]
    return _rendered("status/page.html", page, groups=rows)


def history(page: PublicPage) -> bytes:
    """Incidents and maintenance of the last 90 days, by month."""
    happened = sorted(
        [
            *((incident.began_at, incident, None) for incident in page.incidents),
            *((work.starts_at, None, work) for work in page.maintenances),
        ],
        key=lambda entry: entry[0],
        reverse=True,
    )
    months = [(name, list(entries)) for name, entries in groupby(happened, key=lambda entry: f"{entry[0]:%B %Y}")]
    return _rendered("status/history.html", page, months=months)


def incident(page: PublicPage, incident: PublicIncident) -> bytes:
    """One incident, with all that was told of it."""
    return _rendered("status/incident.html", page, incident=incident)


def _row(component: PublicComponent) -> dict[str, Any]:
    known = sum(day.state is not None for day in component.days)
    return {
        "component": component,
        "said": said(component.state),
        "percent": percent(component.uptime) if known > 1 else "",  # a share of a day that has just begun says nothing
        "known": known,
        "days": [(day.state.name.lower() if day.state else "none", of_day(day)) for day in component.days],
        "told": of_days(component.days),
    }


def _rendered(template: str, page: PublicPage, **more: Any) -> bytes:
    context = {
        "page": page,
        "state": page.state.name.lower(),
        "colour": _COLOURS[page.state],
        "headline": headline(page),
        "style": STYLE,
    }
    return render_to_string(template, context | more).encode()
