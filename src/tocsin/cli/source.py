"""`tocsin source`: what may send signals, on which terms, and whether it does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

import click

from tocsin.cli.admin import ENVIRONMENT, KINDS, OUTPUT, reached, refuse, tell, the_environment

if TYPE_CHECKING:
    from tocsin.alerts.health import Health
    from tocsin.catalog.models import Source

NUMBER = click.argument("number", type=int)
KEY = click.option("--signing-key-file", type=click.File(), help="Its first line is what the sender signs with.")
TOPIC = click.option("--topic", default=None, metavar="ARN", help="Of SNS: the only topic to hear.")
RATE = click.option("--rate", type=int, default=None, help="Requests a minute it may send; 0: without limit.")
ONCE = "Anyone who knows this address can send signals; it can't be shown again."
GUESS = "Its host and port are a guess: no server answers now, and TOCSIN_PUBLIC_URL does not say how it is reached."
ANSWERS_WITHIN = 1.0  # seconds


@click.group()
def source() -> None:
    """Add sources of signals, see whether signals come, and change on which terms."""


class _OfSomeKind(click.Command):
    """A command whose help names the kinds of sources, which are found when it is asked for: start-up stays short."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from tocsin.alerts.sources import kinds

        with formatter.section("Kinds"):
            formatter.write_text(", ".join(kinds()))


@source.command("add", cls=_OfSomeKind)
@click.argument("kind")
@ENVIRONMENT
@click.option("--name", help="What to call it; the kind when not given.")
@click.option("--environment-kind", type=click.Choice(KINDS), help="What the environment is, when it is new.")
@KEY
@TOPIC
@RATE
@click.option("--trial", is_flag=True, help="Its signals are understood and shown, and have no effect.")
@OUTPUT
def add_source(
    kind: str,
    environment: str,
    name: str | None,
    environment_kind: str | None,
    signing_key_file: TextIO | None,
    topic: str | None,
    rate: int | None,
    trial: bool,
    output: str,
) -> None:
    """Let something of KIND send signals into PROJECT/ENVIRONMENT. Its address is shown once.

    KIND `deployment` is `tocsin run`.
    """
    from tocsin.alerts.sources import kinds

    if kind not in kinds():
        refuse(f"there is no source “{kind}”; there are {', '.join(kinds())}")
    key = _key(signing_key_file)
    with reached():
        from django.conf import settings
        from django.utils import timezone

        from tocsin.alerts.registration import BadSource, check, register

        terms = _terms(None, key, topic, rate, trial)
        try:
            check(kind, name or kind, terms)  # before an environment is made for it
            place = the_environment(environment, environment_kind)
            made, token = register(kind, name or kind, place, terms, secret=settings.SECRET_KEY, now=timezone.now())
        except BadSource as error:
            refuse(str(error))
        _tell_address(made, token, output, ONCE)


@source.command("list")
@OUTPUT
def list_sources(output: str) -> None:
    """Show the sources, where their signals go, and whether any come."""
    with reached():
        from django.utils import timezone

        from tocsin.alerts.health import health_of
        from tocsin.catalog.models import Source

        sources = list(Source.objects.select_related("environment__project").order_by("id"))
        rows = [_row(health) for health in health_of(sources, timezone.now())]
    line = "{id:>4}  {kind:<16} {name:<24} {environment:<24} {state:<10} {last_signal_at}"
    text = "\n".join(
        line.format(**row | {"last_signal_at": row["last_signal_at"] or "-"}) + _remarks(row) for row in rows
    )
    click.echo(json.dumps(rows) if output == "json" else text or "No sources yet; `tocsin source add` makes one.")


def _row(health: Health) -> dict[str, Any]:
    one = health.source
    return {
        "id": one.pk,
        "kind": one.kind,
        "name": one.name,
        "environment": str(one.environment),
        "revoked": bool(one.revoked_at),
        "state": health.state,
        "signed": one.signing_key is not None or bool(one.topic),
        "trial": one.trial,
        "requests_per_minute": one.requests_per_minute,
        "last_signal_at": health.last_at and health.last_at.isoformat(timespec="seconds"),
        "last_error": health.last_error,
        "rejected_in_24_hours": health.rejected,
        "held_back": health.held_back,
    }


def _remarks(row: dict[str, Any]) -> str:
    remarks = [f"{row['rejected_in_24_hours']} rejected in 24 hours"] if row["rejected_in_24_hours"] else []
    remarks += [f"{row['held_back']} held back"] if row["held_back"] else []
    remarks += ["in trial"] if row["trial"] else []
    return "  " + ", ".join(remarks) if remarks else ""


@source.command("test")
@NUMBER
@OUTPUT
def try_source(number: int, output: str) -> None:
    """Send source NUMBER an example of its kind, the way its signals come, marked as a test: nobody is called."""
    with reached():
        from django.conf import settings
        from django.utils import timezone

        from tocsin.web.hooks.trying import CanNotTry
        from tocsin.web.hooks.trying import try_source as sent

        try:
            tried = sent(_found(number), settings.SECRET_KEY, timezone.now())
        except CanNotTry as error:
            refuse(f"source {number} can't be tried: {error}")
    titles = [alert.title for alert in tried.parsed.alerts] if tried.parsed else []
    understood = f"Understood: {', '.join(titles) or 'nothing to alert about'}."
    told = f"It was not understood: {tried.error}" if tried.error else understood
    text = f"Signal {tried.signal} was kept, and is a test. {told}"
    tell(output, text, id=number, signal=tried.signal, alerts=titles, error=tried.error)
    if tried.error:
        raise SystemExit(3)


@source.command("rotate")
@NUMBER
@OUTPUT
def rotate_source(number: int, output: str) -> None:
    """Give source NUMBER another token, shown once. The one before is taken for a day."""
    with reached():
        from django.utils import timezone

        found = _found(number)
        token = found.rotate(timezone.now())
        _tell_address(found, token, output, f"{ONCE} The address before is taken for another day.")


@source.command("set")
@NUMBER
@KEY
@TOPIC
@RATE
@click.option("--trial/--live", default=None, help="Without effect, or with.")
@OUTPUT
def set_source(
    number: int, signing_key_file: TextIO | None, topic: str | None, rate: int | None, trial: bool | None, output: str
) -> None:
    """Change on which terms source NUMBER sends. A signing key before is taken for a day."""
    key = _key(signing_key_file)
    with reached():
        from django.conf import settings
        from django.utils import timezone

        from tocsin.alerts.registration import BadSource, change

        found = _found(number)
        try:
            change(found, _terms(found, key, topic, rate, trial), secret=settings.SECRET_KEY, now=timezone.now())
        except BadSource as error:
            refuse(str(error))
    tell(
        output,
        f"Source {number} is changed.",
        id=number,
        trial=found.trial,
        requests_per_minute=found.requests_per_minute,
    )


@source.command("revoke")
@NUMBER
@OUTPUT
def revoke_source(number: int, output: str) -> None:
    """Refuse signals from source NUMBER (see `tocsin source list`) from now on. What it sent stays."""
    with reached():
        from django.utils import timezone

        _found(number).revoke(timezone.now())
    tell(output, f"Source {number} is refused from now on.", id=number, revoked=True)


def _key(file: TextIO | None) -> str:
    key = file.readline().rstrip("\r\n") if file else ""
    if file and not key:
        refuse("--signing-key-file: its first line is empty")
    return key


def _terms(source: Source | None, key: str, topic: str | None, rate: int | None, trial: bool | None) -> Any:
    """What was said, and for the rest what a source has, or what is usual."""
    from tocsin.alerts.registration import Terms

    usual = Terms()
    return Terms(
        key,
        topic if topic is not None else source.topic if source else usual.topic,
        rate if rate is not None else source.requests_per_minute if source else usual.requests_per_minute,
        trial if trial is not None else source.trial if source else usual.trial,
    )


def _found(number: int) -> Source:
    from tocsin.catalog.models import Source

    found = Source.objects.select_related("environment__project").filter(pk=number).first()
    if found is None:
        refuse(f"there is no source {number}; `tocsin source list` shows them")
    return found


def _tell_address(source: Source, token: str, output: str, remark: str) -> None:
    from django.conf import settings

    from tocsin.alerts.registration import address
    from tocsin.server.listening import known_address

    known = settings.PUBLIC_URL or known_address(settings.CONFIG.data_dir, ANSWERS_WITHIN)
    url = address(known or f"http://{settings.CONFIG.bind}:{settings.CONFIG.port}", source.kind, token)
    lines = [url, remark] if known else [url, remark, GUESS]
    tell(output, "\n".join(lines), id=source.pk, url=url, token=token, is_guess=not known)
