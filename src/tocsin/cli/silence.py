"""`tocsin silence`: hold incidents for a while from the command line, such as from the script of a maintenance."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.admin import OUTPUT, reached, refuse, split, tell

if TYPE_CHECKING:
    from tocsin.alerts.models import Silence
    from tocsin.alerts.silences import Draft
    from tocsin.catalog.models import Environment

ACTOR = "command line"
_SPAN = re.compile(r"(?P<number>\d{1,5})(?P<unit>[mhd])")
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"])
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@click.group()
def silence() -> None:
    """Silence alerts: they are kept, and nobody is told of their incidents while a silence lasts."""


@silence.command()
@click.argument("matchers", nargs=-1)
@click.option("--environment", metavar="PROJECT/ENVIRONMENT", help="Only there. Default: everywhere.")
@click.option("--reason", required=True, help="Why: others will ask.")
@click.option("--for", "length", default="2h", show_default=True, help="How long: 30m, 2h, 1d.")
@click.option(
    "--from",
    "start",
    type=MOMENT,
    metavar="TIME",
    help="When it begins by --zone: 2026-03-31T22:00. Default: now.",
)
@click.option("--zone", default="UTC", show_default=True, help="The IANA time zone whose clock counts.")
@click.option("--recurrence", default="", metavar="RRULE", help="Again and again: FREQ=WEEKLY;BYDAY=SU (RFC 5545).")
@click.option("--trial", is_flag=True, help="Hold nothing, and show what it would have held.")
@click.option("--preview", is_flag=True, help="Only show what it would match.")
@OUTPUT
def add(matchers: tuple[str, ...], preview: bool, output: str, **asked: Any) -> None:
    """Silence what all MATCHERS are true of: 'namespace="shop"' 'alertname=~"Disk.*"', as Alertmanager writes them."""
    with reached():
        from tocsin.alerts import silences
        from tocsin.alerts.recurrence import BadRecurrence

        now = datetime.now(UTC)
        try:
            draft = _draft("\n".join(matchers), now, **asked)
            if preview:
                _preview(draft, now, output)
                return
            kept = silences.keep(draft, actor=ACTOR, now=now)
        except (silences.BadSilence, BadRecurrence) as error:
            refuse(str(error).rstrip("."))
    tell(
        output, f"Silence {kept.pk} holds from {kept.active_from:%F %T} to {kept.active_until:%F %T} UTC.", **_row(kept)
    )


@silence.command("list")
@OUTPUT
def show(output: str) -> None:
    """Show the silences that hold, or will."""
    with reached():
        from tocsin.alerts.models import Silence

        current = Silence.objects.filter(active_until__gt=datetime.now(UTC), ended_at=None)
        rows = [_row(one) for one in current.select_related("environment__project").order_by("id")]
    click.echo(json.dumps(rows) if output == "json" else "\n".join(map(_line, rows)) or "Nothing is silenced.")


@silence.command()
@click.argument("number", type=click.IntRange(1))
@OUTPUT
def end(number: int, output: str) -> None:
    """End silence NUMBER now; what it holds and still fires is told of."""
    with reached():
        from tocsin.alerts import silences
        from tocsin.alerts.models import Silence

        try:
            silences.end(number, actor=ACTOR, now=datetime.now(UTC))
        except Silence.DoesNotExist:
            refuse(f"there is no silence {number}; `tocsin silence list` shows them")
        except silences.BadSilence as error:
            refuse(f"silence {number}: {str(error).rstrip('.')}")
    tell(output, f"Silence {number} has ended.", id=number)


def _line(row: dict[str, Any]) -> str:
    """One silence for people: where, its current or next span in UTC, whether it comes again, and what it is about."""
    again = f" {row['recurrence']} by {row['zone']}" if row["recurrence"] else ""
    trial = " (in trial)" if row["trial"] else ""
    span = f"{row['active_from']:.16} to {row['active_until']:.16}{again}"
    return f"{row['id']:>4}  {row['environment']:<24} {span}  {row['reason']}{trial}: {' '.join(row['matchers'])}"


def _draft(matchers: str, now: datetime, **asked: Any) -> Draft:
    from tocsin.alerts.recurrence import time_zone
    from tocsin.alerts.silences import Draft

    span = _SPAN.fullmatch(asked["length"])
    if span is None:
        refuse(f"--for {asked['length']}: write a length such as 30m, 2h or 1d")
    start = asked["start"].replace(tzinfo=time_zone(asked["zone"])).astimezone(UTC) if asked["start"] else now
    ends = start + timedelta(**{_UNITS[span["unit"]]: int(span["number"])})
    place = _environment(asked["environment"]) if asked["environment"] else None
    where = place.pk if place else None
    return Draft(
        where, matchers, start, ends, asked["reason"], asked["recurrence"], asked["zone"], is_trial=asked["trial"]
    )


def _environment(named: str) -> Environment:
    from tocsin.catalog.models import Environment

    project, slug = split(named)
    found = Environment.objects.filter(project__slug=project, slug=slug).first()
    if found is None:
        refuse(f"there is no environment {named}")
    return found


def _preview(draft: Draft, now: datetime, output: str) -> None:
    from tocsin.alerts import silences
    from tocsin.workflows.holding import service_names

    found = silences.preview(draft, now, service_names())
    titles = [alert.title for alert in found.shown]
    text = f"It would match {found.firing} firing alerts, and {found.lately} of the last 24 hours."
    newest = f" The newest: {', '.join(titles)}." if titles else ""
    tell(output, text + newest, firing=found.firing, lately=found.lately, newest=titles)


def _row(kept: Silence) -> dict[str, Any]:
    return {
        "id": kept.pk,
        "environment": str(kept.environment) if kept.environment else "all",
        "matchers": kept.matchers.splitlines(),
        "active_from": kept.active_from.isoformat(),
        "active_until": kept.active_until.isoformat(),
        "recurrence": kept.recurrence,
        "zone": kept.zone,
        "trial": kept.is_trial,
        "reason": kept.reason,
    }
