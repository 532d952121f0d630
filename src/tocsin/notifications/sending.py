"""The thin edge: carries out what a channel wants sent, and says what came of it. Never with a secret in it."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import singledispatch

from tocsin.ground.outbound import OutboundError, origin, outbound
from tocsin.ground.plain import plain
from tocsin.ground.secrets import Unreadable
from tocsin.notifications.answers import by_status, scrubbed
from tocsin.notifications.channel import (
    Ability,
    About,
    Answer,
    ConsoleLine,
    Foreign,
    HttpRequest,
    Mail,
    Refused,
    Request,
    Taken,
    Verdict,
    Way,
)
from tocsin.notifications.channels import channels
from tocsin.notifications.models import Channel
from tocsin.notifications.notice import Notice
from tocsin.notifications.store import secret_texts, settings_of

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
# For all of what waits in a thread: a server that says a word now and then never times out by itself.
LONGEST_S = 60.0
# Threads of their own: those in which the worker says that it lives must never wait for somebody's mail server.
_THREADS = ThreadPoolExecutor(16, "sending")
# Of a vendor's answer, more than its first words are of no use.
MOST_BYTES = 256 * 1024
NOBODY = "nobody is named whom it could reach, neither in the channel's settings nor by an address"
# As long a line as RFC 5322 allows: what can't be parted, such as the address in List-Unsubscribe, would be encoded beyond use.
_WHOLE_LINES = SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending: how many of the requests were taken so far, and what the vendor said, scrubbed."""

    verdict: Verdict
    progress: int
    outcome: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a channel and, of a person, the address; how its incident is known there, and what was taken."""

    channel: Channel
    address: str = ""
    thread: str = ""
    progress: int = 0


async def send(notice: Notice, place: Place, *, secret: str, now: datetime) -> Sent:
    """Sends a notice, from the request on that was not taken yet. Failures are verdicts, never exceptions."""
    channel = channels()[place.channel.kind]
    try:
        settings = settings_of(place.channel, secret)
    except Unreadable as error:
        return Sent(Refused(f"its settings can't be read: {error}", False), 0, f"its settings can't be read: {error}")
    requests = channel.render(notice, Way(settings, now, place.address, place.thread))
    if not requests:
        return _unsaid(channel.ABOUT)
    trusted = place.channel.may_reach_inside
    secrets, said, thread = secret_texts(place.channel.kind, settings) | set(notice.hidden), "", ""
    for number, request in enumerate(requests[place.progress :], place.progress):
        verdict, answered = await _one(channel, request, settings, trusted, now)
        said = scrubbed(answered, secrets)
        if isinstance(verdict, Refused):
            return Sent(replace(verdict, why=said), number, said, thread)
        thread = thread or verdict.thread
    return Sent(Taken(thread), len(requests), said, thread)


def _unsaid(about: About) -> Sent:
    """Where there is nothing to send: a program has no word for the event; where people read, nobody is named."""
    if Ability.REACHES_PEOPLE in about.abilities:
        return Sent(Refused(NOBODY, is_temporary=False), 0, NOBODY)
    return Sent(Taken(), 0, "nothing to say about that there")


async def _one(
    channel: object, request: Request, settings: Mapping[str, str], trusted: bool, now: datetime
) -> tuple[Verdict, str]:
    """The verdict on one request, and what was said, before secrets are taken out."""
    answer = await carry_out(request, settings, trusted)
    if isinstance(answer, Refused):
        return answer, answer.why
    own = getattr(channel, "verdict", None)
    general = by_status(answer, now)
    verdict = (own(answer) if own is not None else None) or general
    if isinstance(verdict, Refused):
        if verdict.after_s is None and isinstance(general, Refused):
            verdict = replace(verdict, after_s=general.after_s)
        return verdict, verdict.why
    return verdict, f"{answer.status} {plain(answer.body[:300].decode('utf-8', 'replace'))}".strip()


async def carry_out(request: Request, settings: Mapping[str, str], trusted: bool) -> Answer | Refused:
    """What came back; Refused where nothing did."""
    if isinstance(request, HttpRequest):
        return await _over_http(request, trusted)
    if isinstance(request, ConsoleLine):
        log.info("message: %s", plain(request.text))
        return Answer(200, b"written into the log")
    try:
        async with asyncio.timeout(LONGEST_S):
            return await asyncio.get_running_loop().run_in_executor(_THREADS, _blocking, request, settings)
    except TimeoutError:
        return Refused(f"it was not done within {LONGEST_S:g} s", is_temporary=True, is_in_doubt=True)


async def _over_http(request: HttpRequest, trusted: bool) -> Answer | Refused:
    try:
        async with outbound([origin(request.url)] if trusted else []) as door:
            answer = await door.request(
                request.method,
                request.url,
                headers=request.headers,
                body=request.body,
                timeout_s=TIMEOUT_S,
                most_bytes=MOST_BYTES,
                is_cut=True,
                most_redirects=0,  # a hook that has moved is to be set anew, not followed with what it says
            )
    except OutboundError as error:
        return Refused(str(error), error.is_temporary, is_in_doubt=error.is_in_doubt)
    return Answer(answer.status, answer.body, answer.headers)


@singledispatch
def _blocking(request: object, settings: Mapping[str, str]) -> Answer | Refused:
    raise AssertionError(f"nothing carries out a {type(request).__name__}")


@_blocking.register
def _mail(request: Mail, settings: Mapping[str, str]) -> Answer | Refused:
    try:
        with _smtp(settings) as server:
            refused = server.send_message(_message(request, settings["sender"]))
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return _refused(code, said)
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except smtplib.SMTPException as error:  # it speaks no TLS, or knows no login
        has_gone = isinstance(error, smtplib.SMTPServerDisconnected)
        return Refused(f"the mail server: {plain(error)}", is_temporary=has_gone, is_in_doubt=has_gone)
    except ssl.SSLError as error:
        is_for_later = not isinstance(error, ssl.SSLCertVerificationError)
        return Refused(f"no trusted connection to {settings['host']}: {error.reason or 'TLS failed'}", is_for_later)
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Refused(f"can't connect to {settings['host']}: {why}", is_temporary=True)
    except ValueError:  # as of a host that can't be looked up
        return Refused("the server's name or an address makes no sense", is_temporary=False)
    left_out = f", but not by {', '.join(refused)}" if refused else ""
    return Answer(200, f"taken by {settings['host']}{left_out}".encode())


def _smtp(settings: Mapping[str, str]) -> smtplib.SMTP:
    """A server to hand mail to, greeted, encrypted and logged in to as the settings say. Raises as smtplib does."""
    host, port = settings["host"], int(settings["port"])
    if settings["security"] == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    with ExitStack() as unready:
        unready.callback(server.close)
        if settings["security"] == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings["username"]:
            server.login(settings["username"], settings["password"])
        unready.pop_all()
    return server


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage(_WHOLE_LINES)
    message["From"], message["To"], message["Subject"] = sender, plain(mail.to), plain(mail.subject)
    message["Date"] = format_datetime(datetime.now().astimezone())
    for name, value in mail.headers.items():
        message[name] = plain(value)
    message.set_content(mail.text)
    return message


def _refused(code: int, said: bytes | str) -> Refused:
    """4xx of SMTP is for later, 5xx for good (RFC 5321 §4.2.1); what is no reply at all (-1 of smtplib) is for later too."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Refused(f"the mail server says {code} {plain(text)}", is_temporary=not 500 <= code < 600)


@_blocking.register
def _foreign(request: Foreign, settings: Mapping[str, str]) -> Answer | Refused:
    import apprise  # heavy, and rarely needed

    service = apprise.Apprise()
    if not service.add(request.url):
        return Refused("apprise does not understand the address", is_temporary=False)
    if service.notify(title=request.title, body=request.body, body_format=apprise.NotifyFormat.TEXT):
        return Answer(200, b"apprise says that it was taken")
    return Refused("apprise says that it was not taken, and not why", is_temporary=True)
