"""The other services, through apprise. It makes its own requests, past the one door, so that only admins may set it up."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.notifications.channel import About, BadSettings, Field, Foreign, Usual, Way
from tocsin.notifications.notice import Notice, headline, lines

ABOUT = About(
    title="Another service (apprise)",
    fields=(Field("address", "Address in apprise’s form", is_secret=True, hint="Such as discord://ID/TOKEN."),),
    steps=(
        "Find the service at github.com/caronc/apprise/wiki, and write its address.",
        "Apprise says only whether it worked: the delivery log can’t show the service’s own words.",
    ),
    usual=Usual.ROOM,
    is_for_admins=True,
)
# Ways of apprise that run or write something on this machine.
_REFUSED = {"dbus", "file", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows", "exec", "execs"}


def check(settings: Mapping[str, str]) -> None:
    """Raises BadSettings."""
    scheme, found, rest = settings["address"].partition("://")
    if not (found and rest and scheme):
        raise BadSettings("Address: something like discord://ID/TOKEN is expected.")
    if scheme.lower() in _REFUSED:
        raise BadSettings(f"Address: {scheme}:// acts on the server itself, which is refused.")


def render(notice: Notice, way: Way) -> tuple[Foreign, ...]:
    """One message."""
    return (Foreign(way.settings["address"], headline(notice), "\n".join(lines(notice))),)
