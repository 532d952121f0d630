"""The directory of an environment's services, read from the database in one trip."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import connection as django_connection
from psycopg import AsyncConnection

from tocsin.catalog.directory import Directory, ServiceFacts
from tocsin.catalog.recognition import Place

DIRECTORY = """
SELECT e.slug, p.naming_labels::text, coalesce(jsonb_agg(jsonb_build_object(
    'slug', s.slug, 'project', p.slug, 'name', s.name, 'kind', s.kind, 'owner', coalesce(t.slug, ''),
    'tier', coalesce(s.tier, 0), 'lifecycle', s.lifecycle, 'aliases', s.aliases,
    'selectors', s.selectors || s.places,
    'hosts', s.hosts, 'workspaces', s.workspaces, 'depends_on', (
        SELECT coalesce(jsonb_agg(n.slug ORDER BY n.slug), '[]') FROM catalog_servicedependency d
        JOIN catalog_service n ON n.id = d.target_id AND n.forgotten_at IS NULL
        WHERE d.source_id = s.id AND d.forgotten_at IS NULL))) FILTER (WHERE s.id IS NOT NULL), '[]')::text
FROM catalog_environment e JOIN catalog_project p ON p.id = e.project_id
LEFT JOIN catalog_service s ON s.project_id = p.id AND s.forgotten_at IS NULL
LEFT JOIN catalog_team t ON t.id = s.owner_id
WHERE e.id = %s GROUP BY e.slug, p.naming_labels
"""


class _Row(msgspec.Struct, frozen=True):
    slug: str
    project: str
    name: str
    kind: str
    owner: str
    tier: int
    lifecycle: str
    aliases: tuple[str, ...]
    selectors: tuple[Place, ...]
    hosts: tuple[str, ...]
    workspaces: tuple[str, ...]
    depends_on: tuple[str, ...]

    def facts(self, environment: str) -> ServiceFacts:
        here = tuple(place.selector for place in self.selectors if place.environment in {"", environment})
        return ServiceFacts(**msgspec.structs.asdict(self) | {"selectors": here})


async def load_directory(connection: AsyncConnection[tuple[Any, ...]], environment_id: int) -> Directory:
    """The services that alerts of this environment can be about; an empty directory for an unknown environment."""
    return _directory(await (await connection.execute(DIRECTORY, [environment_id])).fetchone())


def directory_of(environment_id: int) -> Directory:
    """As `load_directory`, in Django's current transaction."""
    with django_connection.cursor() as cursor:
        cursor.execute(DIRECTORY, [environment_id])
        return _directory(cursor.fetchone())


def _directory(row: tuple[Any, ...] | None) -> Directory:
    if row is None:
        return Directory()
    environment, naming_labels, services = row
    rows = msgspec.json.decode(services, type=list[_Row])
    return Directory((one.facts(environment) for one in rows), msgspec.json.decode(naming_labels, type=list[str]))
