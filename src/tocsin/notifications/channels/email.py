"""E-mail over SMTP. An incident's mails make one thread, by Message-ID and References (RFC 5322 §3.6.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tocsin.ground.plain import clipped
from tocsin.notifications.channel import Ability, About, BadSettings, Field, Mail, Usual, Way
from tocsin.notifications.notice import CALLS, Notice, headline, whole

ABOUT = About(
    title="E-mail",
    fields=(
        Field("host", "SMTP server", hint="Such as smtp.example.org."),
        Field("port", "Port", default="587", is_required=False),
        Field("security", "Security: starttls, tls or none", default="starttls", is_required=False),
        Field("username", "User name", is_required=False),
        Field("password", "Password", is_secret=True, is_required=False),
        Field("sender", "From", hint="An address such as tocsin@example.org."),
        Field("recipients", "To, for what rules tell: addresses separated by commas", is_required=False),
    ),
    steps=(
        "Ask whoever runs your mail for a server, a port, and an account that may send from the address below.",
        "Let SPF and DKIM of that address allow it, or what you send at night lands among spam.",
        "“To” is for what the rules tell. People add their own addresses on their account page.",
    ),
    abilities=frozenset({Ability.REACHES_PEOPLE, Ability.THREADS}),
    usual=Usual.NEWS,
    address="E-mail address",
    is_for_admins=True,
)
_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")


def check(settings: Mapping[str, str]) -> None:
    """Raises BadSettings."""
    if not settings["port"].isdecimal() or not 0 < int(settings["port"]) < 65536:
        raise BadSettings("Port: a number such as 587 is expected.")
    if settings["security"] not in {"starttls", "tls", "none"}:
        raise BadSettings("Security: starttls, tls or none.")
    if settings["password"] and settings["security"] == "none":
        raise BadSettings("Security: a password is not sent over a connection that anybody can read.")
    for address in (settings["sender"], *recipients(settings)):
        if not is_address(address):
            raise BadSettings(f"“{address}” is no e-mail address.")


def recipients(settings: Mapping[str, str]) -> list[str]:
    """The addresses that rules tell."""
    return [each.strip() for each in settings["recipients"].split(",") if each.strip()]


def is_address(text: str) -> bool:
    """Whether it looks like an e-mail address."""
    return _ADDRESS.fullmatch(text) is not None


def render(notice: Notice, way: Way) -> tuple[Mail, ...]:
    """One mail, to one person or to all recipients. Its Message-ID stays the same in a repeat, so that readers show it once."""
    domain = way.settings["sender"].rpartition("@")[2]
    own = f"<{notice.id}@{domain}>"
    headers = {"Message-ID": own, "Auto-Submitted": "auto-generated", "X-Tocsin-Kind": notice.kind.value}
    if notice.facts:
        root = f"<{notice.key}.{notice.facts.triggered_at:%Y%m%d%H%M%S}@{domain}>"
        headers |= {"References": root, "In-Reply-To": root}
    to = way.address or ", ".join(recipients(way.settings))
    return (Mail(to, _subject(notice), whole(notice), headers),) if to else ()


def _subject(notice: Notice) -> str:
    """The same for all news of an incident: some readers make a thread only of mails with one subject."""
    if notice.facts is None or notice.kind in CALLS:
        return headline(notice)
    return f"{notice.facts.name} {clipped(notice.facts.title, 120)}"
