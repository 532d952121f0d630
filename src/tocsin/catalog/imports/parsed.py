"""What a catalogue says: teams and services as values, before anything is compared or stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.catalog.recognition import Place

LONGEST_SLUG = 100
_NOT_IN_SLUG = re.compile(r"[^a-z0-9_]+")


class BadCatalogue(Exception):
    """A catalogue that can't be understood; the message says where, and what to do about it, in one line."""


@dataclass(frozen=True, slots=True)
class ParsedTeam:
    """Who owns services."""

    slug: str
    name: str
    description: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class ParsedService:
    """A service, as far as it is described: what is empty is not said. `needs` is slug to the reason for which it is known.

    `labels` are those of its pods, by which a service that is known under another name is recognised.
    """

    slug: str
    name: str = ""
    kind: str = ""
    description: str = ""
    owner: str = ""
    tier: int | None = None
    lifecycle: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    runbooks: Mapping[str, str] = field(default_factory=dict)
    repositories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    selectors: tuple[Place, ...] = ()
    hosts: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that an import says. `notes` are what was left out, and why."""

    services: tuple[ParsedService, ...] = ()
    teams: tuple[ParsedTeam, ...] = ()
    notes: tuple[str, ...] = ()


def slug_of(name: str) -> str:
    """The slug of a name; empty where nothing of it can be in one."""
    return _NOT_IN_SLUG.sub("-", name.lower()).strip("-")[:LONGEST_SLUG].strip("-")
