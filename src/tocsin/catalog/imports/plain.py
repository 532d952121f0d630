"""Our own catalogue files: `services` and `teams` by slug, in YAML. Pure.

services:
  cart:
    owner: buyers
    tier: 1
    needs: [orders-db]
    runs_in: [{namespace: shop, workload: cart-api}]
teams:
  buyers: {name: Buyers, contact: "#buyers"}
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from tocsin.catalog.imports.documents import Document
from tocsin.catalog.imports.parsed import BadCatalogue, Catalogue, ParsedService, ParsedTeam, slug_of
from tocsin.catalog.recognition import Place


class _Service(msgspec.Struct, forbid_unknown_fields=True):
    name: str = ""
    kind: str = "service"
    description: str = ""
    owner: str = ""
    tier: Annotated[int, msgspec.Meta(ge=1, le=4)] | None = None
    lifecycle: str = ""
    links: dict[str, str] = {}
    runbooks: dict[str, str] = {}
    repositories: list[str] = []
    tags: list[str] = []
    also_called: list[str] = []
    runs_in: list[Place] = []
    hosts: list[str] = []
    workspaces: list[str] = []
    needs: list[str] | dict[str, str] = []


class _Team(msgspec.Struct, forbid_unknown_fields=True):
    name: str = ""
    description: str = ""
    contact: str = ""


class _Catalogue(msgspec.Struct, forbid_unknown_fields=True):
    services: dict[str, _Service | None] = {}
    teams: dict[str, _Team | None] = {}


def is_plain(content: object) -> bool:
    """Whether a document is one of ours."""
    return isinstance(content, dict) and "kind" not in content and bool(content.keys() & {"services", "teams"})


def understand(document: Document) -> Catalogue:
    """What it describes. Raises BadCatalogue, which names the field."""
    try:
        written = msgspec.convert(document.content, _Catalogue)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at ")
        raise BadCatalogue(f"{document.where}: {path.strip('`').removeprefix('$.')}: {what}") from None
    for slug in (*written.services, *written.teams):
        if slug != slug_of(slug):
            raise BadCatalogue(f"{document.where}: {slug!r} is no short name: write {slug_of(slug) or 'letters'!r}")
    services = [_service(slug, held or _Service(), document.where) for slug, held in written.services.items()]
    teams = [(slug, held or _Team()) for slug, held in written.teams.items()]
    return Catalogue(
        tuple(services), tuple(ParsedTeam(slug, t.name or slug, t.description, t.contact) for slug, t in teams)
    )


def _service(slug: str, held: _Service, where: str) -> ParsedService:
    needs = held.needs if isinstance(held.needs, dict) else dict.fromkeys(held.needs, "")
    return ParsedService(
        slug,
        held.name or slug,
        kind=held.kind,
        description=held.description,
        owner=held.owner,
        tier=held.tier,
        lifecycle=held.lifecycle,
        links=held.links,
        runbooks=held.runbooks,
        repositories=tuple(held.repositories),
        tags=tuple(held.tags),
        aliases=tuple(held.also_called),
        selectors=tuple(held.runs_in),
        hosts=tuple(held.hosts),
        workspaces=tuple(held.workspaces),
        needs={other: reason or "the catalogue file says so" for other, reason in needs.items() if other != slug},
        where=where,
    )
