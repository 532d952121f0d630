"""One file a channel: how it describes itself, and `render(notice, way)`, pure. Found by its file: a new one is a new channel."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from tocsin.notifications.channel import BadSettings, Channel

LONGEST_SETTING = 4000
# A shorter one would be found in any text: vendors' answers could not be shown without it.
SHORTEST_SECRET = 6


@cache
def channels() -> dict[str, Channel]:
    """All kinds of channels by name."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}


def checked(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """The settings of a channel of that kind, complete and cleaned. Raises BadSettings: one sentence for whoever typed them."""
    channel = channels()[kind]
    found = {}
    for field in channel.ABOUT.fields:
        value = given.get(field.name, "").strip() or field.default
        if field.is_required and not value:
            raise BadSettings(f"{field.label}: this is needed. {field.hint}".strip())
        if len(value) > LONGEST_SETTING or "\x00" in value:
            raise BadSettings(f"{field.label}: {LONGEST_SETTING} characters at most.")
        if field.is_secret and 0 < len(value) < SHORTEST_SECRET:
            raise BadSettings(
                f"{field.label}: {SHORTEST_SECRET} characters at least, so that answers can be cleaned of it."
            )
        if field.name.endswith("url") and value and not _is_web(value):
            raise BadSettings(f"{field.label}: an address that begins with https:// or http:// is expected.")
        found[field.name] = value
    check = getattr(channel, "check", None)
    if check is not None:
        check(found)
    return found


def _is_web(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
