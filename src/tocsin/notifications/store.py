"""Channels as they are set up: checked, their secrets sealed, and read again for sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.db import IntegrityError, transaction

from tocsin.catalog.models import Project
from tocsin.ground.secrets import seal, unseal
from tocsin.notifications import rules
from tocsin.notifications.channel import About, BadSettings
from tocsin.notifications.channels import channels, checked
from tocsin.notifications.models import Channel
from tocsin.notifications.rules import Audience, Rule

LONGEST_NAME = 100
# Shorter pieces of a secret address are words that anything may contain.
SHORTEST_SECRET = 8


def about(channel: Channel) -> About:
    """How a channel's kind describes itself."""
    return channels()[channel.kind].ABOUT


def in_use() -> list[Channel]:
    """All channels that were not removed, by name. A kind that only a newer version knows is left to that."""
    found = Channel.objects.select_related("project").filter(removed_at=None, kind__in=channels())
    return list(found.order_by("name"))


def add(
    kind: str,
    name: str,
    given: Mapping[str, str],
    audience: Audience,
    *,
    project: Project | None,
    actor: str,
    is_admin: bool,
    secret: str,
    now: datetime,
) -> Channel:
    """A new channel. Raises BadSettings. One that an admin makes may have an address inside."""
    if kind not in channels():
        raise BadSettings(f"“{kind}” is no kind of channel; there are {', '.join(sorted(channels()))}.")
    described = channels()[kind].ABOUT
    if described.is_for_admins and not is_admin:
        raise BadSettings(f"{described.title} makes requests past the one checked door: only an admin may set it up.")
    called = " ".join(name.replace("\x00", "").split()) or described.title
    plain, sealed = _parted(kind, checked(kind, given), secret)
    try:
        with transaction.atomic():
            return Channel.objects.create(
                kind=kind,
                name=called[:LONGEST_NAME],
                project=project,
                settings=plain,
                sealed=sealed,
                may_reach_inside=is_admin,
                rules=[rules.written(rule) for rule in rules.first_rules(audience, described.usual)],
                created_by=actor,
                created_at=now,
            )
    except IntegrityError:
        raise BadSettings(f"There is a channel “{called}” already; choose another name.") from None


def change(channel: Channel, given: Mapping[str, str], *, is_admin: bool, secret: str) -> None:
    """Other settings; a secret that is left empty stays as it is. Raises BadSettings, or Unreadable (see ground.secrets).

    Who changes where it goes must be allowed to go there: without an admin, addresses inside are refused from then on.
    """
    described = about(channel)
    if described.is_for_admins and not is_admin:
        raise BadSettings(f"{described.title}: only an admin may change it.")
    before = settings_of(channel, secret)
    kept = {name: before.get(name, "") for name in described.secrets if not given.get(name)}
    settings = checked(channel.kind, {**given, **kept})
    if kept and not _same_places(channel, before, settings):
        raise BadSettings("It goes elsewhere now: enter its secrets again, so that they don’t go there unseen.")
    channel.settings, channel.sealed = _parted(channel.kind, settings, secret)
    channel.may_reach_inside = is_admin
    channel.save(update_fields=["settings", "sealed", "may_reach_inside"])


def _same_places(channel: Channel, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    places = [field.name for field in about(channel).fields if field.name.endswith("url") or field.name == "host"]
    had_secrets = any(before.get(name) for name in about(channel).secrets)
    return not had_secrets or all(before.get(name) == after.get(name) for name in places)


def pause(channel: Channel, now: datetime) -> None:
    """Nothing goes out through it from `now` on; see notifications.leaving for what was to."""
    channel.paused_at = now
    channel.save(update_fields=["paused_at"])


def use_again(channel: Channel) -> None:
    """It rests no longer; what waited goes out."""
    channel.paused_at = None
    channel.save(update_fields=["paused_at"])


def remove(channel: Channel, now: datetime) -> None:
    """It is not used any more, and its name is free; see notifications.leaving for what was to go out through it."""
    channel.removed_at, channel.name = now, f"{channel.name} (removed, {channel.pk})"
    channel.save(update_fields=["removed_at", "name"])


def set_rules(channel: Channel, wanted: Sequence[Rule]) -> None:
    """The rules by which it hears, in their order."""
    channel.rules = [rules.written(rule) for rule in wanted]
    channel.save(update_fields=["rules"])


def rules_of(channel: Channel) -> list[Rule]:
    """Its rules, in their order."""
    return [rules.parse(each) for each in channel.rules]


def settings_of(channel: Channel, secret: str) -> dict[str, str]:
    """All settings, the secret ones too. Raises Unreadable where they were sealed with another key."""
    opened: dict[str, str] = msgspec.json.decode(unseal(secret, bytes(channel.sealed)))
    return {**{field.name: field.default for field in about(channel).fields}, **channel.settings, **opened}


def secret_texts(kind: str, settings: Mapping[str, str]) -> set[str]:
    """Whatever of these settings must not be shown: each secret, and of secret addresses the telling pieces too."""
    values = {settings.get(name, "") for name in channels()[kind].ABOUT.secrets} - {""}
    for value in list(values):
        if "://" in value:
            parts = urlsplit(value)
            pieces = [parts.path, parts.query, parts.netloc.rpartition("@")[0], *parts.path.split("/")]
            values |= {piece for piece in pieces if len(piece) >= SHORTEST_SECRET}
    return values


def _parted(kind: str, settings: Mapping[str, str], secret: str) -> tuple[dict[str, Any], bytes]:
    hidden = channels()[kind].ABOUT.secrets
    plain = {name: value for name, value in settings.items() if name not in hidden}
    return plain, seal(secret, msgspec.json.encode({name: settings[name] for name in hidden}))
