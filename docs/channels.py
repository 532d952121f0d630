"""What the page of each kind of channel says: what it asks for, how it is set up, what it hears, and what it sends."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl

import msgspec
from tests.notifications.saying import PERSON, SECRETS, notice, settings_of

from tocsin.notifications.answers import scrubbed
from tocsin.notifications.channel import About, ConsoleLine, Field, Foreign, HttpRequest, Mail, Request, Usual, Way
from tocsin.notifications.channels import channels
from tocsin.notifications.notice import Kind
from tocsin.notifications.rules import Audience, first_rules

_USUAL = {Usual.NOTHING: "Nothing by itself: people choose it as a way to reach them."}


def names() -> list[str]:
    """All kinds, by their titles."""
    return sorted(channels(), key=lambda kind: channels()[kind].ABOUT.title.lower())


def index() -> str:
    """A table of all kinds."""
    rows = [f"| [{about.title}](channels/{kind}.md) | `{kind}` | {_hears(about)} |" for kind, about in _all()]
    return "\n".join(["| channel | kind | hears, when nothing else is said |", "|---|---|---|", *rows])


def _all() -> Iterable[tuple[str, About]]:
    return ((kind, channels()[kind].ABOUT) for kind in names())


def sections(kind: str) -> list[str]:
    """The sections of a kind's page."""
    about = channels()[kind].ABOUT
    parts = [f"## Settings\n\n{_settings(about)}", f"## Setting it up\n\n{_numbered(about.steps)}"]
    parts.append(f"## What it hears\n\n{_hears(about)}{_follows(about)}{_limits(about)}")
    return [*parts, f"## What is sent\n\n{_example(kind)}"]


def _settings(about: About) -> str:
    rows = [f"| {each.label} | `{each.name}` | {_says(each)} |" for each in about.fields]
    if not rows:
        return "There are none."
    return "\n".join(["| setting | name | |", "|---|---|---|", *rows])


def _says(field: Field) -> str:
    needed = [] if field.is_required else ["Not needed." if not field.default else f"Default: `{field.default}`."]
    kept = ["Kept encrypted, and never shown again."] if field.is_secret else []
    return " ".join([field.hint, *needed, *kept]).strip()


def _numbered(steps: tuple[str, ...]) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def _hears(about: About) -> str:
    rules = first_rules(Audience.USUAL, about.usual)
    return "; ".join(str(rule) for rule in rules).capitalize() + "." if rules else _USUAL[Usual.NOTHING]


def _follows(about: About) -> str:
    kinds = [kind.value for kind in Kind if kind in about.follows]
    return f" Of an incident that it was told of it also hears: {', '.join(kinds)}." if kinds else ""


def _limits(about: About) -> str:
    address = f"\n\nIt reaches people: each adds an address of theirs ({about.address})."
    admins = "\n\nOnly an admin may set it up: it makes requests past the one checked door."
    return (address if about.address else "") + (admins if about.is_for_admins else "")


def _example(kind: str) -> str:
    about, new = channels()[kind].ABOUT, notice(Kind.NEW)
    usual = {field.name: field.default for field in about.fields if field.name.endswith("url") and field.default}
    settings = settings_of(kind, "https://vendor.example.org") | usual
    address = PERSON if about.usual is Usual.NOTHING else ""
    requests = channels()[kind].render(new, Way(settings, new.at, address))
    shown = scrubbed("\n\n".join(map(_shown, requests)), SECRETS.values())
    return f"Of a new incident, for example:\n\n````text\n{shown}\n````"


def _shown(request: Request) -> str:
    if isinstance(request, HttpRequest):
        marks = [f"{name}: {value}" for name, value in request.headers.items() if name.startswith("webhook-")]
        return "\n".join([f"{request.method} {request.url}", *marks, "", _body(request)])
    if isinstance(request, Mail):
        headers = [f"{name}: {value}" for name, value in request.headers.items()]
        return "\n".join([f"To: {request.to}", f"Subject: {request.subject}", *headers, "", request.text])
    if isinstance(request, ConsoleLine):
        return request.text
    assert isinstance(request, Foreign)
    return f"{request.title}\n\n{request.body}"


def _body(request: HttpRequest) -> str:
    if "json" in request.headers["Content-Type"]:
        return msgspec.json.format(request.body, indent=2).decode()
    return "\n".join(f"{name}={value}" for name, value in parse_qsl(request.body.decode()))
